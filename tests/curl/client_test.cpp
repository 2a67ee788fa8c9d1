// SPDX-License-Identifier: MIT
#include <bide/curl/client.hpp>  // first, to prove that the header stands alone

#include <bide/curl/perform.hpp>
#include <bide/gate.hpp>

#include "client_fixture.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace fixture;
using bide::certainty;
using bide::end;
using bide::with;
using bide::curl::client;
using bide::curl::request;
using scripted::finish;
using scripted::ok;
using scripted::read_request;
using scripted::response;

namespace {

std::string text_of(const std::exception_ptr& error) {
    return error ? bide::curl::detail::text_of(error) : "none";
}

std::string refused_by(const sent& r) {
    const auto* who = r.facts().refused_by;
    return who != nullptr ? who : "nobody";
}

/// All that can be compared: no times, and no names of hosts.
void check_same(const sent& ours, const sent& performs) {
    CHECK(ours.ended() == performs.ended());
    CHECK(ours.stopped_by() == performs.stopped_by());
    CHECK(ours.certainty() == performs.certainty());
    CHECK(ours.attempts() == performs.attempts());
    CHECK(ours.elapsed().has_value() == performs.elapsed().has_value());
    CHECK(ours.retry_in().has_value() == performs.retry_in().has_value());
    CHECK(text_of(ours.error()) == text_of(performs.error()));
    const auto a = ours.history();
    const auto b = performs.history();
    REQUIRE(a.size() == b.size());
    for (std::uint32_t i = 0; i != a.size(); ++i) {
        CHECK(a[i].number == b[i].number);
        CHECK(a[i].found.verdict == b[i].found.verdict);
        CHECK(a[i].found.certainty == b[i].found.certainty);
        CHECK(a[i].found.status == b[i].found.status);
        CHECK(a[i].found.error == b[i].found.error);
        CHECK(a[i].found.hint.has_value() == b[i].found.hint.has_value());
        CHECK((a[i].wait > 0s) == (b[i].wait > 0s));
    }
    REQUIRE((ours.last() == nullptr) == (performs.last() == nullptr));
    if (ours.last() == nullptr) return;
    CHECK(ours.last()->status == performs.last()->status);
    CHECK(ours.last()->code == performs.last()->code);
    CHECK(ours.last()->sends == performs.last()->sends);
    CHECK(ours.last()->body == performs.last()->body);
}

struct scenario {
    const char* name;
    std::vector<scripted::script> scripts;
    request what;
    end expected;
    std::uint64_t attempts = 1;
};

request with_setup(request r, void (*setup)(CURL*)) {
    r.setup = setup;
    return r;
}

std::vector<scenario> scenarios() {
    const auto unavailable = response("503 Service Unavailable");
    const auto throttled = response("429 Too Many Requests", "retry-after-ms: 20\r\n");
    const auto fault = response("500 Internal Server Error", "", "oops");
    return {
        {"success", {answering({ok("fine")})}, get({}), end::done},
        {"throttled", {answering({throttled, ok()})}, post({}), end::done, 2},
        {"fault, repeatable", {answering({fault, ok()})}, get({}), end::done, 2},
        {"fault, not repeatable", {answering({fault})}, post({}), end::unknown},
        {"unavailable",
         {answering({unavailable, unavailable, unavailable})},
         get({}),
         end::unknown,
         3},
        {"not found", {answering({response("404 Not Found")})}, get({}), end::permanent},
        {"a wait that is too long",
         {answering({response("429 Too Many Requests", "Retry-After: 86400\r\n")})},
         get({}),
         end::deferred},
        {"no answer", {{read_request(), finish()}}, post({}), end::unknown},
        {"refused",
         {{finish()}, {finish()}, {finish()}},
         with_setup(post("-"), direct),
         end::exhausted,
         3},
        {"setup throws what may pass",
         {},
         with_setup(post({}), [](CURL*) { throw std::runtime_error{"no certificate yet"}; }),
         end::exhausted,
         3},
        {"setup throws what will not",
         {},
         with_setup(post({}), [](CURL*) { throw std::logic_error{"a bug"}; }),
         end::permanent},
    };
}

}  // namespace

