// SPDX-License-Identifier: MIT
#include <bide/curl/hedge.hpp>  // first, to prove that the header stands alone

#include <bide/gate.hpp>

#include "client_fixture.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace fixture;
using bide::certainty;
using bide::end;
using bide::with;
using bide::curl::client;
using bide::curl::hedge;
using scripted::ok;
using scripted::read_request;
using scripted::response;
using scripted::run;
using scripted::send;

namespace {

bide::curl::request numbered(const scripted::server& server) {
    auto r = get(server.url());
    r.attempt_header = "X-Attempt";
    return r;
}

std::vector<std::string> numbers(const scripted::server& server) {
    std::vector<std::string> all;
    for (const auto& r : server.requests()) all.push_back(r.field("x-attempt"));
    return all;
}

/// Two slow exchanges: the first is answered as soon as the hedge has been read, and the hedge, a
/// little later, closed or answered.
std::vector<scripted::script> both_slow(door& second_came, const std::string& first,
                                        const std::string& second) {
    return {{read_request(), second_came.step(), send(first)},
            {read_request(), run([&] { second_came.open(); }), scripted::wait(20ms), send(second)}};
}

/// Waits until it is so, but not for ever.
template <class Is>
bool comes(Is is) {
    const auto latest = std::chrono::steady_clock::now() + 5s;
    while (!is() && std::chrono::steady_clock::now() < latest) std::this_thread::yield();
    return is();
}

const std::string busy = response("429 Too Many Requests");

detached one(const bide::curl::lane& to, bide::curl::request r, std::vector<sent>& got,
             door& done) {
    got.push_back(co_await hedge(to, std::move(r), {.after = 10ms}));
    done.open();
}

}  // namespace

TEST_CASE("hedge: a slow answer is overtaken, and not before its time", "[curl][hedge]") {
    door first;
    scripted::server server{{{read_request(), first.step(), send(ok("first"))},
                             {read_request(), first.step(), send(ok("second"))},
                             {scripted::serve(ok("third"))}}};
    client c;
    const auto lane = c.lane(quick(1));
    const auto began = std::chrono::steady_clock::now();
    int times = 0;
    std::promise<sent> promise;
    hedge(lane, numbered(server), {.after = 20ms, .most = 3}).then([&](sent r) {
        ++times;
        promise.set_value(std::move(r));
    });
    const auto r = promise.get_future().get();
    CHECK(std::chrono::steady_clock::now() - began >= 40ms);
    REQUIRE(r.ended() == end::done);
    CHECK(r.last()->body == "third");
    CHECK(r.attempts() == 3);
    CHECK(r.elapsed().value_or(0s) >= 40ms);
    CHECK(numbers(server) == std::vector<std::string>{"1", "2", "3"});
    first.open();
    c.shutdown();
    CHECK(times == 1);
    CHECK(c.held() == 0);
}

TEST_CASE("hedge: where the first is fast, there is no other", "[curl][hedge]") {
    scripted::server server{serving(2, ok("hi"))};
    client c({.capacity = 2});
    const auto lane = c.lane(quick(1));
    for (int i = 0; i != 3; ++i) {  // the hedge's place is free again at once
        const auto r = hedge(lane, get(server.url()), {.after = 5s}).future().get();
        REQUIRE(r.ended() == end::done);
        CHECK(r.attempts() == 1);
        CHECK(r.history().empty());
    }
    c.shutdown();
    CHECK(server.requests().size() == 3);
    CHECK(server.connections() == 1);
}

TEST_CASE("hedge: by co_await, and with a key", "[curl][hedge]") {
    door first;
    scripted::server server{{{read_request(), first.step()}, {scripted::serve(ok("hi"))}}};
    client c;
    auto r = post(server.url());
    r.profile = &acme;
    r.idempotency_key = "k-1";
    std::vector<sent> got;
    door done;
    one(c.lane(quick(1)), r, got, done);
    REQUIRE(done.wait());
    CHECK(got.at(0).ended() == end::done);
    const auto seen = server.requests();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].field("idempotency-key") == seen[1].field("idempotency-key"));
    CHECK(seen[0].body == seen[1].body);
    first.open();
}

