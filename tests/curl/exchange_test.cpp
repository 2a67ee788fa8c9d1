// SPDX-License-Identifier: MIT
#include <bide/curl/exchange.hpp>  // first, to prove that the header stands alone

#include <bide/curl/handle.hpp>
#include <bide/curl/perform.hpp>
#include <bide/curl/transfer.hpp>
#include <bide/testing.hpp>

#include "fixture.hpp"
#include "support/catch.hpp"
#include "support/scripted_server.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <curl/curl.h>

using namespace std::chrono_literals;
using namespace fixture;
using bide::certainty;
using bide::end;
using bide::verdict;
using bide::virtual_clock;
using bide::with;
using bide::curl::body_part;
using bide::curl::exchange;
using scripted::finish;
using scripted::ok;
using scripted::read_request;
using scripted::response;
using scripted::send;
using scripted::serve;
using scripted::stall;

static_assert(!std::is_move_constructible_v<exchange> && !std::is_copy_constructible_v<exchange>);

namespace {

const bide::curl::try_options relaxed{.time = {.connect = 5s, .whole = 5s}};

/// A driver that does not block: runs the exchange until `until` holds or libcurl is done, takes
/// the handle out and asks what came of it.
bide::curl::response drive(const bide::curl::request& r, const std::function<bool(CURL*)>& until) {
    const bide::curl::handle easy;
    auto* multi = curl_multi_init();
    exchange e{easy.get(), r, relaxed};
    curl_multi_add_handle(multi, easy.get());
    auto code = CURLE_ABORTED_BY_CALLBACK;
    for (auto running = 1; running != 0 && !until(easy.get());) {
        curl_multi_poll(multi, nullptr, 0, 5, nullptr);
        curl_multi_perform(multi, &running);
        auto left = 0;
        if (const auto* done = curl_multi_info_read(multi, &left)) code = done->data.result;
    }
    curl_multi_remove_handle(multi, easy.get());
    auto result = e.finish(code, bide::wall_time{7s});
    curl_multi_cleanup(multi);
    return result;
}

bool never(CURL* /*easy*/) { return false; }

bide::curl::response once(const bide::curl::request& r) {
    const bide::curl::handle easy;
    return bide::curl::transfer(easy.get(), r, relaxed, virtual_clock{});
}

/// A text as a source that counts how often it was opened, and the first time fails where it is
/// told to.
struct text_source {
    std::string text{};
    std::size_t step = 1000;
    std::optional<std::size_t> throws_at{};
    int opened = 0;

    bide::curl::body_source source(std::optional<std::uint64_t> size) {
        return {.size = size, .open = [this] { return reader(); }};
    }

private:
    bide::curl::body_reader reader() {
        ++opened;
        const auto bad = opened == 1 ? throws_at.value_or(text.size() + 1) : text.size() + 1;
        return [this, bad, at = std::size_t{0}](std::span<char> room) mutable {
            if (at >= bad) throw std::runtime_error{"disk gone"};
            const auto part = std::string_view{text}.substr(at, (std::min)(room.size(), step));
            std::ranges::copy(part, room.begin());
            at += part.size();
            return part.size();
        };
    }
};

/// What a sink was told, a restart as "|".
struct told_parts {
    std::string all{};
    std::string throws_at{};

    bide::curl::body_sink sink(std::uint64_t max_bytes = 1000) {
        return {.take = [this](const body_part& part) { take(part); }, .max_bytes = max_bytes};
    }

private:
    void take(const body_part& part) {
        all.append(part.restart ? "|" : "").append(part.data);
        if (!throws_at.empty() && all.ends_with(throws_at)) throw std::bad_alloc{};
    }
};

long number(CURL* easy, CURLINFO what) {
    long value = 0;
    curl_easy_getinfo(easy, what, &value);
    return value;
}

}  // namespace

