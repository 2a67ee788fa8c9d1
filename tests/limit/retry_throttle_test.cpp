// SPDX-License-Identifier: MIT
#include <bide/limit/retry_throttle.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using bide::budget_note;
using bide::finding;
using bide::retry_throttle;
using bide::time_point;
using bide::verdict;
using namespace std::chrono_literals;

namespace {

constexpr time_point now{};
constexpr finding failed{.verdict = verdict::overloaded};

void tell(retry_throttle& t, const finding& what, int times = 1) {
    for (budget_note note; times > 0; --times) t.ended(note, what, now);
}
bool allows(const retry_throttle& t) {
    budget_note note;
    return t.take(note, failed, now) == nullptr;
}

static_assert(!std::is_copy_constructible_v<retry_throttle>);
static_assert(!std::is_convertible_v<retry_throttle::options, retry_throttle>);

}  // namespace

TEST_CASE("retry_throttle: rejects what has no meaning", "[limit][retry_throttle][errors]") {
    CHECK_THROWS_WITH(retry_throttle({.max_tokens = 0}),
                      "bide::retry_throttle: max_tokens must be from 1 to 1000, got 0");
    CHECK_THROWS_WITH(retry_throttle({.max_tokens = 1001}),
                      "bide::retry_throttle: max_tokens must be from 1 to 1000, got 1001");
    CHECK_THROWS_WITH(retry_throttle({.token_ratio = 0}),
                      "bide::retry_throttle: token_ratio must be from 0.001 to 1000, got 0");
    CHECK_THROWS_WITH(retry_throttle({.token_ratio = 1001}),
                      "bide::retry_throttle: token_ratio must be from 0.001 to 1000, got 1001");
    CHECK_NOTHROW(retry_throttle({.max_tokens = 1, .token_ratio = 0.001}));
    CHECK_NOTHROW(retry_throttle({.max_tokens = 1000, .token_ratio = 1000}));
}

TEST_CASE("retry_throttle: allows retries while more than half is left",
          "[limit][retry_throttle]") {
    retry_throttle t({.max_tokens = 4, .token_ratio = 0.5});
    tell(t, failed);
    CHECK(t.milli_tokens() == 3000);
    CHECK(allows(t));
    tell(t, failed);
    CHECK(t.milli_tokens() == 2000);
    CHECK_FALSE(allows(t));
    budget_note note;
    CHECK(std::string{t.take(note, failed, now)} == "too many tries have failed of late");
    tell(t, bide::succeeded);
    CHECK(t.milli_tokens() == 2500);
    CHECK(allows(t));

    tell(t, failed, 100);
    CHECK(t.milli_tokens() == 0);
    tell(t, bide::succeeded, 100);
    CHECK(t.milli_tokens() == 4000);
    tell(t, {.verdict = verdict::permanent}, 100);
    CHECK(t.milli_tokens() == 4000);
    t.give_back(note, now);
    CHECK(t.milli_tokens() == 4000);
}

TEST_CASE("retry_throttle: three decimals of the ratio count", "[limit][retry_throttle]") {
    struct row {
        double ratio;
        std::int64_t thousandths;
    };
    const auto [ratio, thousandths] = GENERATE(values<row>(
        {{0.5466, 546}, {1.005, 1005}, {0.1, 100}, {0.001, 1}, {1.0005, 1000}, {1.6, 1600}}));
    CAPTURE(ratio);
    retry_throttle t({.max_tokens = 10, .token_ratio = ratio});
    tell(t, failed, 10);
    tell(t, bide::succeeded);
    CHECK(t.milli_tokens() == thousandths);
}

TEST_CASE("retry_throttle: new settings keep the fraction that is left",
          "[limit][retry_throttle]") {
    retry_throttle t({.max_tokens = 10, .token_ratio = 0.1});
    tell(t, failed, 4);
    t.set({.max_tokens = 100, .token_ratio = 2});
    CHECK(t.milli_tokens() == 60'000);
    CHECK(allows(t));
    tell(t, bide::succeeded);
    CHECK(t.milli_tokens() == 62'000);
    tell(t, failed, 12);
    CHECK_FALSE(allows(t));
    t.set({.max_tokens = 3, .token_ratio = 1});
    CHECK(t.milli_tokens() == 1500);
    CHECK_THROWS_AS(t.set({.max_tokens = 0}), std::invalid_argument);
    CHECK(t.milli_tokens() == 1500);
}

TEST_CASE("retry_throttle: an outage is noticed at the fifth failure", "[limit][retry_throttle]") {
    bide::virtual_clock clock;
    retry_throttle t;
    constexpr auto rules = bide::policy(bide::constant(1ms), bide::max_attempts(4));
    auto tries = 0;
    for (auto i = 0; i < 100; ++i)
        (void)bide::retry(bide::with(clock, t, rules), [&tries] {
            ++tries;
            throw std::runtime_error{"down"};
        });
    CHECK(tries == 4 + 99);  // after the fifth failure half is left, which is too little
}

TEST_CASE("retry_throttle: many threads count each try", "[limit][retry_throttle][threads]") {
    retry_throttle t({.max_tokens = 1000, .token_ratio = 1});
    tell(t, failed, 500);
    std::vector<std::thread> crowd;
    for (auto i = 0; i < 64; ++i)
        crowd.emplace_back([&t, i] {
            for (auto n = 0; n < 50; ++n) {
                tell(t, (i + n) % 2 == 0 ? failed : bide::succeeded);
                (void)allows(t);
            }
        });
    for (auto& c : crowd) c.join();
    CHECK(t.milli_tokens() == 500'000);
}
