// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_JITTER_HPP
#define BIDE_BACKOFF_JITTER_HPP

#include <bide/backoff/backoff.hpp>

#include <cstdint>
#include <limits>
#include <utility>

/// Jitter spreads the delays of clients that failed together: `exponential({}) | full_jitter`.
///
/// Which one? `full_jitter` unless there is a reason: it makes the fewest calls in an outage.
/// `equal_jitter` never comes back at once, `decorrelated_jitter` forgets the attempt number,
/// `no_jitter` is for tests. All draw inside the shape's own bounds, so no delay exceeds the cap
/// and delays at the cap are spread like any other: neither "cap, then jitter" nor "jitter, then
/// cap". Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
namespace bide::inline v1 {

namespace detail {

/// What the jitters have in common: one for each backoff, and knowable as such.
template <class J>
concept jitter = requires { typename J::is_jitter; };
template <class B>
concept jittered = requires { typename B::is_jittered; };

}  // namespace detail

/// The delay itself.
struct no_jitter_t {
    using is_jitter = void;
    [[nodiscard]] static constexpr band spread(const auto& shape, const attempt& a) noexcept {
        return shape.band_of(a);
    }
};

/// [0, d].
struct full_jitter_t {
    using is_jitter = void;
    [[nodiscard]] static constexpr band spread(const auto& shape, const attempt& a) noexcept {
        return {duration::zero(), shape.band_of(a).high};
    }
};

/// [d/2, d].
struct equal_jitter_t {
    using is_jitter = void;
    [[nodiscard]] static constexpr band spread(const auto& shape, const attempt& a) noexcept {
        const auto d = shape.band_of(a).high;
        return {d / 2, d};
    }
};

/// [base, 3 * previous], at most cap. Of the shape it takes where it starts (the delay after
/// attempt 1) and where it ends (the delay after the last attempt that can be counted).
struct decorrelated_jitter_t {
    using is_jitter = void;
    [[nodiscard]] static constexpr band spread(const auto& shape, const attempt& a) noexcept {
        const auto base = shape.band_of({.number = 1}).high;
        const auto cap = shape.band_of({.number = std::numeric_limits<std::uint64_t>::max()}).high;
        const auto previous = detail::larger(a.previous, base);
        const auto high = previous > cap / 3 ? cap : previous * 3;
        return {detail::smaller(base, high), high};
    }
};

inline constexpr no_jitter_t no_jitter{};
inline constexpr full_jitter_t full_jitter{};
inline constexpr equal_jitter_t equal_jitter{};
inline constexpr decorrelated_jitter_t decorrelated_jitter{};

/// A shape with its delays spread by a jitter; made by `shape | jitter`.
template <backoff Shape, detail::jitter Jitter>
class jittered_backoff {
public:
    using is_jittered = void;
    constexpr explicit jittered_backoff(Shape shape) : shape_{std::move(shape)} {}

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        return Jitter::spread(shape_, a);
    }

private:
    Shape shape_;
};

template <backoff Shape, detail::jitter Jitter>
[[nodiscard]] constexpr auto operator|(Shape shape, Jitter) {
    static_assert(!detail::jittered<Shape>,
                  "bide: a backoff takes one jitter, this one has it already");
    return jittered_backoff<Shape, Jitter>{std::move(shape)};
}

// Every wrong pair says so in one sentence; the result is there so that no second one follows.
template <detail::jitter Jitter, class Other>
constexpr Other operator|(Jitter, Other other) {
    static_assert(!detail::jitter<Jitter>,
                  "bide: a jitter stands right of its backoff: backoff | jitter");
    return other;
}
template <class Other, detail::jitter Jitter>
    requires(!backoff<Other> && !detail::jitter<Other>)
constexpr Other operator|(Other other, Jitter) {
    static_assert(
        !detail::jitter<Jitter>,
        "bide: a jitter adapts a backoff, and what stands left of it is none: backoff | jitter");
    return other;
}
template <backoff A, backoff B>
constexpr A operator|(A a, B) {
    static_assert(!backoff<A>, "bide: an operation has one backoff, two cannot be joined");
    return a;
}

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_JITTER_HPP
