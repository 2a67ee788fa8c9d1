// SPDX-License-Identifier: MIT
#include <bide/testing.hpp>

#include "support/catch.hpp"
#include "support/event_log.hpp"
#include "support/recording_gate.hpp"

#include <bide/gate.hpp>
#include <bide/stop_token.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using bide::duration;
using bide::never;
using bide::time_point;
using bide::virtual_clock;
using bide::wall_time;
using namespace std::chrono_literals;

// --- as a user writes it ------------------------------------------------------------------------

namespace {

/// What a user tests: three tries, and a code that is worthless after a minute.
constexpr auto for_codes = bide::policy(bide::exponential({.base = 2s}) | bide::equal_jitter,
                                        bide::max_attempts(3) | bide::max_elapsed(60s));

}  // namespace

TEST_CASE("virtual_clock: test your retry policy without sleeping", "[testing][virtual_clock]") {
    virtual_clock clock;
    auto calls = 0;
    const auto sent = bide::retry(bide::with(clock, for_codes), [&] {
        clock.advance(300ms);  // each call takes this long
        if (++calls < 3) throw std::runtime_error{"connection reset"};
        return "queued";
    });
    CHECK(std::string{sent.value()} == "queued");
    REQUIRE(clock.waits().size() == 2);
    CHECK(clock.waits()[0] >= 1s);
    CHECK(clock.waits()[0] <= 2s);
    CHECK(clock.waits()[1] >= 2s);
    CHECK(clock.waits()[1] <= 4s);
    CHECK(clock.elapsed() == 3 * 300ms + clock.waits()[0] + clock.waits()[1]);
}

TEST_CASE("virtual_clock: the same seed gives the same waits", "[testing][virtual_clock]") {
    const auto run = [](std::uint64_t seed) {
        virtual_clock clock{seed};
        const auto fails = [] { throw std::runtime_error{""}; };
        (void)bide::retry(bide::with(clock, for_codes), fails);
        (void)bide::retry(bide::with(clock, for_codes), fails);
        return clock.waits();
    };
    CHECK(run(1) == run(1));
    CHECK(run(1) != run(5));
    const auto waits = run(1);
    REQUIRE(waits.size() == 4);
    CHECK(waits[0] != waits[2]);  // each operation gets another sequence
}

// --- the clock itself ---------------------------------------------------------------------------

TEST_CASE("virtual_clock: begins at zero and moves as it is told", "[testing][virtual_clock]") {
    virtual_clock clock{1, wall_time{1000s}};
    CHECK(clock.now() == time_point{});
    CHECK(clock.elapsed() == 0s);
    CHECK(clock.wall() == wall_time{1000s});
    clock.advance(1.5s);
    CHECK(clock.now() == time_point{1500ms});
    CHECK(clock.wall() == wall_time{1001500ms});
    clock.advance(0s);
    clock.advance(-1s);  // it never goes back
    CHECK(clock.elapsed() == 1500ms);
    CHECK(clock.waits().empty());
}

TEST_CASE("virtual_clock: a sleep jumps and is written down", "[testing][virtual_clock]") {
    virtual_clock clock;
    clock.sleep_until(time_point{5s});
    CHECK(clock.elapsed() == 5s);
    clock.sleep_until(time_point{3s});  // is over already
    CHECK(clock.elapsed() == 5s);
    CHECK(clock.waits() == std::vector<duration>{5s, 0s});
}

TEST_CASE("virtual_clock: plans happen in their order, at their time", "[testing][virtual_clock]") {
    virtual_clock clock;
    clock.advance(10s);
    std::vector<std::string> log;
    const auto note = [&](std::string what) {
        return [&log, &clock, what] {
            log.push_back(what + "@" + std::to_string(clock.elapsed() / 1s));
        };
    };
    clock.at(3s, note("c"));
    clock.at(1s, note("a"));
    clock.at(1s, note("b"));  // the same instant: as planned
    clock.at(9s, note("late"));
    clock.at(-1s, note("past"));
    clock.sleep_until(clock.now() + 5s);
    CHECK(log == std::vector<std::string>{"past@10", "a@11", "b@11", "c@13"});
    CHECK(clock.elapsed() == 15s);
    clock.advance(4s);
    CHECK(log.back() == "late@19");
}

