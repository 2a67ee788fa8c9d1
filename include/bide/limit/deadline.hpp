// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_DEADLINE_HPP
#define BIDE_LIMIT_DEADLINE_HPP

#include <bide/defaults.hpp>
#include <bide/limit/limit.hpp>

#include <chrono>
#include <concepts>

namespace bide::inline v1 {

/// Must be over at an instant of the steady or of the system clock, for example when a code
/// expires.
///
/// No try starts with less than `least_try` left; a deadline that has passed allows no try at all.
/// An instant of the system clock is converted once, when the operation begins: a clock that is set
/// while the operation waits does not move it.
template <class Clock>
class deadline {
    static_assert(std::same_as<Clock, std::chrono::steady_clock> ||
                      std::same_as<Clock, std::chrono::system_clock>,
                  "bide::deadline: the clock must be steady_clock or system_clock");
    static constexpr bool is_wall = std::same_as<Clock, std::chrono::system_clock>;

public:
    static constexpr auto needs = is_wall ? clock_need::wall : clock_need::steady;

    /// @throws std::invalid_argument for a negative `least_try`; in a constant expression, a
    /// compile error.
    template <class Duration>
    constexpr explicit deadline(std::chrono::time_point<Clock, Duration> at,
                                timespan least_try = defaults::least_try)
        : at_{timespan{at.time_since_epoch()}}, least_try_{least_try} {
        if (least_try_ < duration::zero())
            detail::invalid("deadline: least_try", ">= 0", least_try_);
    }

    [[nodiscard]] constexpr end check(const next_try& t) const noexcept {
        return t.at <= last_start(t.start) ? end::done : end::out_of_time;
    }

    [[nodiscard]] constexpr time_point latest(const beginning& start) const noexcept {
        if constexpr (is_wall) {
            const auto left =
                detail::saturating_sub(time_point{at_}, time_point{start.wall.time_since_epoch()});
            return detail::saturating_add(start.steady, left);
        } else {
            return time_point{at_};
        }
    }

    [[nodiscard]] constexpr time_point last_start(const beginning& start) const noexcept {
        return detail::last_start(latest(start), least_try_);
    }

private:
    duration at_;  // since the epoch of Clock
    duration least_try_;
};

template <class Clock, class Duration>
deadline(std::chrono::time_point<Clock, Duration>) -> deadline<Clock>;
template <class Clock, class Duration>
deadline(std::chrono::time_point<Clock, Duration>, timespan) -> deadline<Clock>;

static_assert(limit<deadline<std::chrono::steady_clock>>);
static_assert(limit<deadline<std::chrono::system_clock>>);

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_DEADLINE_HPP
