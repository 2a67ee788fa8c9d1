// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_STUCK_HPP
#define BIDE_TESTS_SUPPORT_STUCK_HPP

#include <bide/backoff/backoff.hpp>

#include <cstdint>
#include <initializer_list>
#include <limits>

#include "support/catch.hpp"

namespace support {

/// A random source that always answers the same; jitter is tested at its two ends.
struct stuck {
    std::uint64_t bits;
    constexpr std::uint64_t operator()() const noexcept { return bits; }
};
inline constexpr stuck at_low{0};
inline constexpr stuck at_high{std::numeric_limits<std::uint64_t>::max()};

/// Where 32-bit and 64-bit shifts break, where a double overflows, and the ends.
inline constexpr std::initializer_list<std::uint64_t> attempt_numbers = {
    0,
    1,
    2,
    31,
    32,
    33,
    63,
    64,
    65,
    1024,
    1025,
    1'000'000'000,
    std::numeric_limits<std::uint64_t>::max()};

/// What holds for every backoff, jittered or not: 0 <= low <= high <= cap, and both ends are
/// reached.
template <bide::backoff B>
void check_bands(const B& backoff, bide::duration cap, bide::duration previous = {}) {
    for (const auto number : attempt_numbers) {
        const bide::attempt failed{.number = number, .previous = previous};
        const auto [low, high] = backoff.band_of(failed);
        CAPTURE(number, previous.count(), low.count(), high.count());
        CHECK(low >= bide::duration::zero());
        CHECK(low <= high);
        CHECK(high <= cap);
        CHECK(bide::delay_of(backoff, failed, at_low) == low);
        CHECK(bide::delay_of(backoff, failed, at_high) == high);
    }
}

/// What holds besides for a shape: a single point that never shrinks from one attempt to the next.
template <bide::backoff B>
void check_shape(const B& shape, bide::duration cap) {
    check_bands(shape, cap);
    auto before = bide::duration::zero();
    for (const auto number : attempt_numbers) {
        const auto [low, high] = shape.band_of({.number = number});
        CAPTURE(number, before.count());
        CHECK(low == high);
        CHECK(low >= before);
        before = low;
    }
}

}  // namespace support

#endif  // BIDE_TESTS_SUPPORT_STUCK_HPP