TEST_CASE("client: comes to what perform comes to", "[curl][client]") {
    const scripted::closed_port nobody;
    client c;
    const auto lane = c.lane(quick(3));
    for (const auto& s : scenarios()) {
        CAPTURE(s.name);
        auto r = s.what;
        const auto at = [&](const scripted::server& server) {
            r.url = s.what.url == "-" ? nobody.url() : server.url();
            return r;
        };
        scripted::server one{s.scripts};
        scripted::server other{s.scripts};
        const auto ours = lane.send(at(one)).future().get();
        const auto performs = bide::curl::perform(at(other), quick(3));
        CHECK(ours.ended() == s.expected);
        CHECK(ours.attempts() == s.attempts);
        check_same(ours, performs);
        CHECK(bodies(one.requests()) == bodies(other.requests()));
    }
}

TEST_CASE("client: what setup gave a handle is not sent with the next request", "[curl][client]") {
    scripted::server server{{answering({ok(), ok()})}};
    client c({.in_flight = 1});
    const auto lane = c.lane(quick(1));
    const auto with_cookie = with_setup(get(server.url()), [](CURL* easy) {
        curl_easy_setopt(easy, CURLOPT_COOKIELIST, "Set-Cookie: token=secret; domain=127.0.0.1");
    });
    CHECK(lane.send(with_cookie).future().get());
    CHECK(lane.send(get(server.url())).future().get());
    REQUIRE(server.requests().size() == 2);
    CHECK(server.requests()[0].field("cookie") == "token=secret");
    CHECK(server.requests()[1].field("cookie") == "");
}

TEST_CASE("client: never comes back earlier than it was asked to", "[curl][client]") {
    std::chrono::steady_clock::time_point asked;
    std::chrono::steady_clock::time_point came;
    using clock = std::chrono::steady_clock;
    scripted::server server{
        {{read_request(), scripted::run([&] { asked = clock::now(); }),
          scripted::send(response("429 Too Many Requests", "retry-after-ms: 40\r\n")),
          read_request(), scripted::run([&] { came = clock::now(); }), scripted::send(ok())}}};
    client c;
    const auto r = c.send(post(server.url()), quick(2)).future().get();
    CHECK(r.ended() == end::done);
    CHECK(came - asked >= 40ms);
}

TEST_CASE("client: what must not be repeated is delivered once", "[curl][client][resend]") {
    // A reused connection dies before the reply. libcurl opens another one, and is stopped there.
    scripted::server server{{{read_request(), scripted::send(ok()), read_request(), finish()},
                             {scripted::serve(ok("again"))},
                             {scripted::serve(ok())}}};
    client c({.in_flight = 1});
    const auto lane = c.lane(quick(3));
    REQUIRE(lane.send(post(server.url(), "1")).future().get().ended() == end::done);
    const auto second = lane.send(post(server.url(), "2")).future().get();
    CHECK(second.ended() == end::unknown);
    REQUIRE(second.last() != nullptr);
    CHECK(second.last()->code == CURLE_ABORTED_BY_CALLBACK);
    CHECK(second.last()->sends == 1);
    CHECK(deliveries(server.requests(), "2") == 1);

    // Only a connection that was in use a moment ago is used again.
    CHECK(lane.send(post(server.url(), "3")).future().get().ended() == end::done);
    CHECK(lane.send(post(server.url(), "4")).future().get().ended() == end::done);
    CHECK(server.connections() == 3);
    auto fresh = post(server.url(), "5");
    fresh.reuse_within = 1s;
    CHECK(lane.send(fresh).future().get().ended() == end::unknown);  // there is no other
    CHECK(server.connections() == 4);
}

TEST_CASE("client: of connections that close, the next one may have the number of the last",
          "[curl][client][loop]") {
    std::vector<scripted::script> scripts(
        20,
        {read_request(), scripted::send(response("200 OK", "Connection: close\r\n")), finish()});
    scripted::server server{scripts};
    client c({.in_flight = 2});
    std::vector<request> all(20, get(server.url()));
    for (const auto& r : c.send(std::move(all), quick(1, 1ms, 2s)).future().get())
        CHECK(r.ended() == end::done);
}

