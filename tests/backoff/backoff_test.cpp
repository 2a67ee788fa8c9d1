// SPDX-License-Identifier: MIT
#include <bide/backoff/backoff.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <random>

using bide::attempt;
using bide::band;
using bide::delay_of;
using bide::duration;
using support::at_high;
using support::at_low;
using namespace std::chrono_literals;

namespace {

/// A backoff of a user's own: three seconds after a throttled attempt, else a band of one.
struct polite {
    [[nodiscard]] static constexpr band band_of(const attempt& a) noexcept {
        if (a.because == bide::verdict::throttled) return {3s, 3s};
        return {1s, 2s};
    }
};
static_assert(bide::backoff<polite>);
static_assert(bide::detail::check_backoff<polite>());

struct throws {
    [[nodiscard]] static band band_of(const attempt&) { return {}; }
};
struct answers_a_number {
    [[nodiscard]] static double band_of(const attempt&) noexcept { return 1; }
};
struct changes {
    [[nodiscard]] band band_of(const attempt&) noexcept { return {}; }
};
struct not_copyable {
    not_copyable() = default;
    not_copyable(const not_copyable&) = delete;
    not_copyable& operator=(const not_copyable&) = delete;
    [[nodiscard]] static band band_of(const attempt&) noexcept { return {}; }
};
static_assert(!bide::backoff<throws>);
static_assert(!bide::backoff<answers_a_number>);
static_assert(!bide::backoff<changes>);
static_assert(!bide::backoff<not_copyable>);
static_assert(!bide::backoff<int>);

/// Counts how often it is asked.
struct counting {
    int asked = 0;
    std::uint64_t operator()() noexcept {
        ++asked;
        return 0;
    }
};

struct point {
    [[nodiscard]] static constexpr band band_of(const attempt&) noexcept { return {7s, 7s}; }
};
/// The widest band there is.
struct widest {
    [[nodiscard]] static constexpr band band_of(const attempt&) noexcept {
        return {0s, duration::max()};
    }
};

// The optional members.
struct bounded {
    [[nodiscard]] static constexpr band band_of(const attempt&) noexcept { return {1s, 2s}; }
    [[nodiscard]] static constexpr duration cap() noexcept { return 5s; }
    [[nodiscard]] static constexpr std::uint64_t retries() noexcept { return 3; }
};
struct bounded_by_verdict {
    [[nodiscard]] static constexpr band band_of(const attempt&) noexcept { return {1s, 2s}; }
    [[nodiscard]] static constexpr duration cap(const attempt& a) noexcept {
        return a.because == bide::verdict::throttled ? 9s : 4s;
    }
};
constexpr auto highest = std::numeric_limits<std::uint64_t>::max();
static_assert(bide::detail::cap_of(bounded{}, {}) == 5s);
static_assert(bide::detail::cap_of(bounded_by_verdict{}, {}) == 4s);
static_assert(bide::detail::cap_of(bounded_by_verdict{}, {.because = bide::verdict::throttled}) ==
              9s);
static_assert(bide::detail::cap_of(polite{}, {}) == duration::max());
static_assert(bide::detail::ending<bounded>);
static_assert(!bide::detail::ending<polite>);
static_assert(bide::detail::retries_of(bounded{}) == 3);
static_assert(bide::detail::retries_of(polite{}) == highest);

static_assert(delay_of(polite{}, {}, at_low) == 1s);
static_assert(delay_of(polite{}, {}, at_high) == 2s);
static_assert(delay_of(polite{}, {.because = bide::verdict::throttled}, at_high) == 3s);
static_assert(delay_of(widest{}, {}, at_low) == 0s);
static_assert(delay_of(widest{}, {}, at_high) == duration::max());
static_assert(noexcept(delay_of(polite{}, {}, at_low)));
static_assert(band{1s, 2s} == band{1s, 2s});
static_assert(band{1s, 2s} != band{1s, 3s});
static_assert(attempt{}.number == 1);
static_assert(attempt{}.previous == 0s);
static_assert(attempt{}.because == bide::verdict::transient);

}  // namespace

TEST_CASE("backoff: a band draws once, a single point not at all", "[backoff][delay_of]") {
    counting random;
    CHECK(delay_of(point{}, {}, random) == 7s);
    CHECK(random.asked == 0);
    CHECK(delay_of(polite{}, {}, random) == 1s);
    CHECK(random.asked == 1);
}

TEST_CASE("backoff: any 64-bit engine will do", "[backoff][delay_of]") {
    std::mt19937_64 engine{1};
    for (auto i = 0; i < 1000; ++i) {
        const auto delay = delay_of(polite{}, {}, engine);
        CHECK(delay >= 1s);
        CHECK(delay <= 2s);
    }
}

TEST_CASE("backoff: both ends of the widest band are possible", "[backoff][limits]") {
    support::check_bands(widest{}, duration::max());
    support::check_bands(polite{}, 2s);
}
