// SPDX-License-Identifier: MIT
#include <bide/testing.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <stdexcept>
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
