// SPDX-License-Identifier: MIT
#include <bide/limit/retry_budget.hpp>

#include "support/catch.hpp"
#include "support/gate_schedule.hpp"

#include <bide/bide.hpp>
#include <bide/random.hpp>
#include <bide/testing.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using bide::budget_note;
using bide::duration;
using bide::retry_budget;
using bide::time_point;
using namespace std::chrono_literals;

namespace {

constexpr bide::finding failed{};
constexpr time_point start{1000s};

void deposit(retry_budget& b, int requests, time_point now) {
    for (budget_note note; requests > 0; --requests) b.began(note, 1, now);
}
bool withdraw(retry_budget& b, time_point now) {
    budget_note note;
    return b.take(note, failed, now) == nullptr;
}
int withdraw_all(retry_budget& b, time_point now) {
    auto n = 0;
    while (withdraw(b, now)) ++n;
    return n;
}

static_assert(!std::is_copy_constructible_v<retry_budget>);
static_assert(!std::is_convertible_v<retry_budget::options, retry_budget>);

}  // namespace

TEST_CASE("retry_budget: rejects what has no meaning", "[limit][retry_budget][errors]") {
    CHECK_THROWS_WITH(retry_budget({.ratio = -0.1}),
                      "bide::retry_budget: ratio must be from 0 to 1000, got -0.1");
    CHECK_THROWS_WITH(retry_budget({.ratio = 1000.5}),
                      "bide::retry_budget: ratio must be from 0 to 1000, got 1000.5");
    CHECK_THROWS_AS(retry_budget({.ratio = std::numeric_limits<double>::quiet_NaN()}),
                    std::invalid_argument);
    CHECK_THROWS_WITH(retry_budget({.reserve_per_second = -1}),
                      "bide::retry_budget: reserve_per_second must be from 0 to 1000000, got -1");
    CHECK_THROWS_WITH(retry_budget({.window = 999ms}),
                      "bide::retry_budget: window must be from 1s to 60s, got 999ms");
    CHECK_THROWS_WITH(retry_budget({.window = 61s}),
                      "bide::retry_budget: window must be from 1s to 60s, got 61s");
    CHECK_THROWS_AS(retry_budget({.window = 0s}), std::invalid_argument);
    CHECK_NOTHROW(retry_budget({.ratio = 0, .reserve_per_second = 0, .window = 1s}));
    CHECK_NOTHROW(retry_budget({.ratio = 1000, .reserve_per_second = 1e6, .window = 60s}));
}

TEST_CASE("retry_budget: a fraction of the requests and a reserve", "[limit][retry_budget]") {
    retry_budget b;
    CHECK(b.balance(start) == 100);  // the reserve of the defaults
    deposit(b, 50, start);
    CHECK(b.balance(start) == 110);
    CHECK(withdraw_all(b, start) == 110);
    CHECK(b.balance(start) == 0);
    deposit(b, 4, start);
    CHECK_FALSE(withdraw(b, start));
    deposit(b, 1, start);
    CHECK(withdraw(b, start));
    budget_note note;
    CHECK(std::string{b.take(note, failed, start)} == "the retry budget is spent");

    // Only first tries are requests.
    for (std::uint64_t attempt = 2; attempt < 100; ++attempt) b.began(note, attempt, start);
    CHECK(b.balance(start) == 0);
}

TEST_CASE("retry_budget: both are forgotten, requests first", "[limit][retry_budget]") {
    retry_budget b({.ratio = 1, .reserve_per_second = 0});
    deposit(b, 1, start);
    CHECK(withdraw(b, start));
    CHECK(b.balance(start + 9s) == 0);
    deposit(b, 1, start + 9s);
    CHECK(b.balance(start + 9s) == 1);
    CHECK(b.balance(start + 10s) == 1);
    CHECK(b.balance(start + 18s + 999ms) == 1);
    CHECK(b.balance(start + 19s) == 0);

    // In the midst of a slot the request is forgotten sooner, the retry to the nanosecond.
    deposit(b, 1, start + 20s + 500ms);
    CHECK(withdraw(b, start + 20s + 500ms));
    deposit(b, 1, start + 29s);
    CHECK(b.balance(start + 30s) == 0);
    CHECK(b.balance(start + 30s + 499ms) == 0);
    CHECK(b.balance(start + 30s + 500ms) == 1);

    // The reserve comes back as retries are forgotten.
    retry_budget reserve({.ratio = 0, .reserve_per_second = 5, .window = 1s});
    CHECK(withdraw_all(reserve, start) == 5);
    CHECK(withdraw_all(reserve, start + 1s - 1ns) == 0);
    CHECK(retry_budget({.ratio = 0, .reserve_per_second = 5}).balance(start) == 50);
    retry_budget calm({.ratio = 0, .reserve_per_second = 5, .window = 1s});
    CHECK(withdraw_all(calm, start) == 5);
    CHECK(withdraw_all(calm, start + 1s) == 5);
}