TEST_CASE("exchange: under a multi handle it comes to the same", "[curl][exchange]") {
    scripted::server server{{{serve(response("201 Made", "X-Id: 7\r\n", "body"))}}};
    const auto r = drive(post(server.url()), never);
    CHECK(r.status == 201);
    CHECK(r.body == "body");
    CHECK(r.code == CURLE_OK);
    CHECK(r.sends == 1);
    CHECK(r.received == bide::wall_time{7s});
    CHECK(r.found.verdict == verdict::success);
    CHECK(server.requests().front().body == "to=1&text=hi");
}

TEST_CASE("exchange: cut off by its driver, it tells how far it went",
          "[curl][exchange][cut_off]") {
    struct row {
        const char* sent_back;
        const char* until;  // what is seen before the cut
        certainty expected;
    };
    const auto [sent_back, until, expected] = GENERATE(values<row>({
        {"", "nothing", certainty::not_sent},
        {"", "sent", certainty::ambiguous},
        {"HTTP/1.1 200 OK\r\nContent-Le", "header", certainty::ambiguous},
        // What was to be learnt of the success is lost.
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbo", "body", certainty::ambiguous},
        {"HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nbo", "body", certainty::answered},
        {"HTTP/1.1 429 No\r\nContent-Length: 9\r\n\r\nbo", "body", certainty::rejected},
    }));
    CAPTURE(sent_back, until);
    scripted::server server{{{read_request(), send(sent_back), stall()}}};
    const auto r = drive(post(server.url()), [&, what = std::string{until}](CURL* easy) {
        curl_off_t received = 0;
        curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
        return what == "nothing" || (what == "body" && received > 0) ||
               (what == "header" && number(easy, CURLINFO_HEADER_SIZE) > 0) ||
               (what == "sent" && number(easy, CURLINFO_REQUEST_SIZE) > 0);
    });
    CHECK(r.found.certainty == expected);
    CHECK(r.found.verdict == verdict::permanent);
    CHECK(r.code == CURLE_ABORTED_BY_CALLBACK);
    CHECK(r.error == "Operation was aborted by an application callback");
}

TEST_CASE("exchange: what setup throws leaves the handle clean", "[curl][exchange][setup]") {
    scripted::server server{{{serve(ok())}}};
    const bide::curl::handle h;
    auto request = post(server.url());
    request.setup = [](CURL* easy) {
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "secret");
        throw std::runtime_error{"no certificate"};
    };
    CHECK_THROWS_WITH((exchange{h.get(), request, relaxed}), "no certificate");
    direct(h.get());
    curl_easy_setopt(h.get(), CURLOPT_URL, server.url().c_str());
    CHECK(curl_easy_perform(h.get()) == CURLE_OK);
    CHECK(server.requests(1).front().field("user-agent").empty());
}