TEST_CASE("virtual_clock: a plan may plan and take time", "[testing][virtual_clock]") {
    virtual_clock clock;
    std::vector<int> log;
    clock.at(1s, [&] {
        log.push_back(1);
        clock.at(1s, [&] { log.push_back(2); });
        clock.at(10s, [&] { log.push_back(3); });
    });
    clock.advance(5s);
    CHECK(log == std::vector<int>{1, 2});
    CHECK(clock.elapsed() == 5s);

    clock.at(1s, [&] { clock.advance(1min); });  // longer than the wait
    clock.advance(2s);
    CHECK(clock.elapsed() == 66s);
    CHECK(log.back() == 3);
}

TEST_CASE("virtual_clock: the ends of time", "[testing][virtual_clock][limits]") {
    virtual_clock clock{1, wall_time{1000s}};
    clock.advance(1s);
    auto happened = false;
    clock.at(std::chrono::hours::max(), [&happened] { happened = true; });
    CHECK_FALSE(happened);
    clock.advance(std::chrono::hours::max());
    CHECK(happened);
    CHECK(clock.now() == never);
    CHECK(clock.wall() == wall_time::max());
    clock.advance(1s);
    CHECK(clock.now() == never);
}

// --- its alarm ----------------------------------------------------------------------------------

TEST_CASE("virtual_clock::alarm: the time comes, or it rings", "[testing][virtual_clock]") {
    virtual_clock clock;
    virtual_clock::alarm alarm{clock};
    CHECK_FALSE(alarm.wait_until(time_point{2s}));
    CHECK(clock.elapsed() == 2s);

    clock.at(3s, [&alarm] { alarm.ring(); });
    CHECK(alarm.wait_until(time_point{1h}));
    CHECK(clock.elapsed() == 5s);

    alarm.ring();  // before the wait: the next one ends at once, that one only
    alarm.ring();
    CHECK(alarm.wait_until(time_point{1h}));
    CHECK(clock.elapsed() == 5s);
    CHECK_FALSE(alarm.wait_until(time_point{6s}));

    CHECK_FALSE(alarm.wait_until(time_point{1s}));  // is over already
    CHECK(clock.elapsed() == 6s);
    CHECK(clock.waits() == std::vector<duration>{2s, 3s, 0s, 1s, 0s});
}

TEST_CASE("virtual_clock::alarm: a ring at the very end of the wait counts",
          "[testing][virtual_clock]") {
    virtual_clock clock;
    virtual_clock::alarm alarm{clock};
    clock.at(2s, [&alarm] { alarm.ring(); });
    CHECK(alarm.wait_until(time_point{2s}));
}

TEST_CASE("virtual_clock::alarm: a wait without end is an error, unless something is planned",
          "[testing][virtual_clock][errors]") {
    virtual_clock clock;
    virtual_clock::alarm alarm{clock};
    CHECK_THROWS_WITH(alarm.wait_until(never),
                      "bide::virtual_clock: this wait has no end and nothing is planned that could "
                      "end it");
    CHECK_THROWS_AS(alarm.wait_until(never), std::logic_error);
    clock.at(2s, [&alarm] { alarm.ring(); });
    CHECK(alarm.wait_until(never));
    CHECK(clock.elapsed() == 2s);
}

TEST_CASE("virtual_clock::alarm: may be rung by any thread", "[testing][virtual_clock][threads]") {
    virtual_clock clock;
    virtual_clock::alarm alarm{clock};
    std::thread other{[&alarm] { alarm.ring(); }};
    while (!alarm.wait_until(clock.now() + 1s)) std::this_thread::yield();
    other.join();
    CHECK_FALSE(clock.waits().empty());
}

// --- no_waiting, no_retrying --------------------------------------------------------------------