TEST_CASE("retry_budget: who was refused gets retries evenly", "[limit][retry_budget]") {
    // 100 requests per second fail, and each wants one retry.
    retry_budget b({.ratio = 0.2, .reserve_per_second = 5});
    std::array<int, 60> retries{};
    for (auto i = 0; i < 6000; ++i) {
        const auto now = start + i * 10ms;
        deposit(b, 1, now);
        if (withdraw(b, now)) ++retries.at(static_cast<std::size_t>(i / 100));
    }
    // The reserve, and what the first requests bring, at once; then nothing until that is
    // forgotten.
    CHECK(retries[0] == 70);
    CHECK(retries[9] <= 25);
    auto sum = 0;
    for (std::size_t s = 10; s < 60; ++s) {
        CAPTURE(s);
        CHECK(retries.at(s) <= 25);
        sum += retries.at(s);
    }
    CHECK(sum > 50 * 25 * 9 / 10);  // slots count what has come of them

    // A window without a refusal, and there are savings again.
    for (auto s = 60; s < 70; ++s) deposit(b, 100, start + s * 1s);
    CHECK(withdraw_all(b, start + 69s + 999ms) == 250);
}

TEST_CASE("retry_budget: what was given back is as if never taken", "[limit][retry_budget]") {
    retry_budget b({.ratio = 0, .reserve_per_second = 1, .window = 1s});
    budget_note note;
    CHECK(b.take(note, failed, start) == nullptr);
    CHECK(b.balance(start) == 0);
    b.give_back(note, start + 500ms);
    CHECK(b.balance(start) == 1);
    b.give_back(note, start + 500ms);  // once too often
    CHECK(b.balance(start) == 1);
    CHECK(b.take(note, failed, start) == nullptr);
    b.give_back(note, start + 1h);  // long forgotten
    CHECK(b.balance(start + 1h) == 1);
    budget_note late;
    CHECK(b.take(late, failed, start + 1600ms) == nullptr);  // the same word of memory, a lap later
    b.give_back(note, start + 1600ms);
    CHECK(b.balance(start + 1600ms) == 0);
}

TEST_CASE("retry_budget: for HTTP throttled tries are free", "[limit][retry_budget]") {
    constexpr bide::finding throttled{.verdict = bide::verdict::throttled};
    auto rules = retry_budget::for_http();
    CHECK(retry_budget(rules).balance(start) == 100);
    rules.reserve_per_second = 0.1;
    retry_budget free(rules);
    rules.counts_throttled = true;
    retry_budget counted(rules);
    for (auto* b : {&free, &counted}) {
        budget_note note;
        CHECK(b->take(note, throttled, start) == nullptr);
        CHECK(b->balance(start) == (b == &free ? 1 : 0));
        b->give_back(note, start);
        CHECK(b->balance(start) == 1);  // what was free is not given back in coin
        CHECK(b->take(note, failed, start) == nullptr);
        CHECK((b->take(note, throttled, start) == nullptr) == (b == &free));
        CHECK(b->take(note, {.verdict = bide::verdict::overloaded}, start) != nullptr);
        CHECK(b->take(note, {.certainty = bide::certainty::not_sent}, start) != nullptr);
    }
}

TEST_CASE("retry_budget: clocks of threads that differ neither mint nor lose much",
          "[limit][retry_budget]") {
    retry_budget b({.ratio = 1, .reserve_per_second = 0});
    deposit(b, 1, start + 5s);
    CHECK(b.balance(start) == 1);  // a thread that is behind sees what another did
    CHECK(withdraw(b, start));
    CHECK(b.balance(start + 5s) == 0);
    deposit(b, 1, start - 11s);  // the same word of memory, a lap ago
    CHECK(b.balance(start + 5s) == 0);
    deposit(b, 1, start + 5s);
    CHECK(b.balance(start + 5s) == 1);
}

