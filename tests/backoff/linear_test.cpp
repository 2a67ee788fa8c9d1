// SPDX-License-Identifier: MIT
#include <bide/backoff/linear.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

using bide::duration;
using bide::linear;
using namespace std::chrono_literals;

static_assert(linear({.base = 100ms, .step = 50ms}).band_of({.number = 3}).high == 200ms);
static_assert(linear({.base = 100ms}).band_of({.number = 3}).high == 300ms);  // step = base
static_assert(linear({}).band_of({.number = 1}).high == bide::defaults::base);
static_assert(linear({}).band_of({.number = 1'000'000}).high == bide::defaults::cap);
static_assert(linear({.cap = 7s}).cap() == 7s);
static_assert(noexcept(std::declval<const linear&>().band_of({})));
static_assert(!std::is_convertible_v<linear::options, linear>);

TEST_CASE("linear: adds the step and stops at cap", "[backoff][linear]") {
    struct row {
        std::uint64_t number;
        duration expected;
    };
    const auto [number, expected] = GENERATE(values<row>({
        {0, 100ms},  // as 1
        {1, 100ms},
        {2, 400ms},
        {3, 700ms},
        {4, 1s},  // exactly cap
        {5, 1s},
        {6, 1s},
        {std::numeric_limits<std::uint64_t>::max(), 1s},
    }));
    CAPTURE(number);
    const linear backoff({.base = 100ms, .step = 300ms, .cap = 1s});
    CHECK(backoff.band_of({.number = number}) == bide::band{expected, expected});
}

TEST_CASE("linear: a last step that would overshoot ends at cap", "[backoff][linear]") {
    const linear backoff({.base = 100ms, .step = 300ms, .cap = 999ms});
    CHECK(backoff.band_of({.number = 3}).high == 700ms);
    CHECK(backoff.band_of({.number = 4}).high == 999ms);
}

TEST_CASE("linear: saturates for huge attempt numbers", "[backoff][linear][limits]") {
    constexpr auto longest = std::chrono::hours::max();
    support::check_shape(linear({.base = 1s, .cap = 1h}), 1h);
    support::check_shape(linear({.base = 1s, .step = 0s, .cap = 1h}), 1s);
    support::check_shape(linear({.base = 1s, .cap = 1s}), 1s);
    support::check_shape(linear({.base = 1ns, .step = 1ns, .cap = longest}), duration::max());
    support::check_shape(linear({.base = 1ns, .step = longest, .cap = longest}), duration::max());
    support::check_shape(linear({.base = longest, .step = longest, .cap = longest}),
                         duration::max());
    // 1 + (2^63 - 2) is the last number that fits, one more is the cap by saturation.
    const linear by_nanoseconds({.base = 1ns, .step = 1ns, .cap = longest});
    CHECK(by_nanoseconds.band_of({.number = (1ULL << 63) - 2}).high == duration::max() - 1ns);
    CHECK(by_nanoseconds.band_of({.number = (1ULL << 63) - 1}).high == duration::max());
    CHECK(by_nanoseconds.band_of({.number = 1ULL << 63}).high == duration::max());
}

TEST_CASE("linear: an optional step may be empty", "[backoff][linear]") {
    const std::optional<bide::timespan> none;
    CHECK(linear({.base = 1s, .step = none}).band_of({.number = 2}).high == 2s);
    CHECK(linear({.base = 1s, .step = std::optional<bide::timespan>{2s}})
              .band_of({.number = 2})
              .high == 3s);
}

TEST_CASE("linear: rejects what has no meaning", "[backoff][linear][errors]") {
    CHECK_THROWS_WITH(linear({.base = 0s}), "bide::linear: base must be > 0, got 0s");
    CHECK_THROWS_WITH(linear({.base = -1ms}), "bide::linear: base must be > 0, got -1ms");
    CHECK_THROWS_WITH(linear({.step = -1ns}), "bide::linear: step must be >= 0, got -1ns");
    CHECK_THROWS_WITH(linear({.base = 2s, .cap = 1s}), "bide::linear: cap must be >= base, got 1s");
    CHECK_THROWS_WITH(linear({.base = 21s}), "bide::linear: cap must be >= base, got 20s");
    CHECK_THROWS_AS(linear({.base = 0s}), std::invalid_argument);
    CHECK_NOTHROW(linear({.base = 1s, .step = 0s, .cap = 1s}));
}