TEST_CASE("exchange: an upload is whole in every try and every send", "[curl][exchange][upload]") {
    text_source text{.text = std::string(150'000, 'u') + "end"};
    auto request = post("", "");
    request.method = "PUT";
    request.upload = text.source(text.text.size());
    virtual_clock clock;
    SECTION("after a refusal") {
        scripted::server server{
            {{read_request(), send(response("503 Busy", "Connection: close\r\n")), finish()},
             {read_request(), send(ok())}}};
        request.url = server.url();
        const auto sent = bide::curl::perform(request, with(clock, tries(2)));
        CHECK(sent.ended() == end::done);
        CHECK(deliveries(server.requests(), text.text) == 2);
    }
    SECTION("after it was cut off on its way") {
        scripted::server server{
            {{scripted::read_some(1000), scripted::reset()}, {read_request(), send(ok())}}};
        request.url = server.url();
        const auto sent = bide::curl::perform(request, with(clock, tries(2)));
        CHECK(sent.ended() == end::done);
        CHECK(deliveries(server.requests(), text.text) == 1);
    }
    SECTION("after its source threw") {
        text.throws_at = 100'000;
        scripted::server server{{{read_request()}, {read_request(), send(ok())}}};
        request.url = server.url();
        const auto sent = bide::curl::perform(request, with(clock, tries(2)));
        CHECK(sent.ended() == end::done);
        CHECK(sent.last()->thrown == nullptr);
        CHECK(deliveries(server.requests(), text.text) == 1);
    }
    SECTION("when libcurl sends again within a try") {
        scripted::server server{{{read_request(), send(response("307 There", "Location: /b\r\n")),
                                  read_request(), send(ok())}}};
        request.url = server.url();
        request.setup = [](CURL* easy) {
            direct(easy);
            curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
        };
        const auto r = drive(request, never);
        CHECK(r.status == 200);
        CHECK(r.sends == 2);
        CHECK(deliveries(server.requests(), text.text) == 2);
    }
    CHECK(text.opened == 2);
}

TEST_CASE("exchange: an upload of unknown size goes in chunks", "[curl][exchange][upload]") {
    std::string seen;
    const auto read_chunks = [&](scripted::connection& c) {
        while (!c.unread_.ends_with("0\r\n\r\n"))
            if (!c.read_more()) return false;
        seen = c.unread_;
        return true;
    };
    text_source text{.text = "0123456789", .step = 4};
    scripted::server server{{{read_chunks, send(ok())}}};
    auto request = post(server.url(), "");
    request.upload = text.source({});
    CHECK(once(request).status == 200);
    CHECK(seen.find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos);
    CHECK(seen.ends_with("\r\n\r\n4\r\n0123\r\n4\r\n4567\r\n2\r\n89\r\n0\r\n\r\n"));
    CHECK(text.opened == 1);
}

TEST_CASE("exchange: an upload that fails tells what is known of it", "[curl][exchange][upload]") {
    text_source text{.text = "0123456789", .step = 4};
    std::string seen;
    scripted::server server{{{[&](scripted::connection& c) {
        while (c.read_more()) {
        }
        seen = c.unread_;
        return false;
    }}}};
    auto request = post(server.url(), "");
    std::string message;
    auto expected = verdict::permanent;
    SECTION("it throws") {
        text.throws_at = 8;
        request.upload =
            text.source(GENERATE(as<std::optional<std::uint64_t>>{}, 10, std::nullopt));
        message = "disk gone";
        expected = verdict::transient;
    }
    SECTION("what it throws is no std::exception") {
        request.upload = {.size = 10,
                          .open = [] { return [](std::span<char>) -> std::size_t { throw 7; }; }};
        message = "what is no std::exception";
    }
    SECTION("it throws what is marked; what became of the request, it cannot know") {
        request.upload = {.size = 10, .open = [] {
                              return [](std::span<char>) -> std::size_t {
                                  throw bide::throttled(std::runtime_error{"slower"}, 3s);
                              };
                          }};
        message = "slower";
        expected = verdict::throttled;
    }
    SECTION("it ends too early") {
        request.upload = text.source(11);
        message = "bide::curl::body_source: size must be what the reader gives, got fewer";
    }
    SECTION("it goes on; the server must not take the beginning for the whole") {
        request.upload = text.source(GENERATE(8, 9));
        message = "bide::curl::body_source: size must be what the reader gives, got more";
    }
    SECTION("it says more than there is room for") {
        request.upload = {.size = 10, .open = [] {
                              return [](std::span<char> room) { return room.size() + 1; };
                          }};
        message = "bide::curl::body_source: a reader must return at most the size of its span";
    }
    const auto r = once(request);
    CHECK(r.code == CURLE_ABORTED_BY_CALLBACK);
    CHECK(r.error == "upload threw: " + message);
    CHECK(r.thrown != nullptr);
    CHECK(r.found.certainty == certainty::ambiguous);
    CHECK(r.found.verdict == expected);
    CHECK(r.found.error == CURLE_ABORTED_BY_CALLBACK);
    server.stop();
    const auto head = seen.find("\r\n\r\n");
    const auto body = head == std::string::npos ? "" : seen.substr(head + 4);
    CHECK(body.size() < request.upload.size.value_or(SIZE_MAX));
    CHECK_FALSE(body.ends_with("0\r\n\r\n"));
}

TEST_CASE("exchange: an upload that cannot be opened was not sent", "[curl][exchange][upload]") {
    scripted::server server{{{read_request(), send(ok())}}};
    auto request = post(server.url(), "");
    text_source text{.text = "0123456789"};
    virtual_clock clock;
    auto fails = 1;
    request.upload = {.size = 10, .open = [&] {
                          if (fails-- > 0) throw std::runtime_error{"not mounted yet"};
                          return text.source(10).open();
                      }};
    const auto sent = bide::curl::perform(request, with(clock, tries(2)));
    CHECK(sent.ended() == end::done);
    CHECK(deliveries(server.requests(), "0123456789") == 1);

    request.upload.open = [] { return bide::curl::body_reader{}; };
    const auto none = bide::curl::perform(request, with(clock, tries(2)));
    CHECK(none.ended() == end::permanent);
    CHECK_THROWS_WITH(none.value(), "bide::curl::body_source: open must return a reader");
}

TEST_CASE("exchange: a download begins anew in each try", "[curl][exchange][download]") {
    const auto cut = std::string{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"};
    struct row {
        const char* last;
        const char* told;
    };
    const auto [last, expected] = GENERATE(values<row>({
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole", "|abc|whole"},
        {"HTTP/1.1 204 None\r\n\r\n", "|abc|"},
        {"HTTP/1.1 299 OK\r\nContent-Length: 0\r\n\r\n", "|abc|"},
        {"HTTP/1.1 300 Which\r\nContent-Length: 4\r\n\r\nlist", "|abc"},
    }));
    CAPTURE(last);
    scripted::server server{
        {{read_request(), send(cut), finish()},
         {read_request(), send(response("503 Busy", "", "busy")), read_request(), send(last)},
         {read_request(), send(last)}}};
    told_parts heard;
    auto request = get(server.url());
    request.download = heard.sink();
    virtual_clock clock;
    const auto got = bide::curl::perform(request, with(clock, tries(3)));
    CHECK(heard.all == expected);
    REQUIRE(got.last() != nullptr);
    CHECK(got.attempts() == 3);
    CHECK(got.last()->body == (std::string_view{last}.ends_with("list") ? "list" : ""));
    CHECK(bool{got} == (got.last()->status < 300));
}

TEST_CASE("exchange: a download has its own cap, other bodies have max_body",
          "[curl][exchange][download]") {
    const std::string large(100'000, 'x');  // arrives in several parts
    told_parts heard;
    scripted::server server{{{serve(ok(large))}, {serve(response("404 No", "", "12345"))}}};
    auto request = get(server.url());
    request.max_body = 4;
    request.download = heard.sink(large.size());
    CHECK(drive(request, never).found.verdict == verdict::success);
    CHECK(heard.all == "|" + large);

    const auto other = once(request);
    CHECK(other.status == 404);
    CHECK(other.error == "the response's body is larger than max_body");
    CHECK(heard.all == "|" + large);

    scripted::server third{{{serve(ok(large))}}};
    request.url = third.url();
    request.download.max_bytes = large.size() - 1;
    const auto capped = once(request);
    CHECK(capped.error == "the response's body is larger than download.max_bytes");
    CHECK(capped.found.verdict == verdict::permanent);
    CHECK(capped.found.certainty == certainty::ambiguous);
    CHECK(capped.thrown == nullptr);
}

TEST_CASE("exchange: what a sink throws ends the operation", "[curl][exchange][download]") {
    told_parts heard{.throws_at = GENERATE("|", "3")};
    scripted::server server{{{serve(ok("123"))}}};
    auto request = get(server.url());
    request.download = heard.sink();
    virtual_clock clock;
    const auto got = bide::curl::perform(request, with(clock, tries(3)));
    CHECK(got.ended() == end::unknown);
    CHECK(got.stopped_by() == end::permanent);
    CHECK(got.attempts() == 1);
    REQUIRE(got.last() != nullptr);
    CHECK(got.last()->status == 200);
    CHECK(got.last()->code == CURLE_WRITE_ERROR);
    CHECK(got.last()->error == "download threw: std::bad_alloc");
    CHECK_THROWS_AS(std::rethrow_exception(got.last()->thrown), std::bad_alloc);
}