namespace {

using bide::constant;
using bide::end;
using bide::max_attempts;
using bide::no_retrying;
using bide::no_waiting;
using bide::policy;
using bide::retry;
using bide::with;

/// Without the switches, what uses this would take days.
constexpr auto patient = policy(constant(24h), max_attempts(4));

const auto fails = [] { throw std::runtime_error{"connection reset"}; };

/// Code under test, whose policy is out of reach.
std::string code_under_test(int failures) {
    return retry(patient,
                 [n = failures]() mutable {
                     if (n-- > 0) throw std::runtime_error{"connection reset"};
                     return std::string{"sent"};
                 })
        .value();
}

}  // namespace

TEST_CASE("no_waiting: code with a plan out of reach is tested without sleeping",
          "[testing][no_waiting]") {
    const no_waiting guard;
    CHECK(code_under_test(3) == "sent");
    CHECK_THROWS_WITH(code_under_test(4), "connection reset");
}

TEST_CASE("no_waiting: the waits that were skipped are named", "[testing][no_waiting]") {
    const no_waiting guard;
    support::event_log seen;
    const auto got = retry(with(seen, patient), fails);
    CHECK(got.ended() == end::exhausted);
    CHECK(got.attempts() == 4);
    CHECK(got.history()[0].wait == 24h);
    CHECK(seen.kinds() == "attempt backoff attempt backoff attempt backoff attempt end");
    CHECK(seen.events[1].wait == 24h);
}

TEST_CASE("no_waiting: a server's wait is skipped, one that is too long still defers",
          "[testing][no_waiting]") {
    const no_waiting guard;
    const auto asks = [](bide::timespan wait) {
        return retry(patient, [wait, n = 0]() mutable {
            if (++n < 2) throw bide::throttled(std::runtime_error{"429"}, wait);
        });
    };
    CHECK(asks(60s).ended() == end::done);
    CHECK(asks(61s).ended() == end::deferred);
}

TEST_CASE("no_waiting: a limit of time still refuses a wait that does not fit",
          "[testing][no_waiting]") {
    const no_waiting guard;
    const auto got = retry(policy(constant(24h), max_attempts(4) | bide::max_elapsed(1h)), fails);
    CHECK(got.ended() == end::out_of_time);
    CHECK(got.attempts() == 1);
}

TEST_CASE("no_waiting: with a stop token", "[testing][no_waiting]") {
    const no_waiting guard;
    std::stop_source source;
    const auto plan = with(source.get_token(), patient);
    CHECK(retry(plan, fails).attempts() == 4);
    auto calls = 0;
    const auto stopped = retry(plan, [&] {
        if (++calls == 2) source.request_stop();
        fails();
    });
    CHECK(calls == 2);
    CHECK(stopped.ended() == end::cancelled);
}

TEST_CASE("no_waiting: a gate with a time is asked as if it had come", "[testing][no_waiting]") {
    const no_waiting guard;
    bide::initial_jitter spread{24h, 7};
    support::gate_log log;
    support::recording_gate behind{"b", log};
    auto calls = 0;
    const auto got = retry(with(spread, behind, patient), [&calls] {
        ++calls;
        fails();
    });
    CHECK(calls == 4);
    CHECK(got.ended() == end::exhausted);
    REQUIRE(behind.reports.size() == 4);
    CHECK(behind.asked_at[0] > behind.ended_at);  // as if the time had come
    CHECK(behind.reports[0].latency == 0s);
}

TEST_CASE("no_waiting: a gate's time beyond the limit does not come", "[testing][no_waiting]") {
    const no_waiting guard;
    const auto late = bide::system_runtime::now() + 2h;
    support::gate_log log;
    support::recording_gate gate{
        "g",
        log,
        {bide::gate_answer::wait(late, true, "a"), bide::gate_answer::wait(late, true, "b")}};
    const auto hour = policy(constant(1s), bide::max_elapsed(1h));
    CHECK(retry(with(gate, hour), [] {}).ended() == end::deferred);
    CHECK(log == support::gate_log{"g:wait", "g:wait", "g:leave"});
}

