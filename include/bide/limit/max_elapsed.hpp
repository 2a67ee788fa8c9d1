// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_MAX_ELAPSED_HPP
#define BIDE_LIMIT_MAX_ELAPSED_HPP

#include <bide/defaults.hpp>
#include <bide/limit/limit.hpp>
#include <bide/maybe.hpp>

namespace bide::inline v1 {

/// At most `total` from the beginning of the operation, waits and tries together.
///
/// No try starts with less than `least_try` left, and no wait begins that cannot fit: the operation
/// ends at once instead.
class max_elapsed {
public:
    static constexpr auto needs = clock_need::steady;
    static constexpr bool lets_begin = true;

    struct options {
        timespan total = defaults::max_elapsed;  ///< > 0.
        /// Time that a try needs to make sense; 0 to total. Absent: 1 s, but at most half of
        /// `total`.
        maybe<timespan> least_try = {};
    };

    /// @throws std::invalid_argument naming the field; in a constant expression, a compile error.
    constexpr explicit max_elapsed(options opts)
        : total_{opts.total},
          least_try_{opts.least_try ? opts.least_try->get()
                                    : detail::smaller(defaults::least_try, total_ / 2)} {
        if (total_ <= duration::zero()) detail::invalid("max_elapsed: total", "> 0", total_);
        if (least_try_ < duration::zero() || least_try_ > total_)
            detail::invalid("max_elapsed: least_try", "from 0 to total", least_try_);
    }
    constexpr explicit max_elapsed(timespan total) : max_elapsed{options{.total = total}} {}

    [[nodiscard]] constexpr end check(const next_try& t) const noexcept {
        return t.at <= last_start(t.start) ? end::done : end::out_of_time;
    }

    [[nodiscard]] constexpr time_point latest(const beginning& start) const noexcept {
        return detail::saturating_add(start.steady, total_);
    }

    [[nodiscard]] constexpr time_point last_start(const beginning& start) const noexcept {
        return detail::last_start(latest(start), least_try_);
    }

private:
    duration total_;
    duration least_try_;
};
static_assert(limit<max_elapsed>);

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_MAX_ELAPSED_HPP