namespace {

/// Judges a body that it cannot read by throwing.
struct reads_bodies : bide::default_classifier {
    [[nodiscard]] static bide::finding of_result(const bide::curl::response& r) {
        if (r.body == "garbled") throw std::runtime_error{"what is that?"};
        return r.found;
    }
};

}  // namespace

TEST_CASE("client: what a classifier throws is the end of that request alone", "[curl][client]") {
    scripted::server server{{answering({ok("garbled"), ok("fine")})}};
    client c({.in_flight = 1});
    const auto lane =
        c.lane(bide::policy(bide::constant(1ms), bide::max_attempts(3), reads_bodies{}));
    const auto bad = lane.send(get(server.url())).future().get();
    CHECK(bad.ended() == end::permanent);
    CHECK(bad.attempts() == 1);
    CHECK(text_of(bad.error()) == "what is that?");
    CHECK_THROWS_WITH(bad.value(), "what is that?");
    CHECK(lane.send(get(server.url())).future().get().last()->body == "fine");
}

// ---- Gates -------------------------------------------------------------------------------------

namespace {

std::vector<request> gets(const std::string& url, std::size_t n) {
    return std::vector<request>(n, get(url));
}

/// Lets all through and remembers what the last response said was left.
struct reads_quotas {
    static constexpr bool hears_quotas = true;
    std::int64_t remaining = 0;

    static bide::gate_answer ask(bide::ticket&, const bide::gate_request&, bide::time_point) {
        return bide::gate_answer::go();
    }
    void finish(bide::ticket&, const bide::report& what, bide::time_point) noexcept {
        if (what.told != nullptr) remaining = (*what.told)[0].remaining.value_or(0);
    }
    static void give_back(bide::ticket&, bide::time_point) noexcept {}
};

template <class How>
bide::duration time_of(client& c, const std::string& url, std::size_t n, const How& how) {
    const auto began = bide::detail::steady_now();
    for (const auto& r : c.send(gets(url, n), how).future().get()) CHECK(r.ended() == end::done);
    return bide::detail::steady_now() - began;
}

}  // namespace

TEST_CASE("client: gates let its requests start as they let others", "[curl][client][gate]") {
    gauge busy;
    scripted::server server{std::vector<scripted::script>(12, {busy.serve(ok(), 1ms)})};
    SECTION("concurrency_limit, shared by two lanes and a thread that waits") {
        bide::concurrency_limit two({.in_flight = 2});
        client c;
        const auto plan = with(two, quick(1));
        inbox got;
        const auto one = c.lane(plan);
        const auto other = c.lane(plan);
        for (auto i = 0; i != 15; ++i) one.send(get(server.url())).then(got.put("one"));
        for (auto i = 0; i != 15; ++i) other.send(get(server.url())).then(got.put("other"));
        got.put("thread")(bide::curl::perform(get(server.url()), plan));
        const auto order = got.names(31);
        REQUIRE(order.size() == 31);
        CHECK(busy.most() == 2);
        const auto place = [&](std::string_view of) {
            return std::ranges::find(order, of) - order.begin();
        };
        CHECK(place("other") < 15);  // not after all of the first lane
        CHECK(place("thread") < 30);
        for (const auto* name : {"one", "other", "thread"})
            CHECK(got.of(name).ended() == end::done);
    }
    SECTION("token_bucket") {
        bide::token_bucket each_4_ms({.rate = 250});
        client c;
        CHECK(time_of(c, server.url(), 8, with(each_4_ms, quick(1))) >= 28ms);
    }
    SECTION("sliding_window") {
        bide::sliding_window three({.limit = 3, .window = 15ms});
        client c;
        CHECK(time_of(c, server.url(), 7, with(three, quick(1))) >= 30ms);
    }
    SECTION("keyed") {
        bide::keyed<bide::token_bucket> keys{
            [](std::string_view) { return bide::token_bucket({.rate = 100}); }};
        client c;
        const auto other = c.send(get(server.url()), with(keys.at("b"), quick(1)));
        CHECK(time_of(c, server.url(), 3, with(keys.at("a"), quick(1))) >= 20ms);
        CHECK(keys.size() == 2);
    }
}