TEST_CASE("retry_budget: huge counts do not overflow", "[limit][retry_budget][limits]") {
    retry_budget b({.ratio = 1000, .reserve_per_second = 1e6, .window = 60s});
    CHECK(b.balance(start) == 60'000'000);
    deposit(b, 100'000, start);
    CHECK(b.balance(start) == 160'000'000);
    CHECK(b.balance(bide::never) == 60'000'000);
}

TEST_CASE("retry_budget: numbers of slots wrap", "[limit][retry_budget][limits]") {
    retry_budget b({.ratio = 1, .reserve_per_second = 0, .window = 1s});
    constexpr time_point last{(std::int64_t{1} << 32U) * 100ms - 1ns};
    deposit(b, 3, last);
    budget_note note;
    CHECK(b.take(note, failed, last) == nullptr);
    CHECK(b.balance(last) == 2);
    b.give_back(note, last);
    CHECK(b.balance(last + 1ns) == 3);
    CHECK(withdraw(b, last + 1ns));
    CHECK(b.balance(last + 1ns) == 2);
    CHECK(b.balance(last + 1s) == 0);
}

// In any window: retries <= ratio * requests + reserve, whatever comes when.
TEST_CASE("retry_budget: the bound holds in any window", "[limit][retry_budget][property]") {
    bide::splitmix64 random{1};
    const auto schedules = support::schedules(200);
    const auto below = [&random](std::uint64_t n) { return random() % n; };
    for (std::uint64_t schedule = 0; schedule < schedules; ++schedule) {
        const auto percent = static_cast<int>(below(60));
        const auto reserve = static_cast<int>(below(4));
        const auto window = std::chrono::seconds{1 + static_cast<int>(below(3))};
        retry_budget b({.ratio = percent / 100.0,
                        .reserve_per_second = static_cast<double>(reserve),
                        .window = window});
        const auto allowed = reserve * static_cast<int>(window.count());
        auto now = start + duration{static_cast<std::int64_t>(below(1'000'000'000))};
        std::deque<time_point> requests;
        std::deque<time_point> retries;
        std::vector<budget_note> open;
        const auto steps = 20 + below(100);
        for (std::uint64_t step = 0; step < steps; ++step) {
            now += duration{
                static_cast<std::int64_t>(below(below(8) == 0 ? 2'000'000'000 : 50'000'000))};
            const auto what = below(3);
            if (what == 0) {
                deposit(b, 1, now);
                requests.push_back(now);
            } else if (budget_note note; b.take(note, failed, now) == nullptr) {
                if (below(8) == 0) {
                    b.give_back(note, now);
                    continue;
                }
                retries.push_back(now);
                const auto in_window = [&](std::deque<time_point>& times) {
                    while (!times.empty() && times.front() <= now - window) times.pop_front();
                    return static_cast<int>(times.size());
                };
                const auto n = in_window(retries);
                const auto of = in_window(requests);
                INFO("schedule " << schedule << ", step " << step);
                REQUIRE(100 * n <= percent * of + 100 * allowed);
            }
        }
        // At rest it equals a fresh one.
        REQUIRE(b.balance(now + 2 * window) == static_cast<std::uint64_t>(allowed));
    }
}

TEST_CASE("retry_budget: in an outage the load is 1.2 times, not four times",
          "[limit][retry_budget]") {
    bide::virtual_clock clock;
    retry_budget b({.ratio = 0.2, .reserve_per_second = 0});
    constexpr auto rules = bide::policy(bide::constant(1ms), bide::max_attempts(4));
    auto tries = 0;
    for (auto i = 0; i < 1000; ++i)
        (void)bide::retry(bide::with(clock, b, rules), [&tries] {
            ++tries;
            throw std::runtime_error{"down"};
        });
    CHECK(tries == 1200);
}

TEST_CASE("retry_budget: many threads take no more than there is",
          "[limit][retry_budget][threads]") {
    retry_budget b({.ratio = 0.5, .reserve_per_second = 1, .window = 10s});
    std::atomic<int> taken = 0;
    std::vector<std::thread> crowd;
    for (auto i = 0; i < 64; ++i)
        crowd.emplace_back([&b, &taken, i] {
            for (auto n = 0; n < 50; ++n) {
                budget_note note;
                b.began(note, 1, start);
                if (b.take(note, failed, start) != nullptr) continue;
                if ((n + i) % 4 == 0)
                    b.give_back(note, start);
                else
                    ++taken;
            }
        });
    for (auto& t : crowd) t.join();
    constexpr auto most = 64 * 50 / 2 + 10;
    CHECK(taken <= most);
    CHECK(b.balance(start) == static_cast<std::uint64_t>(most - taken));
}
