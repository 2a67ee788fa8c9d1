// SPDX-License-Identifier: MIT
#include <bide/stop_token.hpp>

#include "support/catch.hpp"
#include "support/event_log.hpp"

#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using bide::certainty;
using bide::constant;
using bide::end;
using bide::event;
using bide::event_kind;
using bide::max_attempts;
using bide::policy;
using bide::retry;
using bide::virtual_clock;
using bide::with;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = policy(constant(10s), max_attempts(3));

struct connection_lost : std::runtime_error {
    connection_lost() : std::runtime_error{"lost"} {}
};

}  // namespace

TEST_CASE("stop_token: without a request everything is as ever", "[stop_token]") {
    virtual_clock clock;
    const std::stop_source source;
    const auto plan = with(clock, source.get_token(), rules);
    CHECK(retry(plan, [] { return 7; }).value() == 7);
    const auto got = retry(plan, [n = 0]() mutable {
        if (++n < 3) throw connection_lost{};
        return n;
    });
    CHECK(got.value() == 3);
    CHECK(clock.waits() == std::vector<bide::duration>{10s, 10s});
    // A token that nobody can use is fine, too.
    CHECK(retry(with(clock, std::stop_token{}, rules), [] { return 7; }).value() == 7);
}

TEST_CASE("stop_token: a request before the start", "[stop_token]") {
    virtual_clock clock;
    std::stop_source source;
    source.request_stop();
    auto calls = 0;
    const auto got = retry(with(clock, source.get_token(), rules), [&calls] { ++calls; });
    CHECK(calls == 0);
    CHECK(got.attempts() == 0);
    CHECK(got.ended() == end::cancelled);
    CHECK(got.certainty() == certainty::not_sent);
    CHECK(got.explain() == "cancelled after 0 tries in 0s: the caller asked to stop");
    CHECK_THROWS_WITH(got.value(), "bide: " + got.explain());
}

TEST_CASE("stop_token: a request ends a wait at once", "[stop_token]") {
    virtual_clock clock;
    std::stop_source source;
    clock.at(13s, [&source] { source.request_stop(); });
    const auto got = retry(with(clock, source.get_token(), rules), [] { throw connection_lost{}; });
    CHECK(clock.elapsed() == 13s);
    CHECK(got.attempts() == 2);
    CHECK(got.ended() == end::cancelled);
    CHECK(got.elapsed() == 13s);
    CHECK_THROWS_AS(got.value(), connection_lost);
    REQUIRE(got.history().size() == 2);
    CHECK(got.history()[0].wait == 10s);
    CHECK(got.history()[1].wait == 3s);  // what was waited, not what was planned
    CHECK(got.explain() ==
          "cancelled after 2 tries in 13s: the caller asked to stop; "
          "try 1: transient, rejected, waited 10s; try 2: transient, rejected, waited 3s");
}

TEST_CASE("stop_token: a request during a try lets it end", "[stop_token]") {
    virtual_clock clock;
    std::stop_source source;
    const auto plan = with(clock, source.get_token(), rules);
    CHECK(retry(plan, [&source] {
              source.request_stop();
              return 7;
          }).value() == 7);

    std::stop_source second;
    auto calls = 0;
    const auto got = retry(with(clock, second.get_token(), rules), [&] {
        ++calls;
        second.request_stop();
        throw connection_lost{};
    });
    CHECK(calls == 1);
    CHECK(got.ended() == end::cancelled);
    CHECK(clock.waits().empty());
}

TEST_CASE("stop_token: what may have happened is unknown", "[stop_token]") {
    virtual_clock clock;
    std::stop_source source;
    clock.at(3s, [&source] { source.request_stop(); });
    const auto got = retry(with(clock, source.get_token(), rules),
                           bide::idempotent([] { throw bide::ambiguous(connection_lost{}); }));
    CHECK(got.ended() == end::unknown);
    CHECK(got.stopped_by() == end::cancelled);
    CHECK(got.explain() ==
          "unknown after 1 try in 3s: the caller asked to stop; an earlier try may have acted; "
          "try 1: transient, ambiguous, waited 3s");
}

TEST_CASE("stop_token: what is left of the server's wait is not lost", "[stop_token]") {
    virtual_clock clock{1, bide::wall_time{1000s}};
    std::stop_source source;
    clock.at(3s, [&source] { source.request_stop(); });
    const auto got = retry(with(clock, source.get_token(), rules),
                           [] { throw bide::throttled(connection_lost{}, 20s); });
    CHECK(got.ended() == end::cancelled);
    CHECK(got.retry_in() == 17s);
    CHECK(got.retry_at() == bide::wall_time{1020s});
}

TEST_CASE("stop_token: a request when the wait is over", "[stop_token]") {
    virtual_clock clock;
    std::stop_source source;
    clock.at(10s, [&source] { source.request_stop(); });
    const auto got = retry(with(clock, source.get_token(), rules), [] { throw connection_lost{}; });
    CHECK(got.attempts() == 1);
    CHECK(got.ended() == end::cancelled);
}

