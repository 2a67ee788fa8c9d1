// SPDX-License-Identifier: MIT
#include <bide/backoff/sum.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <bide/backoff/at_least.hpp>
#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/backoff/sequence.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

using bide::band;
using bide::constant;
using bide::duration;
using bide::exponential;
using bide::full_jitter;
using bide::sequence;
using bide::detail::cap_of;
using bide::detail::ending;
using bide::detail::settled;
using namespace std::chrono_literals;

namespace {

constexpr exponential shape({.base = 1s, .factor = 2, .cap = 10s});
constexpr auto longest = std::chrono::hours::max();

constexpr auto both = constant(3s) + (shape | full_jitter);
static_assert(both.band_of({.number = 1}) == band{3s, 4s});
static_assert(both.band_of({.number = 9}) == band{3s, 13s});
static_assert(bide::backoff<decltype(constant(3s) + (shape | full_jitter))>);
static_assert(noexcept(both.band_of({})));
static_assert(delay_of(both, {.number = 2}, support::at_low) == 3s);
static_assert(delay_of(both, {.number = 2}, support::at_high) == 5s);

// A sum is spread as a whole, once.
static_assert(settled<decltype(constant(3s) + (shape | full_jitter))>);
static_assert(settled<decltype((shape | full_jitter) + constant(3s))>);
static_assert(settled<decltype((shape | bide::at_least(2s)) + constant(3s))>);
static_assert(!settled<decltype(shape + constant(3s))>);
static_assert(((shape + constant(3s)) | full_jitter).band_of({.number = 2}) == band{0s, 5s});

// It ends where the shorter one does.
constexpr auto two = sequence(1s, 2s).then_stop();
constexpr auto three = sequence(1s, 2s, 3s).then_stop();
static_assert((two + three).retries() == 2);
static_assert((three + two).retries() == 2);
static_assert((shape + three).retries() == 3);
static_assert((three + shape).retries() == 3);
static_assert((sequence(1s) + three).retries() == 3);
static_assert((sequence(1s) + sequence(2s)).retries() == std::numeric_limits<std::uint64_t>::max());
static_assert(!ending<decltype(shape + shape)>);

}  // namespace

TEST_CASE("sum: adds the ends of the bands", "[backoff][sum]") {
    const auto jittered = (shape | bide::equal_jitter) + (shape | bide::no_jitter);
    CHECK(jittered.band_of({.number = 1}) == band{1500ms, 2s});
    CHECK(jittered.band_of({.number = 5}) == band{15s, 20s});
    const auto of_three = constant(1s) + constant(2s) + shape;
    CHECK(of_three.band_of({.number = 3}) == band{7s, 7s});
}

TEST_CASE("sum: has a cap if both have one", "[backoff][sum]") {
    CHECK(cap_of(shape + shape, {}) == 20s);
    CHECK(cap_of(shape + constant(1s), {}) == duration::max());
    CHECK(cap_of(constant(1s) + shape, {}) == duration::max());
    const auto spread = bide::proportional_jitter(0.5);
    CHECK(((shape + shape) | spread).band_of({.number = 1}) == band{1s, 3s});
    CHECK(((shape + shape) | spread).band_of({.number = 4}) == band{8s, 20s});
    CHECK(((shape + constant(10s)) | spread).band_of({.number = 9}) == band{10s, 30s});
}

TEST_CASE("sum: saturates", "[backoff][sum][limits]") {
    support::check_shape(constant(longest) + constant(longest), duration::max());
    support::check_shape(shape + constant(1s), 11s);
    support::check_bands(both, 13s);
    support::check_bands((shape | full_jitter) + constant(longest), duration::max());
    const exponential without_end({.base = 1ns, .cap = longest});
    support::check_shape(without_end + without_end, duration::max());
    CHECK(cap_of(without_end + without_end, {}) == duration::max());
    CHECK((constant(duration::max() - 1s) + constant(1s)).band_of({}).high == duration::max());
    CHECK((constant(duration::max() - 2s) + constant(1s)).band_of({}).high == duration::max() - 1s);
}
