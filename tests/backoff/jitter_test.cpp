// SPDX-License-Identifier: MIT
#include <bide/backoff/jitter.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/fibonacci.hpp>
#include <bide/backoff/linear.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <vector>

using bide::attempt;
using bide::band;
using bide::constant;
using bide::decorrelated_jitter;
using bide::delay_of;
using bide::duration;
using bide::equal_jitter;
using bide::exponential;
using bide::fibonacci;
using bide::full_jitter;
using bide::linear;
using bide::no_jitter;
using bide::proportional_jitter;
using namespace std::chrono_literals;

namespace {

constexpr auto longest = std::chrono::hours::max();
constexpr exponential shape({.base = 1s, .factor = 2, .cap = 10s});

constexpr auto jittered = shape | full_jitter;
static_assert((shape | full_jitter).band_of({.number = 1}) == band{0s, 1s});
static_assert((shape | full_jitter).band_of({.number = 3}) == band{0s, 4s});
static_assert((shape | full_jitter).band_of({.number = 5}) == band{0s, 10s});
static_assert((shape | equal_jitter).band_of({.number = 1}) == band{500ms, 1s});
static_assert((shape | equal_jitter).band_of({.number = 5}) == band{5s, 10s});
static_assert((shape | no_jitter).band_of({.number = 3}) == band{4s, 4s});
static_assert((shape | decorrelated_jitter).band_of({.number = 1}) == band{1s, 3s});
static_assert(bide::backoff<decltype(shape | full_jitter)>);
static_assert(std::is_same_v<decltype(shape | full_jitter),
                             bide::jittered_backoff<exponential, bide::full_jitter_t>>);
static_assert(noexcept(jittered.band_of({})));
static_assert(jittered.cap({}) == 10s);
// A jitter without settings costs no memory.
static_assert(sizeof(shape | full_jitter) == sizeof(shape));
static_assert((shape | proportional_jitter(0.25)).band_of({.number = 3}) == band{3s, 5s});
static_assert(bide::backoff<decltype(shape | proportional_jitter(0.25))>);
static_assert(!std::is_convertible_v<double, proportional_jitter>);

/// A user's own shape with a spread of its own.
struct wavering {
    [[nodiscard]] static constexpr band band_of(const attempt&) noexcept { return {2s, 3s}; }
};
static_assert((wavering{} | no_jitter).band_of({}) == band{2s, 3s});
static_assert((wavering{} | full_jitter).band_of({}) == band{0s, 3s});
static_assert((wavering{} | equal_jitter).band_of({}) == band{1500ms, 3s});
static_assert((wavering{} | proportional_jitter(0.5)).band_of({}) == band{1500ms, 4500ms});

template <bide::backoff Shape>
void check_all(const Shape& s, duration cap) {
    support::check_bands(s | no_jitter, cap);
    support::check_bands(s | full_jitter, cap);
    support::check_bands(s | equal_jitter, cap);
    const auto previous = {0ns,           1ns,       duration{1s}, cap / 3 - 1ns,  cap / 3,
                           cap / 3 + 1ns, cap - 1ns, cap,          duration::max()};
    for (const auto p : previous)
        if (p >= 0ns) support::check_bands(s | decorrelated_jitter, cap, p);
    const auto bound = bide::detail::cap_of(s, {});  // none for a constant
    for (const auto factor : {0.0, 1e-9, 0.2, 0.5, 1.0})
        support::check_bands(s | proportional_jitter(factor), bound);
}

}  // namespace

TEST_CASE("jitter: every draw lies inside the band of every shape", "[backoff][jitter][limits]") {
    check_all(constant(0s), 0s);
    check_all(constant(1ns), 1ns);
    check_all(constant(2s), 2s);
    check_all(constant(longest), duration::max());
    check_all(linear({.base = 1s, .cap = 1h}), 1h);
    check_all(linear({.base = 1ns, .cap = longest}), duration::max());
    check_all(fibonacci({.base = 1s, .cap = 1h}), 1h);
    check_all(fibonacci({.base = 1ns, .cap = longest}), duration::max());
    for (const auto factor : {1.0, 1.5, 2.0, 1e300}) {
        CAPTURE(factor);
        check_all(exponential({.base = 1ns, .factor = factor, .cap = 1ns}), 1ns);
        check_all(exponential({.base = 1s, .factor = factor, .cap = 1h}), 1h);
        check_all(exponential({.base = 1ns, .factor = factor, .cap = longest}), duration::max());
        check_all(exponential({.base = longest, .factor = factor, .cap = longest}),
                  duration::max());
    }
}

