// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_JITTER_HPP
#define BIDE_BACKOFF_JITTER_HPP

#include <bide/backoff/backoff.hpp>

#include <cstdint>
#include <utility>

/// Jitter spreads the delays of clients that failed together: `exponential({}) | full_jitter`.
///
/// Which one? `full_jitter` unless there is a reason: it makes the fewest calls in an outage.
/// `equal_jitter` never comes back at once, `proportional_jitter` stays near the shape,
/// `decorrelated_jitter` forgets the attempt number, `no_jitter` is for tests. All draw inside the
/// shape's own bounds, so no delay exceeds the cap and delays at the cap are spread like any other:
/// neither "cap, then jitter" nor "jitter, then cap". Source: M. Brooker, "Exponential Backoff and
/// Jitter", AWS Architecture Blog, 2015.
namespace bide::inline v1 {

namespace detail {

/// `d` times a factor from 0 to 1; never more than `d`, which a double may not hold exactly.
constexpr duration scaled(duration d, double factor) noexcept {
    const auto whole = static_cast<double>(d.count());
    const auto part = whole * factor;
    return part < whole ? duration{static_cast<duration::rep>(part)} : d;
}

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
        const auto base = shape.band_of({.because = a.because}).high;
        const auto cap = shape.band_of({.number = detail::no_end, .because = a.because}).high;
        const auto previous = detail::larger(a.previous, base);
        const auto high = previous > cap / 3 ? cap : previous * 3;
        return {detail::smaller(base, high), high};
    }
};

/// [d * (1 - factor), d * (1 + factor)], at most the shape's cap.
class proportional_jitter {
public:
    using is_jitter = void;

    /// @throws std::invalid_argument unless 0 <= factor <= 1; in a constant expression, a compile
    /// error.
    constexpr explicit proportional_jitter(double factor) : factor_{factor} {
        if (!(factor_ >= 0 && factor_ <= 1))  // also catches NaN
            detail::invalid("proportional_jitter: factor", "from 0 to 1", factor_);
    }

    [[nodiscard]] constexpr band spread(const auto& shape, const attempt& a) const noexcept {
        const auto d = shape.band_of(a).high;
        const auto part = detail::scaled(d, factor_);
        const auto high =
            detail::smaller(detail::saturating_add(d, part), detail::cap_of(shape, a));
        return {d - part, detail::larger(d, high)};
    }

private:
    double factor_;
};

inline constexpr no_jitter_t no_jitter{};
inline constexpr full_jitter_t full_jitter{};
inline constexpr equal_jitter_t equal_jitter{};
inline constexpr decorrelated_jitter_t decorrelated_jitter{};

/// A shape with its delays spread by a jitter; made by `shape | jitter`.
template <backoff Shape, detail::jitter Jitter>
class jittered_backoff {
public:
    static constexpr bool is_settled = true;

    constexpr jittered_backoff(Shape shape, Jitter jitter)
        : shape_{std::move(shape)}, jitter_{jitter} {}

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        return jitter_.spread(shape_, a);
    }
    [[nodiscard]] constexpr duration cap(const attempt& a) const noexcept {
        return detail::cap_of(shape_, a);
    }
    [[nodiscard]] constexpr std::uint64_t retries() const noexcept
        requires detail::ending<Shape>
    {
        return detail::retries_of(shape_);
    }

private:
    Shape shape_;
    [[no_unique_address]] Jitter jitter_;
};

template <backoff Shape, detail::jitter Jitter>
[[nodiscard]] constexpr auto operator|(Shape shape, Jitter jitter) {
    static_assert(!detail::settled<Shape>,
                  "bide: a backoff takes one jitter, this one has it already, or a floor that a "
                  "jitter would undercut: backoff | jitter | at_least");
    return jittered_backoff<Shape, Jitter>{std::move(shape), jitter};
}

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_JITTER_HPP