TEST_CASE("stop_token: with an observer", "[stop_token][observe]") {
    virtual_clock clock;
    std::stop_source source;
    clock.at(3s, [&source] { source.request_stop(); });
    support::event_log seen;
    (void)retry(with(clock, seen, source.get_token(), rules), [] { throw connection_lost{}; });
    REQUIRE(seen.kinds() == "attempt backoff end");
    const auto& events = seen.events;
    CHECK(events[1].wait == 10s);
    CHECK(events[2].ended == end::cancelled);
    CHECK(events[2].at == bide::time_point{3s});
}

TEST_CASE("stop_token: the request may come from an observer", "[stop_token][observe]") {
    virtual_clock clock;
    std::stop_source source;
    const auto got = retry(with(
                               clock,
                               [&source](const event& e) {
                                   if (e.kind == event_kind::backoff) source.request_stop();
                               },
                               source.get_token(), rules),
                           [] { throw connection_lost{}; });
    CHECK(got.attempts() == 1);
    CHECK(got.ended() == end::cancelled);
    CHECK(clock.elapsed() == 0s);
}

TEST_CASE("stop_token: ends a wait at a gate", "[stop_token][gate]") {
    virtual_clock clock;
    bide::concurrency_limit gate({.in_flight = 1});
    bide::ticket other{[](void*) noexcept {}, nullptr};
    REQUIRE(gate.ask(other, {}, {}).says_go());
    std::stop_source source;
    clock.at(3s, [&source] { source.request_stop(); });
    const auto got = retry(with(clock, source.get_token(), gate, rules), [] {});
    CHECK(got.ended() == end::cancelled);
    CHECK(got.attempts() == 0);
    CHECK(clock.elapsed() == 3s);
    CHECK(gate.waiting() == 0);
    gate.give_back(other, {});
}

// The real clock. Nothing here measures time: without the request it would take days.
TEST_CASE("stop_token: a thread wakes a real wait", "[stop_token][threads]") {
    constexpr auto patient = policy(constant(24h), max_attempts(3));
    for (auto i = 0; i < 20; ++i) {
        std::stop_source source;
        std::atomic<bool> tried = false;
        std::thread other{[&] {
            while (!tried) std::this_thread::yield();
            source.request_stop();
        }};
        const auto got = retry(with(source.get_token(), patient), [&tried] {
            tried = true;
            throw connection_lost{};
        });
        other.join();
        CHECK(got.ended() == end::cancelled);
        CHECK(got.attempts() == 1);
    }
}

TEST_CASE("stop_token: a real wait that nobody ends is over in time", "[stop_token]") {
    const std::stop_source source;
    const auto got = retry(with(source.get_token(), policy(constant(1us), max_attempts(3))),
                           [] { throw connection_lost{}; });
    CHECK(got.attempts() == 3);
    CHECK(got.ended() == end::exhausted);
}

TEST_CASE("stop_token: a thread wakes a real wait at a gate, with an observer",
          "[stop_token][gate][threads]") {
    bide::concurrency_limit gate({.in_flight = 1});
    bide::ticket other_place{[](void*) noexcept {}, nullptr};
    REQUIRE(gate.ask(other_place, {}, {}).says_go());
    for (auto i = 0; i < 20; ++i) {
        std::stop_source source;
        std::thread other{[&] {
            while (gate.waiting() == 0) std::this_thread::yield();
            source.request_stop();
        }};
        auto told = 0;
        const auto watch = [&told](const event&) { ++told; };
        const auto got = retry(with(source.get_token(), watch, gate, rules), [] {});
        other.join();
        CHECK(got.ended() == end::cancelled);
        CHECK(told == 2);
        CHECK(gate.waiting() == 0);
    }
    gate.give_back(other_place, {});
}

TEST_CASE("stop_token: a permit that comes back wakes a real wait", "[stop_token][gate][threads]") {
    bide::concurrency_limit gate({.in_flight = 1});
    for (auto i = 0; i < 50; ++i) {
        bide::ticket place{[](void*) noexcept {}, nullptr};
        REQUIRE(gate.ask(place, {}, {}).says_go());
        std::thread other{[&] {
            while (gate.waiting() == 0) std::this_thread::yield();
            gate.finish(place, {}, {});
        }};
        CHECK(retry(with(gate, rules), [] { return 7; }).value() == 7);
        other.join();
    }
    CHECK(gate.in_flight() == 0);
}

TEST_CASE("stop_token: one token stops many operations", "[stop_token][threads]") {
    constexpr auto patient = policy(constant(24h), max_attempts(3));
    std::stop_source source;
    const auto plan = with(source.get_token(), patient);
    std::atomic<int> tried = 0;
    std::atomic<int> cancelled = 0;
    std::vector<std::thread> crowd;
    for (auto i = 0; i < 8; ++i)
        crowd.emplace_back([&] {
            const auto got = retry(plan, [&tried] {
                ++tried;
                throw connection_lost{};
            });
            if (got.ended() == end::cancelled) ++cancelled;
        });
    while (tried < 8) std::this_thread::yield();
    source.request_stop();
    for (auto& t : crowd) t.join();
    CHECK(cancelled == 8);
}