TEST_CASE("no_waiting: a gate that only an event opens is waited for",
          "[testing][no_waiting][threads]") {
    const no_waiting guard;
    bide::concurrency_limit gate({.in_flight = 1});
    bide::ticket place{[](void*) noexcept {}, nullptr};
    REQUIRE(gate.ask(place, {}, {}).says_go());
    std::atomic<bool> came_back = false;
    std::thread other{[&] {
        while (gate.waiting() == 0) std::this_thread::yield();
        came_back = true;
        gate.give_back(place, {});
    }};
    const auto got = retry(with(gate, patient), [&came_back] { return came_back.load(); });
    other.join();
    CHECK(got.value());
}

TEST_CASE("no_waiting: a plan with a clock of its own is left alone", "[testing][no_waiting]") {
    const no_waiting guard;
    virtual_clock clock;
    bide::initial_jitter spread{10s, 7};
    (void)retry(with(clock, spread, patient), fails);
    REQUIRE(clock.waits().size() == 4);
    CHECK(clock.waits()[1] == 24h);
    CHECK(clock.elapsed() == 3 * 24h + clock.waits()[0]);
}

TEST_CASE("no_waiting: holds for other threads, and while one of several lives",
          "[testing][no_waiting][threads]") {
    std::string from_thread;
    {
        const no_waiting outer;
        {
            const no_waiting inner;
        }
        std::thread{[&from_thread] { from_thread = code_under_test(3); }}.join();
    }
    CHECK(from_thread == "sent");

    // Over: a wait is a wait again. A stop request ends it, or else it would take a day.
    std::stop_source source;
    std::atomic<int> calls = 0;
    std::thread other{[&] {
        while (calls == 0) std::this_thread::yield();
        source.request_stop();
    }};
    const auto got = retry(with(source.get_token(), patient), [&calls] {
        ++calls;
        fails();
    });
    other.join();
    CHECK(calls == 1);
    CHECK(got.ended() == end::cancelled);
}

TEST_CASE("no_retrying: what would be retried ends as exhausted", "[testing][no_retrying]") {
    support::event_log seen;
    {
        const no_retrying guard;
        CHECK_THROWS_WITH(code_under_test(1), "connection reset");
        CHECK(code_under_test(0) == "sent");
        const auto got = retry(with(seen, patient), fails);
        CHECK(got.ended() == end::exhausted);
        CHECK(got.attempts() == 1);
        CHECK(got.history()[0].wait == 0s);
        CHECK(seen.kinds() == "attempt end");
        virtual_clock clock;
        CHECK(retry(with(clock, patient), fails).attempts() == 1);  // reaches all plans
    }
    virtual_clock clock;
    CHECK(retry(with(clock, patient), fails).attempts() == 4);
}

TEST_CASE("no_retrying: what would not be retried ends as ever", "[testing][no_retrying]") {
    const no_retrying guard;
    const auto ended = [](auto thrown) {
        return retry(patient, [&thrown] { throw thrown; }).ended();
    };
    CHECK(ended(std::logic_error{""}) == end::permanent);
    CHECK(ended(bide::ambiguous(std::runtime_error{""})) == end::unknown);
    CHECK(ended(bide::throttled(std::runtime_error{""}, 2h)) == end::deferred);
    CHECK(ended(bide::not_sent(std::runtime_error{""})) == end::exhausted);

    // What may have acted stays unknown, and a server's wait is still reported.
    const auto maybe_sent =
        retry(patient, bide::idempotent([] { throw bide::ambiguous(std::runtime_error{""}); }));
    CHECK(maybe_sent.ended() == end::unknown);
    CHECK(maybe_sent.stopped_by() == end::exhausted);
    const auto asked = retry(patient, [] { throw bide::throttled(std::runtime_error{""}, 5s); });
    CHECK(asked.ended() == end::exhausted);
    CHECK(asked.retry_in() == 5s);
}

TEST_CASE("no_retrying: gates and stop requests hold for the first try", "[testing][no_retrying]") {
    const no_retrying guard;
    virtual_clock clock;
    bide::initial_jitter spread{10s, 7};
    CHECK(retry(with(clock, spread, patient), fails).ended() == end::exhausted);
    CHECK(clock.waits().size() == 1);
    std::stop_source source;
    source.request_stop();
    CHECK(retry(with(source.get_token(), patient), fails).ended() == end::cancelled);
}
