// SPDX-License-Identifier: MIT
#include <bide/curl/perform.hpp>  // first, to prove that the header stands alone

#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include "fixture.hpp"
#include "support/catch.hpp"
#include "support/scripted_server.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <curl/curl.h>

using namespace std::chrono_literals;
using namespace fixture;
using bide::certainty;
using bide::end;
using bide::verdict;
using bide::virtual_clock;
using bide::with;
using scripted::finish;
using scripted::ok;
using scripted::read_request;
using scripted::reset;
using scripted::send;
using scripted::serve;
using scripted::stall;

namespace {

/// A runtime that has what `bide::runtime` asks for and no more.
struct plain_world {
    virtual_clock* clock;
    [[nodiscard]] bide::time_point now() const { return clock->now(); }
    [[nodiscard]] bide::wall_time wall() const { return clock->wall(); }
    void sleep_until(bide::time_point t) const { clock->sleep_until(t); }
    [[nodiscard]] bide::splitmix64 random() const { return clock->random(); }
};

}  // namespace

TEST_CASE("perform: a POST on a reused connection that dies is delivered once", "[curl][resend]") {
    const auto rst = GENERATE(false, true);
    CAPTURE(rst);
    const auto die = rst ? reset() : finish();
    const std::vector<scripted::script> scripts{{read_request(), send(ok()), read_request(), die},
                                                {read_request(), send(ok("again"))}};

    scripted::server server{scripts};
    bide::curl::pool pool;
    const auto first = bide::curl::perform(pool, post(server.url(), "sms=1"), tries(4));
    REQUIRE(first.ended() == end::done);
    const auto second = bide::curl::perform(pool, post(server.url(), "sms=2"), tries(4));
    CHECK(second.ended() == end::unknown);
    CHECK(second.certainty() == certainty::ambiguous);
    CHECK(second.attempts() == 1);
    REQUIRE(second.last() != nullptr);
    CHECK(second.last()->sends == 1);
    CHECK(second.last()->code == CURLE_ABORTED_BY_CALLBACK);
    CHECK(
        second.last()->error ==
        "the connection died before a reply, and libcurl was kept from sending the request again, "
        "because the server may have acted on it");
    CHECK(deliveries(server.requests(), "sms=2") == 1);

    // The same without us.
    scripted::server other{scripts};
    plain_handle plain{other.url()};
    REQUIRE(plain.post("sms=1") == CURLE_OK);
    CHECK(plain.post("sms=2") == CURLE_OK);
    CHECK(deliveries(other.requests(), "sms=2") == 2);
}

TEST_CASE("perform: a POST is delivered once though several pooled connections die",
          "[curl][resend]") {
    // FRESH_CONNECT leaves an idle connection behind each time.
    const scripted::script dies_at_second{read_request(), send(ok()), read_request(), finish()};
    const std::vector<scripted::script> scripts{dies_at_second,
                                                dies_at_second,
                                                dies_at_second,
                                                dies_at_second,
                                                {read_request(), send(ok())}};
    const auto fill = [](plain_handle& h) {
        curl_easy_setopt(h.get(), CURLOPT_FRESH_CONNECT, 1L);
        for (int i = 0; i < 4; ++i) REQUIRE(h.post("sms=1") == CURLE_OK);
        curl_easy_setopt(h.get(), CURLOPT_FRESH_CONNECT, 0L);
        curl_easy_setopt(h.get(), CURLOPT_COPYPOSTFIELDS, "sms=2");
    };

    scripted::server server{scripts};
    plain_handle ours{server.url()};
    fill(ours);
    const auto sent = bide::curl::perform(ours.get(), tries(4), {.method = "POST"});
    CHECK(sent.ended() == end::unknown);
    CHECK(deliveries(server.requests(), "sms=2") == 1);

    scripted::server other{scripts};
    plain_handle plain{other.url()};
    fill(plain);
    CHECK(plain.perform() == CURLE_OK);
    CHECK(deliveries(other.requests(), "sms=2") == 5);
}

