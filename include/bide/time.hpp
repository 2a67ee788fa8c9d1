// SPDX-License-Identifier: MIT
#ifndef BIDE_TIME_HPP
#define BIDE_TIME_HPP

#include <bide/detail/invalid.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <ratio>
#include <type_traits>
#include <utility>

namespace bide::inline v1 {

/// The unit in which delays are computed; coarser literals such as `2s` convert exactly.
using duration = std::chrono::nanoseconds;

/// An instant of the monotonic clock: waits and limits are measured on it, so a change of the wall
/// clock neither shortens nor lengthens them.
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;

/// An instant of the wall clock: what servers and people mean by a time.
using wall_time = std::chrono::time_point<std::chrono::system_clock, duration>;

/// The instant that never comes.
inline constexpr time_point never = time_point::max();

namespace detail {

constexpr duration smaller(duration a, duration b) noexcept { return b < a ? b : a; }
constexpr duration larger(duration a, duration b) noexcept { return a < b ? b : a; }

constexpr duration saturating_add(duration a, duration b) noexcept {
    if (b > duration::zero()) return a > duration::max() - b ? duration::max() : a + b;
    return a < duration::min() - b ? duration::min() : a + b;
}

constexpr time_point saturating_add(time_point t, duration d) noexcept {
    return time_point{saturating_add(t.time_since_epoch(), d)};
}

/// `a - b` without overflow; `never` minus anything stays the longest duration.
constexpr duration saturating_sub(time_point a, time_point b) noexcept {
    if (a == never) return duration::max();
    const auto minus_b =
        b.time_since_epoch() == duration::min() ? duration::max() : -b.time_since_epoch();
    return saturating_add(a.time_since_epoch(), minus_b);
}

/// Upward to whole nanoseconds, because a wait may be longer than asked and never shorter.
constexpr duration from_nanoseconds(long double ns) {
    if (ns != ns) invalid("timespan: value", "a number", static_cast<double>(ns));
    constexpr auto limit = 9223372036854775807.0L;
    if (ns >= limit) return duration::max();
    if (ns <= -limit) return duration::min();
    const auto whole = static_cast<std::int64_t>(ns);
    return duration{static_cast<long double>(whole) < ns ? whole + 1 : whole};
}

}  // namespace detail

/// A parameter that is a duration: made from any `std::chrono::duration`, integral or floating.
///
/// Saturates instead of overflowing (`std::chrono::hours::max()` means "as long as possible");
/// fractions of a nanosecond are rounded up.
/// @throws std::invalid_argument for NaN; in a constant expression, a compile error.
class timespan {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): `{.base = 100ms}` is what the type is for
    template <class Rep, class Period>
    constexpr timespan(std::chrono::duration<Rep, Period> value) : value_{convert(value)} {}

    // NOLINTNEXTLINE(google-explicit-constructor): a timespan is a duration that was checked
    [[nodiscard]] constexpr operator duration() const noexcept { return value_; }
    [[nodiscard]] constexpr duration get() const noexcept { return value_; }

private:
    template <class Rep, class Period>
    static constexpr duration convert(std::chrono::duration<Rep, Period> value) {
        if constexpr (std::is_same_v<std::chrono::duration<Rep, Period>, duration>) {
            return value;
        } else {
            // 64 bits of mantissa (x87) hold every nanosecond count that fits; elsewhere long
            // double may be a double, so whole units that convert exactly take the integer path.
            if constexpr (std::is_integral_v<Rep> && Period::den <= std::nano::den) {
                using unit = std::ratio_divide<Period, std::nano>;
                if constexpr (unit::den == 1) {
                    constexpr auto max = std::numeric_limits<std::int64_t>::max() / unit::num;
                    if (std::cmp_greater(value.count(), max)) return duration::max();
                    if (std::cmp_less(value.count(), -max)) return duration::min();
                    return duration{static_cast<std::int64_t>(value.count()) * unit::num};
                }
            }
            using exact = std::chrono::duration<long double, std::nano>;
            return detail::from_nanoseconds(exact{value}.count());
        }
    }

    duration value_;
};

}  // namespace bide::inline v1

#endif  // BIDE_TIME_HPP
