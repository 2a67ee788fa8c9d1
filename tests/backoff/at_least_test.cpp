// SPDX-License-Identifier: MIT
#include <bide/backoff/at_least.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/backoff/sequence.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <type_traits>

using bide::at_least;
using bide::band;
using bide::constant;
using bide::duration;
using bide::exponential;
using bide::full_jitter;
using bide::sequence;
using namespace std::chrono_literals;

namespace {

constexpr exponential shape({.base = 1s, .factor = 2, .cap = 10s});
constexpr auto longest = std::chrono::hours::max();

constexpr auto floored = shape | full_jitter | at_least(3s);
static_assert(floored.band_of({.number = 1}) == band{3s, 3s});  // [0 s, 1 s] before
static_assert(floored.band_of({.number = 3}) == band{3s, 4s});
static_assert(floored.band_of({.number = 9}) == band{3s, 10s});
static_assert(bide::backoff<decltype(shape | full_jitter | at_least(3s))>);
static_assert(noexcept(floored.band_of({})));
static_assert(at_least(0.5s).floor() == 500ms);
static_assert(!std::is_convertible_v<std::chrono::seconds, at_least>);

// It does not end what does not end, and ends with what it adapts.
static_assert(!bide::detail::ending<decltype(shape | full_jitter | at_least(3s))>);
static_assert((sequence(1s, 2s).then_stop() | at_least(3s)).retries() == 2);

// A jitter after it would go below.
static_assert(bide::detail::settled<decltype(shape | at_least(3s))>);
static_assert(bide::detail::settled<decltype(shape | full_jitter | at_least(3s))>);

}  // namespace

TEST_CASE("at_least: what was spread stays spread above the floor", "[backoff][at_least]") {
    CHECK((shape | at_least(3s)).band_of({.number = 1}) == band{3s, 3s});
    CHECK((shape | at_least(3s)).band_of({.number = 2}) == band{3s, 3s});
    CHECK((shape | at_least(3s)).band_of({.number = 3}) == band{4s, 4s});
    const auto equal = shape | bide::equal_jitter | at_least(3s);
    CHECK(equal.band_of({.number = 3}) == band{3s, 4s});
    CHECK(equal.band_of({.number = 4}) == band{4s, 8s});
    CHECK(delay_of(floored, {.number = 3}, support::at_low) == 3s);
    CHECK(delay_of(floored, {.number = 3}, support::at_high) == 4s);
}

TEST_CASE("at_least: a floor above the cap is the delay", "[backoff][at_least]") {
    const auto high = shape | full_jitter | at_least(11s);
    CHECK(high.band_of({.number = 1}) == band{11s, 11s});
    CHECK(high.band_of({.number = 99}) == band{11s, 11s});
    CHECK((shape | full_jitter | at_least(10s)).band_of({.number = 99}) == band{10s, 10s});
    CHECK(high.cap({}) == 11s);
    CHECK((shape | full_jitter | at_least(9s)).cap({}) == 10s);
    CHECK((constant(1s) | at_least(9s)).cap({}) == duration::max());
}

TEST_CASE("at_least: the higher of two floors holds", "[backoff][at_least]") {
    CHECK((constant(1s) | at_least(3s) | at_least(2s)).band_of({}) == band{3s, 3s});
    CHECK((constant(1s) | at_least(2s) | at_least(3s)).band_of({}) == band{3s, 3s});
}

TEST_CASE("at_least: is a floor for every attempt number", "[backoff][at_least][limits]") {
    for (const duration floor : {duration::zero(), duration{1}, duration{4s}, duration::max()}) {
        CAPTURE(floor.count());
        const auto cap = bide::detail::larger(10s, floor);
        support::check_shape(shape | at_least(floor), cap);
        support::check_bands(shape | full_jitter | at_least(floor), cap);
        for (const auto number : support::attempt_numbers)
            CHECK((shape | full_jitter | at_least(floor)).band_of({.number = number}).low >= floor);
    }
    support::check_shape(constant(longest) | at_least(longest), duration::max());
}

TEST_CASE("at_least: rejects a negative floor", "[backoff][at_least][errors]") {
    CHECK_THROWS_WITH(at_least(-1ns), "bide::at_least: floor must be >= 0, got -1ns");
    CHECK_THROWS_WITH(at_least(-1500ms), "bide::at_least: floor must be >= 0, got -1.5s");
    CHECK_THROWS_AS(at_least(-1s), std::invalid_argument);
    CHECK_NOTHROW(at_least(0s));
}