TEST_CASE("perform: 'could not connect' after a hidden first send is not taken for unsent",
          "[curl][resend]") {
    const std::vector<scripted::script> scripts{
        {read_request(), send(ok()), read_request(), scripted::refuse_others(), finish()}};
    scripted::server server{scripts};
    bide::curl::pool pool;
    REQUIRE(bide::curl::perform(pool, post(server.url(), "sms=1"), tries(2)).ended() == end::done);
    const auto second = bide::curl::perform(pool, post(server.url(), "sms=2"), tries(2));
    CHECK(second.ended() == end::unknown);
    CHECK(second.last()->code == CURLE_COULDNT_CONNECT);
    CHECK(second.last()->sends == 1);

    scripted::server other{scripts};
    plain_handle plain{other.url()};
    REQUIRE(plain.post("sms=1") == CURLE_OK);
    CHECK(plain.post("sms=2") == CURLE_COULDNT_CONNECT);
    CHECK(deliveries(other.requests(), "sms=2") == 1);
}

TEST_CASE("perform: an idempotent request may be sent again by libcurl", "[curl][resend]") {
    scripted::server server{{{read_request(), send(ok()), read_request(), finish()},
                             {read_request(), send(ok("again"))}}};
    bide::curl::pool pool;
    REQUIRE(bide::curl::perform(pool, get(server.url()), tries(1)).ended() == end::done);
    const auto second = bide::curl::perform(pool, get(server.url()), tries(1));
    CHECK(second.ended() == end::done);
    CHECK(second.last()->sends == 2);
    CHECK(second.last()->body == "again");
}

TEST_CASE("perform: without a window of reuse every POST connects anew", "[curl][reuse]") {
    const auto window = GENERATE(as<bide::timespan>{}, 0s, 1999ms, 2s);
    scripted::server server{{{serve(ok())}, {serve(ok())}}};
    bide::curl::pool pool;
    for (int i = 0; i < 2; ++i) {
        auto r = post(server.url());
        r.reuse_within = window;
        REQUIRE(bide::curl::perform(pool, r, tries(1)).ended() == end::done);
    }
    CHECK(server.connections() == (window.get() < 2s ? 2U : 1U));
}

TEST_CASE("perform: what was not sent is tried again, a POST too", "[curl][certainty]") {
    virtual_clock clock;
    const scripted::closed_port nobody;
    const auto sent = bide::curl::perform(post(nobody.url()), with(clock, tries(3)));
    CHECK(sent.ended() == end::exhausted);
    CHECK(sent.certainty() == certainty::not_sent);
    CHECK(sent.attempts() == 3);
    CHECK(sent.last()->code == CURLE_COULDNT_CONNECT);
    CHECK(sent.last()->sends == 0);
    CHECK(clock.waits() == std::vector<bide::duration>{1s, 1s});
}

TEST_CASE("perform: a name that does not resolve was not sent", "[curl][certainty]") {
    virtual_clock clock;
    // A label of 64 letters: the resolver says no without asking anybody.
    const auto url = "http://" + std::string(64, 'a') + ".invalid/";
    const auto sent = bide::curl::perform(post(url), with(clock, tries(2)));
    CHECK(sent.ended() == end::exhausted);
    CHECK(sent.certainty() == certainty::not_sent);
    CHECK(sent.last()->code == CURLE_COULDNT_RESOLVE_HOST);
}

namespace {

/// Without a look at the machine's certificates, which need not be installed; these handshakes
/// never get that far.
bide::curl::request post_by_tls(const scripted::server& server) {
    auto r = post("https://127.0.0.1:" + std::to_string(server.port()) + "/");
    r.setup = [](CURL* easy) {
        direct(easy);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    };
    return r;
}

}  // namespace