TEST_CASE("full_jitter: from nothing to the delay, at the cap too", "[backoff][jitter]") {
    for (const auto number : support::attempt_numbers) {
        CAPTURE(number);
        const auto whole = shape.band_of({.number = number}).high;
        CHECK((shape | full_jitter).band_of({.number = number}) == band{0s, whole});
    }
}

TEST_CASE("equal_jitter: from half the delay, rounded down, to the delay", "[backoff][jitter]") {
    CHECK((constant(1ns) | equal_jitter).band_of({}) == band{0ns, 1ns});
    CHECK((constant(3ns) | equal_jitter).band_of({}) == band{1ns, 3ns});
    CHECK((constant(4ns) | equal_jitter).band_of({}) == band{2ns, 4ns});
    CHECK((constant(longest) | equal_jitter).band_of({}) ==
          band{duration::max() / 2, duration::max()});
}

TEST_CASE("decorrelated_jitter: from base to three times the previous delay, at most cap",
          "[backoff][jitter]") {
    struct row {
        duration previous;
        band expected;
    };
    const auto [previous, expected] = GENERATE(values<row>({
        {0s, {1s, 3s}},  // before the first retry
        {500ms, {1s, 3s}},
        {1s, {1s, 3s}},
        {2s, {1s, 6s}},
        {3333333333ns, {1s, 9999999999ns}},
        {3333333334ns, {1s, 10s}},
        {4s, {1s, 10s}},
        {10s, {1s, 10s}},
        {20s, {1s, 10s}},
        {duration::max(), {1s, 10s}},
    }));
    CAPTURE(previous.count());
    CHECK((shape | decorrelated_jitter).band_of({.number = 2, .previous = previous}) == expected);
    CHECK((shape | decorrelated_jitter).band_of({.number = 90, .previous = previous}) == expected);
}

// `uniform_int(a > b)` and "no delay at all" elsewhere, when the cap is below three times the base.
TEST_CASE("decorrelated_jitter: a cap near the base leaves a band", "[backoff][jitter][limits]") {
    CHECK((exponential({.base = 1s, .cap = 1s}) | decorrelated_jitter).band_of({}) == band{1s, 1s});
    CHECK((exponential({.base = 1s, .cap = 2s}) | decorrelated_jitter).band_of({}) == band{1s, 2s});
    CHECK((exponential({.base = 1s, .cap = 3s}) | decorrelated_jitter).band_of({}) == band{1s, 3s});
    CHECK((exponential({.base = longest, .cap = longest}) | decorrelated_jitter).band_of({}) ==
          band{duration::max(), duration::max()});
}

TEST_CASE("decorrelated_jitter: a run of highest draws triples up to the cap",
          "[backoff][jitter]") {
    const auto spread = shape | decorrelated_jitter;
    auto previous = duration::zero();
    std::vector<duration> run;
    for (std::uint64_t number = 1; number <= 4; ++number) {
        previous = delay_of(spread, {.number = number, .previous = previous}, support::at_high);
        run.push_back(previous);
    }
    CHECK(run == std::vector<duration>{3s, 9s, 10s, 10s});
}

