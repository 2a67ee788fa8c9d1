// SPDX-License-Identifier: MIT
#include <bide/backoff/computed.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <bide/backoff/jitter.hpp>

#include <chrono>
#include <cstdint>
#include <type_traits>

using bide::attempt;
using bide::computed;
using bide::duration;
using namespace std::chrono_literals;

namespace {

constexpr computed triangular([](const attempt& a) noexcept {
    return 1s * (a.number * (a.number + 1) / 2);
});
static_assert(triangular.band_of({.number = 1}) == bide::band{1s, 1s});
static_assert(triangular.band_of({.number = 4}) == bide::band{10s, 10s});
static_assert(bide::backoff<std::remove_const_t<decltype(triangular)>>);
static_assert(noexcept(triangular.band_of({})));
static_assert(std::is_empty_v<std::remove_const_t<decltype(triangular)>>);

duration by_verdict(const attempt& a) noexcept {
    return a.because == bide::verdict::throttled ? 5s : 1s;
}

}  // namespace

TEST_CASE("computed: is told the attempt", "[backoff][computed]") {
    const computed longer_by_one([](const attempt& a) noexcept { return a.previous + 1s; });
    CHECK(longer_by_one.band_of({.number = 3, .previous = 2s}) == bide::band{3s, 3s});
    const computed verdicts(&by_verdict);
    CHECK(verdicts.band_of({.because = bide::verdict::throttled}).high == 5s);
    CHECK(verdicts.band_of({.because = bide::verdict::overloaded}).high == 1s);
}

TEST_CASE("computed: may have values of its own, which are copied", "[backoff][computed]") {
    auto unit = 2s;
    const computed backoff([unit](const attempt& a) noexcept { return unit * a.number; });
    unit = 7s;
    CHECK(backoff.band_of({.number = 3}).high == 6s);
    const auto copy = backoff;
    CHECK(copy.band_of({.number = 3}).high == 6s);
}

TEST_CASE("computed: any unit, saturated, and nothing below zero", "[backoff][computed][limits]") {
    const computed hours([](const attempt&) noexcept { return std::chrono::hours::max(); });
    CHECK(hours.band_of({}) == bide::band{duration::max(), duration::max()});
    const computed never_more([](const attempt&) noexcept { return std::chrono::hours::min(); });
    CHECK(never_more.band_of({}) == bide::band{0s, 0s});
    const computed below([](const attempt&) noexcept { return -1ns; });
    CHECK(below.band_of({}) == bide::band{0s, 0s});
    const computed spans([](const attempt&) noexcept { return bide::timespan{0.5s}; });
    CHECK(spans.band_of({}).high == 500ms);
}

TEST_CASE("computed: answers for every attempt number", "[backoff][computed][limits]") {
    const computed by_number([](const attempt& a) noexcept { return 1s * a.number; });
    support::check_shape(by_number, duration::max());
    support::check_bands(by_number | bide::full_jitter, duration::max());
    support::check_bands(by_number | bide::decorrelated_jitter, duration::max(), 1h);
    const computed shrinking([](const attempt& a) noexcept { return 10s - 1s * a.number; });
    support::check_bands(shrinking | bide::decorrelated_jitter, duration::max());
}