TEST_CASE("perform: a failed TLS handshake was not sent", "[curl][certainty][tls]") {
    virtual_clock clock;
    const auto resets = GENERATE(false, true);
    CAPTURE(resets);
    const auto answer = resets ? reset() : send("this is not TLS\r\n");
    scripted::server server{{{scripted::read_some(), answer}, {scripted::read_some(), answer}}};
    auto r = post_by_tls(server);
    const auto sent = bide::curl::perform(r, with(clock, tries(2)));
    CHECK(sent.ended() == end::exhausted);
    CHECK(sent.certainty() == certainty::not_sent);
    CHECK(sent.last()->code == CURLE_SSL_CONNECT_ERROR);
}

TEST_CASE("perform: a TLS handshake that stalls ends with the connect timeout, unsent",
          "[curl][certainty][tls][timeout]") {
    scripted::server server{{{stall()}}};
    auto r = post_by_tls(server);
    const auto sent = bide::curl::perform(
        r, bide::policy(bide::constant(1s), bide::max_attempts(1),
                        bide::policy_options{.try_timeout = 1h, .connect_timeout = 150ms}));
    CHECK(sent.last()->code == CURLE_OPERATION_TIMEDOUT);
    CHECK(sent.certainty() == certainty::not_sent);
}

TEST_CASE("perform: a proxy that refuses the tunnel was the end of it, unsent",
          "[curl][certainty][proxy]") {
    const auto refusal = scripted::response("503 No", "Retry-After: 5\r\nConnection: close\r\n");
    scripted::server proxy{{{read_request(), send(refusal)}}};
    auto r = post("https://127.0.0.1:1/");
    r.setup = [url = proxy.url()](CURL* easy) {
        curl_easy_setopt(easy, CURLOPT_PROXY, url.c_str());
    };
    const auto sent = bide::curl::perform(r, tries(1));
    CHECK(sent.certainty() == certainty::not_sent);
    CHECK(sent.last()->sends == 0);
    CHECK(sent.last()->status == 0);
    CHECK(sent.last()->headers.empty());
}

namespace {

/// A way in which a reply can go wrong after the request was read.
struct broken {
    const char* name;
    const char* bytes;
    bool by_reset;
    int status;
};

}  // namespace