TEST_CASE("hedge: what is told when the first fails", "[curl][hedge]") {
    client c;
    const auto lane = c.lane(quick(1));
    const auto of = [&](const std::string& first, const std::string& second) {
        door second_came;
        scripted::server server{both_slow(second_came, first, second)};
        return hedge(lane, get(server.url()), {.after = 5ms}).future().get();
    };
    SECTION("the hedge's success") {
        const auto r = of(response("500 Oops"), ok("second"));
        REQUIRE(r.ended() == end::done);
        CHECK(r.last()->body == "second");
        CHECK(r.attempts() == 2);
    }
    SECTION("its own failure, if the hedge fails as well") {
        const auto r = of(busy, busy);
        CHECK(r.ended() == end::exhausted);
        CHECK(r.certainty() == certainty::rejected);
        CHECK(r.attempts() == 1);
    }
    SECTION("that it may have been done, if the hedge may have done it") {
        const auto r = of(busy, "garbage");
        CHECK(r.ended() == end::unknown);
        CHECK(r.attempts() == 2);
    }
    SECTION("a final answer, without waiting for the hedge") {
        door second_came;
        door got_it;
        auto in_time = false;
        scripted::server server{
            {{read_request(), second_came.step(), send(response("404 Not Found"))},
             {read_request(), run([&] { second_came.open(); }),
              run([&] { in_time = got_it.wait(); })}}};
        const auto r = hedge(lane, get(server.url()), {.after = 5ms}).future().get();
        got_it.open();
        server.stop();
        CHECK(in_time);
        CHECK(r.ended() == end::permanent);
        CHECK(r.last()->status == 404);
    }
    SECTION("at once, if there is no hedge yet") {
        scripted::server server{{{read_request(), send(response("500 Oops"))}}};
        const auto r = hedge(lane, get(server.url()), {.after = 1h}).future().get();
        CHECK(r.ended() == end::unknown);
        CHECK(r.attempts() == 1);
        CHECK(server.requests().size() == 1);
    }
}

TEST_CASE("hedge: none while the first waits, after a hedge failed, or after a throttled try",
          "[curl][hedge]") {
    door answer;
    SECTION("for its turn") {
        bide::concurrency_limit gate({.in_flight = 1});
        scripted::server server{
            {{read_request(), answer.step(), send(ok("a"))}, {scripted::serve(ok("b"))}}};
        client c;
        const auto lane = c.lane(with(gate, quick(1)));
        auto before = lane.send(get(server.url())).future();
        (void)server.requests(1);
        auto r = hedge(lane, get(server.url()), {.after = 1ms}).future();
        CHECK(r.wait_for(30ms) == std::future_status::timeout);
        answer.open();
        CHECK(before.get().ended() == end::done);
        CHECK(r.get().attempts() == 1);
    }
    SECTION("for its retry; then the time runs anew") {
        scripted::server server{{{read_request(), send(response("503 No")), read_request(),
                                  answer.step(), send(ok("a"))},
                                 {scripted::serve(ok("b"))}}};
        client c;
        auto r = hedge(c.lane(quick(2, 60ms)), numbered(server), {.after = 40ms}).future().get();
        CHECK(r.last()->body == "b");
        CHECK(r.attempts() == 3);
        CHECK(r.elapsed().value_or(0s) >= 100ms);
        CHECK(numbers(server) == std::vector<std::string>{"1", "2", "3"});
        answer.open();
    }
    SECTION("for a retry of a hedge") {
        scripted::server server{{{read_request(), answer.step(), send(ok("a"))},
                                 {scripted::serve(response("503 No"))}}};
        client c;
        auto r = hedge(c.lane(quick(9)), get(server.url()), {.after = 1ms}).future();
        (void)server.requests(2);
        CHECK(comes([&] { return c.held() == 1; }));
        answer.open();
        CHECK(r.get().last()->body == "a");
        CHECK(server.requests().size() == 2);
    }
    SECTION("throttled") {
        scripted::server server{
            {{read_request(), send(busy), read_request(), answer.step(), send(ok("a"))},
             {scripted::serve(ok("b"))}}};
        client c;
        auto r = hedge(c.lane(quick(2)), get(server.url()), {.after = 40ms}).future();
        CHECK(r.wait_for(90ms) == std::future_status::timeout);
        answer.open();
        const auto a = r.get();
        CHECK(a.last()->body == "a");
        CHECK(server.requests().size() == 2);
    }
}

TEST_CASE("hedge: each takes a retry from the budget", "[curl][hedge]") {
    const auto bodies_with = [](client& c, const auto& plan) {
        std::vector<std::string> all;
        const auto lane = c.lane(plan);
        for (int i = 0; i != 2; ++i) {
            door first;
            scripted::server server{{{read_request(), first.step(), send(ok("first"))},
                                     {scripted::serve(ok("hedge"))}}};
            auto r = hedge(lane, get(server.url()), {.after = 1ms}).future();
            while (r.wait_for(1ms) == std::future_status::timeout)
                if (c.held() == 1) first.open();  // the hedge has ended, unsent
            all.push_back(r.get().last()->body);
            first.open();
        }
        return all;
    };
    const bide::retry_budget::options one_retry{
        .ratio = 0, .reserve_per_second = 1 / 60., .window = 60s};
    const auto left = [](const bide::retry_budget& of) {
        return of.balance(std::chrono::steady_clock::now());
    };
    const std::vector<std::string> once{"hedge", "first"};
    {
        client c;
        bide::retry_budget budget{one_retry};
        CHECK(bodies_with(c, with(budget, quick(1))) == once);
        CHECK(left(budget) == 0);
    }
    {
        client c({.budget = one_retry});
        CHECK(bodies_with(c, quick(1)) == once);
    }
    {
        client c({.budget = std::nullopt});
        CHECK(bodies_with(c, quick(1)) == std::vector<std::string>{"hedge", "hedge"});
    }
    // One that was decided and had no turn goes back.
    bide::retry_budget budget{one_retry};
    bide::concurrency_limit gate({.in_flight = 1});
    door first;
    scripted::server server{{{read_request(), first.step(), send(ok("first"))}}};
    client c;
    auto r = hedge(c.lane(with(gate, budget, quick(1))), get(server.url()), {.after = 1ms});
    auto there = std::move(r).future();
    (void)server.requests(1);
    CHECK(comes([&] { return left(budget) == 0; }));
    first.open();
    CHECK(there.get().attempts() == 1);
    c.shutdown();
    CHECK(left(budget) == 1);
}

