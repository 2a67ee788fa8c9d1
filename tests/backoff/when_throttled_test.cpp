// SPDX-License-Identifier: MIT
#include <bide/backoff/when_throttled.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <bide/backoff/at_least.hpp>
#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/backoff/sequence.hpp>
#include <bide/backoff/sum.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

using bide::band;
using bide::constant;
using bide::decorrelated_jitter;
using bide::duration;
using bide::exponential;
using bide::full_jitter;
using bide::proportional_jitter;
using bide::sequence;
using bide::verdict;
using bide::when_throttled;
using bide::detail::cap_of;
using bide::detail::ending;
using bide::detail::settled;
using namespace std::chrono_literals;

namespace {

constexpr exponential quick({.base = 50ms, .factor = 2, .cap = 2s});
constexpr exponential slow({.base = 1s, .factor = 2, .cap = 10s});

constexpr auto either = quick | when_throttled(slow);
static_assert(either.band_of({.because = verdict::transient}).high == 50ms);
static_assert(either.band_of({.because = verdict::throttled}).high == 1s);
static_assert(bide::backoff<decltype(quick | when_throttled(slow))>);
static_assert(noexcept(either.band_of({})));

static_assert(!settled<decltype(quick | when_throttled(slow))>);
static_assert(settled<decltype((quick | full_jitter) | when_throttled(slow))>);
static_assert(settled<decltype(quick | when_throttled(slow | full_jitter))>);
static_assert(settled<decltype(quick | when_throttled(slow | bide::at_least(1s)))>);

// The shorter one ends both.
constexpr auto two = sequence(1s, 2s).then_stop();
constexpr auto three = sequence(1s, 2s, 3s).then_stop();
static_assert((two | when_throttled(three)).retries() == 2);
static_assert((three | when_throttled(two)).retries() == 2);
static_assert((quick | when_throttled(two)).retries() == 2);
static_assert((two | when_throttled(slow)).retries() == 2);
static_assert((sequence(1s) | when_throttled(sequence(2s))).retries() ==
              std::numeric_limits<std::uint64_t>::max());
static_assert(!ending<decltype(quick | when_throttled(slow))>);

}  // namespace

TEST_CASE("when_throttled: the verdict chooses", "[backoff][when_throttled]") {
    struct row {
        verdict because;
        duration first;
        duration third;
        duration last;
    };
    const auto [because, first, third, last] = GENERATE(values<row>({
        {verdict::transient, 50ms, 200ms, 2s},
        {verdict::throttled, 1s, 4s, 10s},
        {verdict::overloaded, 1s, 4s, 10s},
        {verdict::success, 50ms, 200ms, 2s},
        {verdict::permanent, 50ms, 200ms, 2s},
    }));
    CAPTURE(to_string(because));
    CHECK(either.band_of({.number = 1, .because = because}) == band{first, first});
    CHECK(either.band_of({.number = 3, .because = because}) == band{third, third});
    CHECK(either.band_of({.number = 99, .because = because}) == band{last, last});
}

TEST_CASE("when_throttled: a jitter spreads both, each with its own base and cap",
          "[backoff][when_throttled][jitter]") {
    const auto full = either | full_jitter;
    CHECK(full.band_of({.number = 2, .because = verdict::transient}) == band{0s, 100ms});
    CHECK(full.band_of({.number = 2, .because = verdict::throttled}) == band{0s, 2s});

    const auto near = either | proportional_jitter(0.5);
    CHECK(near.band_of({.number = 1, .because = verdict::transient}) == band{25ms, 75ms});
    CHECK(near.band_of({.number = 99, .because = verdict::transient}) == band{1s, 2s});
    CHECK(near.band_of({.number = 1, .because = verdict::throttled}) == band{500ms, 1500ms});
    CHECK(near.band_of({.number = 99, .because = verdict::throttled}) == band{5s, 10s});
}

TEST_CASE("when_throttled: decorrelated jitter starts and ends with the verdict's backoff",
          "[backoff][when_throttled][jitter]") {
    const auto spread = either | decorrelated_jitter;
    const auto transient = [&](duration previous) {
        return spread.band_of({.number = 5, .previous = previous, .because = verdict::transient});
    };
    const auto throttled = [&](duration previous) {
        return spread.band_of({.number = 5, .previous = previous, .because = verdict::throttled});
    };
    CHECK(transient(0s) == band{50ms, 150ms});
    CHECK(transient(100ms) == band{50ms, 300ms});
    CHECK(transient(10s) == band{50ms, 2s});  // after a throttled attempt
    CHECK(throttled(0s) == band{1s, 3s});
    CHECK(throttled(100ms) == band{1s, 3s});  // after a transient one
    CHECK(throttled(2s) == band{1s, 6s});
    CHECK(throttled(10s) == band{1s, 10s});
}

TEST_CASE("when_throttled: a cap of each, also through a sum", "[backoff][when_throttled]") {
    CHECK(cap_of(either, {.because = verdict::transient}) == 2s);
    CHECK(cap_of(either, {.because = verdict::throttled}) == 10s);
    CHECK(cap_of(either + slow, {.because = verdict::transient}) == 12s);
    CHECK(cap_of(either + slow, {.because = verdict::throttled}) == 20s);
    CHECK(cap_of(quick | when_throttled(constant(1s)), {.because = verdict::transient}) == 2s);
    CHECK(cap_of(quick | when_throttled(constant(1s)), {.because = verdict::throttled}) ==
          duration::max());
}

TEST_CASE("when_throttled: stays inside for every attempt number",
          "[backoff][when_throttled][limits]") {
    constexpr auto longest = std::chrono::hours::max();
    support::check_shape(either, 2s);
    support::check_bands(either | full_jitter, 2s);
    support::check_bands(either | decorrelated_jitter, 2s, duration::max());
    support::check_bands(quick | when_throttled(constant(longest)), 2s);
    for (const auto number : support::attempt_numbers) {
        CAPTURE(number);
        const bide::attempt busy{
            .number = number, .previous = duration::max(), .because = verdict::overloaded};
        for (const auto& [low, high] :
             {(either | full_jitter).band_of(busy), (either | decorrelated_jitter).band_of(busy),
              (either | proportional_jitter(1)).band_of(busy)}) {
            CHECK(low >= 0s);
            CHECK(low <= high);
            CHECK(high <= 10s);
        }
    }
}