TEST_CASE("proportional_jitter: stays near the delay, at most cap", "[backoff][jitter]") {
    struct row {
        double factor;
        std::uint64_t number;
        band expected;
    };
    const auto [factor, number, expected] = GENERATE(values<row>({
        {0, 1, {1s, 1s}},
        {0, 9, {10s, 10s}},
        {0.25, 1, {750ms, 1250ms}},
        {0.25, 4, {6s, 10s}},  // exactly cap
        {0.5, 1, {500ms, 1500ms}},
        {0.5, 4, {4s, 10s}},  // 12 s, capped
        {0.5, 5, {5s, 10s}},
        {1, 1, {0s, 2s}},
        {1, 9, {0s, 10s}},
    }));
    CAPTURE(factor, number);
    CHECK((shape | proportional_jitter(factor)).band_of({.number = number}) == expected);
}

TEST_CASE("proportional_jitter: a shape without a cap has room above", "[backoff][jitter]") {
    CHECK((constant(2s) | proportional_jitter(0.5)).band_of({}) == band{1s, 3s});
    CHECK((constant(3ns) | proportional_jitter(0.5)).band_of({}) == band{2ns, 4ns});
    CHECK((constant(0s) | proportional_jitter(1)).band_of({}) == band{0s, 0s});
    const auto delay = constant(2s) | proportional_jitter(0.5);
    CHECK(delay_of(delay, {}, support::at_low) == 1s);
    CHECK(delay_of(delay, {}, support::at_high) == 3s);
}

TEST_CASE("proportional_jitter: exact at its ends where a double is not",
          "[backoff][jitter][limits]") {
    // As a double it is one nanosecond more, and two or 127 less.
    for (const duration d : {duration{(std::int64_t{1} << 60) + 255},
                             duration{(std::int64_t{1} << 60) + 2}, duration::max() - 127ns}) {
        CAPTURE(d.count());
        CHECK((constant(d) | proportional_jitter(0)).band_of({}) == band{d, d});
        CHECK((constant(d) | proportional_jitter(1)).band_of({}) ==
              band{0s, bide::detail::saturating_add(d, d)});
    }
    const auto all = constant(longest) | proportional_jitter(1);
    CHECK(all.band_of({}) == band{0s, duration::max()});
}

TEST_CASE("proportional_jitter: rejects a factor that has no meaning",
          "[backoff][jitter][errors]") {
    struct row {
        double factor;
        const char* message;
    };
    const auto [factor, message] = GENERATE(values<row>({
        {-0.001, "bide::proportional_jitter: factor must be from 0 to 1, got -0.001"},
        {-1, "bide::proportional_jitter: factor must be from 0 to 1, got -1"},
        {1.001, "bide::proportional_jitter: factor must be from 0 to 1, got 1.001"},
        {20, "bide::proportional_jitter: factor must be from 0 to 1, got 20"},
        {std::numeric_limits<double>::infinity(),
         "bide::proportional_jitter: factor must be from 0 to 1, got inf"},
        {std::numeric_limits<double>::quiet_NaN(),
         "bide::proportional_jitter: factor must be from 0 to 1, got nan"},
    }));
    CHECK_THROWS_WITH(proportional_jitter(factor), message);
    CHECK_THROWS_AS(proportional_jitter(factor), std::invalid_argument);
    CHECK_NOTHROW(proportional_jitter(0));
    CHECK_NOTHROW(proportional_jitter(1));
}

// "Cap, then jitter" exceeds the cap; "jitter, then cap" puts all clients at the cap into lock
// step.
TEST_CASE("jitter: delays at the cap are spread below it", "[backoff][jitter]") {
    bide::splitmix64 random{1};
    auto at_cap = 0;
    for (auto i = 0; i < 1000; ++i) {
        const auto delay = delay_of(shape | full_jitter, {.number = 50}, random);
        CHECK(delay <= 10s);
        at_cap += delay == 10s ? 1 : 0;
    }
    CHECK(at_cap == 0);
}

TEST_CASE("jitter: a fixed seed gives a fixed sequence", "[backoff][jitter]") {
    bide::splitmix64 random{42};
    std::vector<std::int64_t> run;
    for (std::uint64_t number = 1; number <= 4; ++number)
        run.push_back(delay_of(shape | full_jitter, {.number = number}, random).count());
    CHECK(run == std::vector<std::int64_t>{741564879, 319820785, 1114404521, 2753525732});
}