TEST_CASE("hedge: is cancelled, shut down and turned away as one", "[curl][hedge]") {
    door first;
    std::stop_source stop;
    SECTION("stopped in flight it is answered, and not hedged") {
        scripted::server server{
            {{read_request(), first.step(), send(ok("first"))}, {scripted::serve(ok("hedge"))}}};
        client c;
        auto r =
            hedge(c.lane(quick(1)), get(server.url()), {.after = 50ms}, {.stop = stop.get_token()})
                .future();
        (void)server.requests(1);
        stop.request_stop();
        CHECK(r.wait_for(80ms) == std::future_status::timeout);
        first.open();
        CHECK(r.get().ended() == end::done);
        CHECK(server.requests().size() == 1);
    }
    SECTION("stopped before its time it is not sent") {
        client c;
        const auto lane = c.lane(quick(1));
        const auto later = std::chrono::steady_clock::now() + 1h;
        auto r = hedge(lane, get("http://127.0.0.1:1"), {.after = 1ms},
                       {.not_before = later, .stop = stop.get_token()})
                     .future();
        CHECK(r.wait_for(10ms) == std::future_status::timeout);
        stop.request_stop();
        CHECK(r.get().ended() == end::cancelled);
        CHECK(hedge(lane, get("http://127.0.0.1:1"), {.after = 1ms}, {.stop = stop.get_token()})
                  .future()
                  .get()
                  .ended() == end::cancelled);
    }
    SECTION("a shutdown answers the first and ends the hedge") {
        scripted::server server{{{read_request(), scripted::wait(20ms), send(ok("first"))}}};
        client c;
        auto r = hedge(c.lane(quick(1)), get(server.url()), {.after = 1h}).future();
        (void)server.requests(1);
        c.shutdown();
        CHECK(r.get().ended() == end::done);
        CHECK(c.held() == 0);
        CHECK(hedge(c.lane(quick(1)), get(server.url()), {.after = 1ms}).future().get().ended() ==
              end::deferred);
    }
    SECTION("without room for the hedge the first goes alone") {
        scripted::server server{serving(1, ok("first"))};
        client c({.capacity = 1, .full = bide::curl::when_full::refuse});
        const auto r = hedge(c.lane(quick(1)), get(server.url()), {.after = 1ms}).future().get();
        CHECK(r.ended() == end::done);
    }
}

TEST_CASE("hedge: refuses what must not be done twice, and what has no meaning",
          "[curl][hedge][errors]") {
    client c;
    const auto lane = c.lane(quick(1));
    const auto url = std::string{"http://127.0.0.1:1"};
    const auto refused = [&](const bide::curl::request& r, const bide::curl::hedge_options& how) {
        try {
            (void)hedge(lane, r, how);
        } catch (const std::invalid_argument& e) {
            return std::string{e.what()};
        }
        return std::string{};
    };
    CHECK(refused(post(url), {.after = 1s}) ==
          "bide::curl::hedge: the request must be idempotent by its method, its key or the "
          "caller's word, because a hedge has it done twice");
    auto by_word = post(url);
    by_word.idempotent = true;
    CHECK(refused(by_word, {.after = 1s}).empty());
    auto streamed = get(url);
    streamed.download.take = [](const bide::curl::body_part&) {};
    CHECK(refused(streamed, {.after = 1s}) ==
          "bide::curl::hedge: upload and download must be empty, because tries at the same time "
          "would share them");
    by_word.body.clear();
    by_word.upload.open = [] { return [](std::span<char>) { return std::size_t{0}; }; };
    CHECK(refused(by_word, {.after = 1s}).starts_with("bide::curl::hedge: upload"));
    CHECK(refused(get(url), {.after = 0s}) == "bide::curl::hedge: after must be > 0, got 0s");
    CHECK(refused(get(url), {.after = 1s, .most = 1}) ==
          "bide::curl::hedge: most must be from 2 to 5, got 1");
    CHECK(refused(get(url), {.after = 1s, .most = 6}) ==
          "bide::curl::hedge: most must be from 2 to 5, got 6");
    CHECK(refused(get(""), {.after = 1s}) == "bide::curl::request: url must not be empty");
}