TEST_CASE("client: gates hear what came of its tries", "[curl][client][gate]") {
    const auto down = response("503 Service Unavailable");
    constexpr bide::curl::client_options one{.in_flight = 1};
    SECTION("circuit_breaker, which refuses, and says who") {
        scripted::server server{{answering({down, down})}};
        bide::circuit_breaker breaker(
            {.opens = bide::circuit_breaker::failure_count{.failures = 2}});
        client c(one);
        const auto r = c.send(get(server.url()), with(breaker, quick(5))).future().get();
        CHECK(r.stopped_by() == end::refused);
        CHECK(r.attempts() == 2);
        CHECK(refused_by(r) == "the circuit breaker is open");
        CHECK(r.retry_at());
        CHECK(server.requests().size() == 2);
    }
    SECTION("cooldown, which keeps all from coming back too early") {
        const auto throttled = response("429 Too Many Requests", "retry-after-ms: 40\r\n");
        scripted::server server{{answering({throttled, ok(), ok()})}};
        bide::cooldown pause;
        client c(one);
        CHECK(time_of(c, server.url(), 2, with(pause, quick(2))) >= 40ms);
        CHECK(server.requests().size() == 3);
    }
    SECTION("one that reads quotas, with a circuit breaker before it and a pacer behind it") {
        scripted::server server{{answering({response(
            "200 OK",
            "RateLimit-Limit: 9\r\nRateLimit-Remaining: 7\r\nRateLimit-Reset: 60\r\n")})}};
        bide::circuit_breaker breaker(bide::circuit_breaker::options{});
        reads_quotas reader;
        bide::quota_pacer pacer({.start_rate = 1000});
        client c(one);
        const auto plan = with(breaker, reader, pacer, quick(1));
        CHECK(c.send(get(server.url()), plan).future().get().ended() == end::done);
        CHECK(reader.remaining == 7);
    }
}

TEST_CASE("client: retries are within a budget, unless it is told otherwise",
          "[curl][client][budget]") {
    const auto down = response("503 Service Unavailable");
    scripted::server server{serving(4, down)};
    const bide::retry_budget::options two_retries{
        .ratio = 0, .reserve_per_second = 2, .window = 1s};
    const auto attempts = [](const auto& all) {
        std::uint64_t n = 0;
        for (const auto& r : all) n += r.attempts();
        return n;
    };
    SECTION("its own") {
        client c({.in_flight = 4, .budget = two_retries});
        const auto all = c.send(gets(server.url(), 4), quick(3)).future().get();
        CHECK(attempts(all) == 6);
        CHECK(std::ranges::any_of(
            all, [](const sent& r) { return refused_by(r) == "the retry budget is spent"; }));
    }
    SECTION("that of a plan") {
        bide::retry_budget own(two_retries);
        client c({.in_flight = 4});
        CHECK(attempts(c.send(gets(server.url(), 4), with(own, quick(3))).future().get()) == 6);
    }
    SECTION("none") {
        client c({.in_flight = 4, .budget = std::nullopt});
        CHECK(attempts(c.send(gets(server.url(), 20), quick(3)).future().get()) == 60);
    }
    SECTION("a retry that was decided and is not made goes back") {
        auto one_retry = two_retries;
        one_retry.reserve_per_second = 1;
        client c({.budget = one_retry});
        std::stop_source stop;
        std::atomic<bool> decided = false;
        const auto watch = [&decided](const bide::event& e) {
            if (e.kind == bide::event_kind::backoff) decided = true;
        };
        const auto plan = bide::with(watch, quick(2, 1h));
        auto waiting = c.send(get(server.url()), plan, {.stop = stop.get_token()}).future();
        while (!decided) std::this_thread::yield();
        stop.request_stop();
        CHECK(waiting.get().attempts() == 1);
        CHECK(c.send(get(server.url()), quick(2)).future().get().attempts() == 2);
        CHECK(c.send(get(server.url()), quick(2)).future().get().attempts() == 1);
    }
}