TEST_CASE("perform: a reply that breaks is unknown for a POST and tried again for a GET",
          "[curl][certainty]") {
    const auto how = GENERATE(values<broken>({
        {"nothing", "", false, 0},
        {"reset", "", true, 0},
        {"garbage", "\x15\x03\x01 garbage\r\n\r\n", false, 0},
        {"half a status line", "HTTP/1.1 2", false, 0},
        {"status line alone", "HTTP/1.1 200 OK\r\n", false, 200},
        {"half a header", "HTTP/1.1 200 OK\r\nContent-Le", false, 200},
        {"header without end", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", false, 200},
        {"half a 429", "HTTP/1.1 429 No\r\nRetry-Af", false, 429},
        {"bad length", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", false, 200},
        {"interim only", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", false, 0},
        {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", false, 200},
        {"body reset", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", true, 200},
        {"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf", false,
         200},
        {"no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
         false, 200},
    }));
    CAPTURE(how.name);
    virtual_clock clock;
    // A reset may overtake the bytes before it, so the server waits until the client is done with
    // them.
    const auto step = how.by_reset && *how.bytes != '\0' ? scripted::wait(50ms) : send("");
    const scripted::script breaks{read_request(), send(how.bytes), step,
                                  how.by_reset ? reset() : finish()};

    scripted::server for_post{{breaks, {serve(ok())}}};
    const auto posted = bide::curl::perform(post(for_post.url()), with(clock, tries(3)));
    CHECK(posted.ended() == end::unknown);
    CHECK(posted.certainty() == certainty::ambiguous);
    CHECK(posted.attempts() == 1);
    CHECK(posted.last()->status == how.status);
    CHECK(posted.last()->found.verdict == verdict::transient);
    CHECK_FALSE(posted.last()->error.empty());
    CHECK(for_post.requests().size() == 1);

    scripted::server for_get{{breaks, {serve(ok("whole"))}}};
    const auto got = bide::curl::perform(get(for_get.url()), with(clock, tries(3)));
    CHECK(got.ended() == end::done);
    CHECK(got.attempts() == 2);
    CHECK(got.last()->body == "whole");
}

TEST_CASE("perform: silence after the request is unknown for a POST and tried again for a GET",
          "[curl][certainty][timeout]") {
    virtual_clock clock;
    scripted::server for_post{{{read_request(), stall()}}};
    const auto posted = bide::curl::perform(post(for_post.url()), with(clock, tries(3, 250ms)));
    CHECK(posted.ended() == end::unknown);
    CHECK(posted.attempts() == 1);
    CHECK(posted.last()->code == CURLE_OPERATION_TIMEDOUT);

    scripted::server for_get{{{read_request(), stall()}, {serve(ok("here"))}}};
    const auto got = bide::curl::perform(get(for_get.url()), with(clock, tries(3, 250ms)));
    CHECK(got.ended() == end::done);
    CHECK(got.last()->body == "here");
}

TEST_CASE("perform: waits as long as the server asks", "[curl][retry_after]") {
    virtual_clock clock;
    scripted::server server{
        {{read_request(), send(scripted::response("429 Too Many Requests", "Retry-After: 7\r\n")),
          read_request(),
          send(scripted::response("503 Down",
                                  "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                                  "Retry-After: Sun, 06 Nov 1994 08:49:57 GMT\r\n")),
          read_request(), send(ok("sent"))}}};
    auto r = post(server.url());
    r.profile = &acme;
    const auto sent = bide::curl::perform(r, with(clock, tries(4)));
    CHECK(sent.ended() == end::done);
    CHECK(sent.value().body == "sent");
    REQUIRE(clock.waits().size() == 2);
    CHECK(clock.waits()[0] >= 7s);
    CHECK(clock.waits()[0] <= 7700ms);
    CHECK(clock.waits()[1] >= 20s);
    CHECK(clock.waits()[1] <= 22s);
    CHECK(server.connections() == 1);
}

TEST_CASE("perform: a refusal in the body of a 200 is one", "[curl][body]") {
    bide::virtual_clock clock;
    const auto [reply, ended, tried] = GENERATE_COPY(table<std::string, end, std::uint64_t>({
        {scripted::response("200 OK", "Connection: close\r\n", "busy"), end::done, 2},
        {ok("fine"), end::done, 1},
        // Unreadable, cut off, too large: perhaps it was sent, so it is not sent again.
        {ok("what?"), end::unknown, 1},
        {ok(""), end::unknown, 1},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbusy", end::unknown, 1},
        {ok("busybusybusy"), end::unknown, 1},
    }));
    CAPTURE(reply);
    scripted::server server{
        {{read_request(), send(reply), finish()}, {read_request(), send(ok("fine"))}}};
    auto r = post(server.url());
    r.profile = &told;
    r.read = read_told;
    r.max_body = 10;
    const auto sent = perform(r, with(clock, tries(3)));
    CHECK(sent.ended() == ended);
    CHECK(sent.attempts() == tried);
    CHECK(clock.elapsed() >= (tried - 1) * 3s);
}

TEST_CASE("perform: only the last response's header counts", "[curl][header]") {
    virtual_clock clock;
    const std::string early =
        "HTTP/1.1 103 Early Hints\r\nRetry-After: 50\r\nX-Which: early\r\n\r\n";
    const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    scripted::server server{
        {{read_request(), send(early + scripted::response("429 No", "X-Which: last\r\n")),
          // A trailer is no header.
          read_request(),
          send("HTTP/1.1 429 No\r\nTransfer-Encoding: chunked\r\nTrailer: Retry-After\r\n\r\n"
               "2\r\nno\r\n0\r\nRetry-After: 50\r\n\r\n"),
          read_request(),
          send(go_on + early + scripted::response("200 OK", "x-which:  final \r\n"))}}};
    const auto sent = bide::curl::perform(post(server.url()), with(clock, tries(4)));
    REQUIRE(sent.ended() == end::done);
    CHECK(clock.waits() == std::vector<bide::duration>{1s, 1s});
    REQUIRE(sent.last()->find("X-WHICH") != nullptr);
    CHECK(*sent.last()->find("X-WHICH") == "final");
    CHECK(sent.last()->find("retry-after") == nullptr);
    CHECK(sent.last()->headers.size() == 2);
}

TEST_CASE("perform: a redirect is an answer, and nothing goes elsewhere", "[curl][redirect]") {
    const auto* status =
        GENERATE("301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent");
    CAPTURE(status);
    scripted::server other{{{serve(ok())}}};
    scripted::server server{
        {{serve(scripted::response(status, "Location: " + other.url() + "\r\n"))}}};
    auto r = GENERATE(false, true) ? post(server.url()) : get(server.url());
    r.headers = {{"Authorization", "Bearer secret"}};
    const auto sent = bide::curl::perform(r, tries(3));
    CHECK(sent.ended() == end::permanent);
    CHECK(sent.certainty() == certainty::answered);
    CHECK(sent.last()->status / 100 == 3);
    CHECK(server.requests().size() == 1);
    CHECK(other.connections() == 0);
}

TEST_CASE("perform: the response is bounded", "[curl][limits]") {
    SECTION("a body of exactly the limit fits") {
        scripted::server server{{{serve(ok(std::string(1000, 'x')))}}};
        auto r = post(server.url());
        r.max_body = 1000;
        CHECK(bide::curl::perform(r, tries(1)).ended() == end::done);
    }
    SECTION("a body beyond it: accepted, but the answer is lost") {
        scripted::server server{{{serve(ok(std::string(1001, 'x')))}}};
        auto r = post(server.url());
        r.max_body = 1000;
        const auto sent = bide::curl::perform(r, tries(3));
        CHECK(sent.ended() == end::unknown);
        CHECK(sent.stopped_by() == end::permanent);
        CHECK(sent.last()->status == 200);
        CHECK(sent.last()->body.size() <= 1000);
        CHECK(sent.last()->error == "the response's body is larger than max_body");
    }
    SECTION("without end") {
        scripted::server server{{{read_request(), send("HTTP/1.1 200 OK\r\n\r\n"),
                                  scripted::send_repeated(std::string(100'000, 'x'), 100'000)}}};
        const auto sent = bide::curl::perform(get(server.url()), tries(3));
        CHECK(sent.stopped_by() == end::permanent);
        CHECK(sent.last()->body.size() <= 1U << 20);
    }
    SECTION("of a refusal the header says enough") {
        virtual_clock clock;
        scripted::server server{
            {{read_request(),
              send(scripted::response("429 No", "Retry-After: 3\r\n", "0123456789"))},
             {serve(ok())}}};
        auto r = post(server.url());
        r.max_body = 5;
        CHECK(bide::curl::perform(r, with(clock, tries(2))).ended() == end::done);
        CHECK(clock.elapsed() >= 3s);
    }
    SECTION("a header without end") {
        scripted::server server{{{read_request(), send("HTTP/1.1 200 OK\r\n"),
                                  scripted::send_repeated("X-Filler: 0123456789\r\n", 1'000'000)}}};
        const auto sent = bide::curl::perform(post(server.url()), tries(3));
        CHECK(sent.ended() == end::unknown);
        CHECK(sent.stopped_by() == end::permanent);
        CHECK(sent.last()->headers.size() * 22 <= std::size_t{64} << 10);
        CHECK(sent.last()->error == "the response's header is larger than max_header_bytes");
    }
}

TEST_CASE("perform: an answer during the upload is heard", "[curl][upload]") {
    virtual_clock clock;
    const auto busy = scripted::response("429 No", "Retry-After: 2\r\nConnection: close\r\n");
    scripted::server server{
        {{scripted::read_some(1000), send(busy), stall()}, {read_request(), send(ok())}}};
    const std::string large(8 << 20, 'm');
    const auto sent = bide::curl::perform(post(server.url(), large), with(clock, tries(2)));
    CHECK(sent.ended() == end::done);
    CHECK(clock.elapsed() >= 2s);
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].body == large);
    CHECK(server.requests()[0].field("expect").empty());
}

TEST_CASE("perform: every try sends the same bytes", "[curl][replay]") {
    virtual_clock clock;
    std::string body;
    for (int i = 0; i < 20'000; ++i) body += static_cast<char>(i * 7 % 256);
    const auto* method = GENERATE("POST", "PUT", "PATCH", "DELETE", "GET", "PURGE");
    CAPTURE(method);
    const auto busy = send(scripted::response("429 No", "", "{\"error\":1}"));
    scripted::server server{
        {{read_request(), busy, read_request(), busy, read_request(), send(ok("fine"))}}};
    auto r = post(server.url("/messages?x=1"), body);
    r.method = method;
    r.headers = {
        {"Content-Type", "application/json"}, {"X-Empty", ""}, {"Authorization", "Bearer t"}};
    const auto sent = bide::curl::perform(r, with(clock, tries(3)));
    CHECK(sent.ended() == end::done);
    CHECK(sent.last()->body == "fine");
    const auto seen = server.requests();
    REQUIRE(seen.size() == 3);
    for (const auto& one : seen) {
        CHECK(one.body == body);
        CHECK(one.head == seen[0].head);
    }
    CHECK(seen[0].head.starts_with(std::string{method} + " /messages?x=1 HTTP/1.1\r\n"));
    CHECK(seen[0].field("content-type") == "application/json");
    CHECK(seen[0].head.find("\r\nX-Empty:\r\n") != std::string::npos);
    CHECK(seen[0].field("authorization") == "Bearer t");
    CHECK(seen[0].field("content-length") == "20000");
}

TEST_CASE("perform: an idempotency key is the same in every try and permits them", "[curl][key]") {
    virtual_clock clock;
    scripted::server server{{{read_request(), finish()},
                             {read_request(), send(scripted::response("409 Running"))},
                             {read_request(), send(scripted::response("500 Oops"))},
                             {read_request(), send(ok())}}};
    auto r = post(server.url());
    r.profile = &acme;
    r.idempotency_key = "msg-0001";
    const auto sent = bide::curl::perform(r, with(clock, tries(6)));
    CHECK(sent.ended() == end::done);
    CHECK(sent.attempts() == 4);
    for (const auto& one : server.requests()) CHECK(one.field("idempotency-key") == "\"msg-0001\"");
}

TEST_CASE("perform: the number of the try goes along only if asked for", "[curl][attempt]") {
    virtual_clock clock;
    const auto busy = send(scripted::response("429 No"));
    scripted::server server{
        {{read_request(), busy, read_request(), busy, read_request(), send(ok())}}};
    auto r = post(server.url());
    SECTION("by default it does not") {
        CHECK(bide::curl::perform(r, with(clock, tries(3))).attempts() == 3);
        const auto seen = server.requests();
        REQUIRE(seen.size() == 3);
        for (const auto& one : seen)
            CHECK(one.head ==
                  "POST / HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                      "\r\nAccept: */*\r\nContent-Length: 12\r\n\r\n");
    }
    SECTION("from 1 on") {
        r.attempt_header = "X-Attempt";
        CHECK(bide::curl::perform(r, with(clock, tries(3))).attempts() == 3);
        const auto seen = server.requests();
        REQUIRE(seen.size() == 3);
        CHECK(seen[0].head.find("\r\nX-Attempt: 1\r\n") != std::string::npos);
        CHECK(seen[1].head.find("\r\nX-Attempt: 2\r\n") != std::string::npos);
        CHECK(seen[2].head.find("\r\nX-Attempt: 3\r\n") != std::string::npos);
    }
}

TEST_CASE("perform: methods without a body", "[curl][method]") {
    scripted::server server{{{serve("HTTP/1.1 204 No Content\r\n\r\n")}}};
    const auto* method = GENERATE("GET", "HEAD", "DELETE", "OPTIONS");
    CAPTURE(method);
    auto r = get(server.url());
    r.method = method;
    CHECK(bide::curl::perform(r, tries(1)).ended() == end::done);
    const auto seen = server.requests(1);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].head.starts_with(std::string{method} + " / HTTP/1.1\r\n"));
    CHECK(seen[0].field("content-length").empty());
    CHECK(seen[0].field("content-type").empty());
}

TEST_CASE("perform: an empty POST says so", "[curl][method]") {
    scripted::server server{{{serve(ok())}}};
    CHECK(bide::curl::perform(post(server.url(), ""), tries(1)).ended() == end::done);
    CHECK(server.requests()[0].field("content-length") == "0");
}

TEST_CASE("perform: what setup throws is a try that was not sent", "[curl][setup]") {
    virtual_clock clock;
    scripted::server server{{{serve(ok())}}};
    auto r = post(server.url());
    auto calls = 0;
    SECTION("a passing trouble, for instance with a token, is tried again") {
        r.setup = [&](CURL* easy) {
            direct(easy);
            if (++calls < 3) throw std::runtime_error{"no token yet"};
        };
        CHECK(bide::curl::perform(r, with(clock, tries(3))).ended() == end::done);
        CHECK(calls == 3);
    }
    SECTION("another keeps its type") {
        r.setup = [](CURL*) { throw std::out_of_range{"no such account"}; };
        const auto sent = bide::curl::perform(r, with(clock, tries(3)));
        CHECK(sent.ended() == end::permanent);
        CHECK(sent.certainty() == certainty::not_sent);
        CHECK_THROWS_AS(sent.value(), std::out_of_range);
    }
}

TEST_CASE("perform: setup may change defaults but not what the library owns", "[curl][setup]") {
    scripted::server server{{{read_request(), send(scripted::response("503 Down", "", "why"))}}};
    auto r = get(server.url());
    auto touched = false;
    r.setup = [&](CURL* easy) {
        direct(easy);
        curl_easy_setopt(easy, CURLOPT_URL, "http://127.0.0.1:1/");
        curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &touched);
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "mine/1.0");
    };
    const auto sent = bide::curl::perform(r, tries(1));
    CHECK(sent.last()->status == 503);
    CHECK(sent.last()->body == "why");
    CHECK(server.requests()[0].field("user-agent") == "mine/1.0");
}

TEST_CASE("perform: threads share a pool", "[curl][threads]") {
    scripted::server server{std::vector<scripted::script>(64, {serve(ok("fine"))})};
    bide::curl::pool pool{4};
    std::vector<std::thread> workers;
    std::vector<int> done(4, 0);
    for (std::size_t i = 0; i < done.size(); ++i)
        workers.emplace_back([&, i] {
            for (int n = 0; n < 25; ++n) {
                const auto sent =
                    bide::curl::perform(pool, post(server.url(), std::to_string(i)), tries(2));
                if (sent.ended() == end::done && sent.last()->body == "fine") ++done[i];
            }
        });
    for (auto& w : workers) w.join();
    CHECK(done == std::vector<int>(4, 25));
    CHECK(server.requests().size() == 100);
    CHECK(pool.idle() <= 4);
}

TEST_CASE("perform: a wrong request is refused before anything is sent", "[curl][errors]") {
    CHECK_THROWS_WITH(bide::curl::perform(get(""), tries(1)),
                      "bide::curl::request: url must not be empty");
}

TEST_CASE("perform: each try passes the gates of a plan", "[curl][gate]") {
    scripted::server server{{{read_request(),
                              send("HTTP/1.1 429 Too Many Requests\r\n"
                                   "Content-Length: 0\r\n\r\n"),
                              read_request(), send(ok())}}};
    bide::concurrency_limit gate({.in_flight = 1});
    virtual_clock clock;
    bide::ticket somebody_else([](void*) noexcept {}, nullptr);
    REQUIRE(gate.ask(somebody_else, {}, clock.now()).says_go());
    clock.at(300ms, [&] { gate.give_back(somebody_else, clock.now()); });

    std::vector<std::uint64_t> in_flight;
    auto request = post(server.url());
    request.setup = [&](CURL* easy) {
        direct(easy);
        in_flight.push_back(gate.in_flight());
    };
    bide::curl::pool pool;
    const auto sent = bide::curl::perform(pool, request, with(clock, gate, tries(2)));
    CHECK(sent.ended() == end::done);
    CHECK(clock.elapsed() == 1300ms);  // for the permit, then between the tries
    CHECK(in_flight == std::vector<std::uint64_t>{1, 1});
    CHECK(gate.in_flight() == 0);
    CHECK(gate.waiting() == 0);
}

TEST_CASE("perform: the pool's budget bounds the retries, the plan's goes before",
          "[curl][pool][budget]") {
    constexpr auto answer = [](const char* status) {
        return std::vector<scripted::step>{read_request(), send(scripted::response(status)),
                                           read_request(), send(scripted::response(status)),
                                           read_request(), send(scripted::response(status)),
                                           finish()};
    };
    constexpr auto spent =
        bide::retry_budget::options{.ratio = 0, .reserve_per_second = 0, .counts_throttled = false};
    virtual_clock clock;
    const auto tried = [&](bide::curl::pool& pool, const char* status, const auto& how) {
        scripted::server server{{answer(status)}};
        return bide::curl::perform(pool, get(server.url()), how);
    };
    const auto plan = with(clock, tries(3));

    bide::curl::pool stingy({.budget = spent});
    const auto refused = tried(stingy, "503 Down", plan);
    CHECK(refused.attempts() == 1);
    CHECK(refused.stopped_by() == end::exhausted);
    CHECK(refused.explain() ==
          "unknown after 1 try in 0s: no retry is left: the retry budget is spent; an earlier try "
          "may have acted; try 1: overloaded, ambiguous, status 503");
    CHECK(tried(stingy, "429 Slow", plan).attempts() == 3);
    CHECK(tried(stingy, "503 Down", tries(3)).attempts() == 1);  // a policy alone

    bide::retry_budget ample;
    CHECK(tried(stingy, "503 Down", with(ample, plan)).attempts() == 3);
    CHECK(ample.balance(clock.now()) == 98);
    bide::concurrency_limit gate({.in_flight = 1});
    CHECK(tried(stingy, "503 Down", with(gate, ample, plan)).attempts() == 3);
    CHECK(tried(stingy, "503 Down", with(gate, plan)).attempts() == 1);

    bide::curl::pool endless({.budget = std::nullopt});
    CHECK(tried(endless, "503 Down", plan).attempts() == 3);
    bide::curl::pool usual;
    CHECK(tried(usual, "503 Down", plan).attempts() == 3);
    CHECK(usual.budget()->balance(clock.now()) == 98);
    bide::curl::pool earning(
        {.budget = bide::retry_budget::options{.ratio = 1, .reserve_per_second = 0}});
    CHECK(tried(earning, "503 Down", plan).attempts() == 2);
    // A retry that was decided but not made costs nothing.
    bide::circuit_breaker breaker({.opens = bide::circuit_breaker::failure_count{.failures = 1},
                                   .open_for = bide::constant(1h)});
    CHECK(tried(usual, "503 Down", with(breaker, plan)).attempts() == 1);
    breaker.reset(clock.now());
    CHECK(tried(endless, "503 Down", with(breaker, plan)).attempts() == 1);
    CHECK(usual.budget()->balance(clock.now()) == 98);
    // A runtime that cannot wait for events takes part in no budget.
    CHECK(tried(stingy, "503 Down", with(plain_world{&clock}, tries(3))).attempts() == 3);
}
