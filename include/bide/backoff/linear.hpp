// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_LINEAR_HPP
#define BIDE_BACKOFF_LINEAR_HPP

#include <bide/backoff/backoff.hpp>
#include <bide/defaults.hpp>
#include <bide/maybe.hpp>

#include <cstdint>

namespace bide::inline v1 {

/// Adds the same to the delay after each failed attempt: `min(cap, base + step * (number - 1))`.
class linear {
public:
    struct options {
        timespan base = defaults::base;  ///< Delay after attempt 1; > 0.
        maybe<timespan> step = {};       ///< Added per attempt; >= 0. Absent means `base`.
        timespan cap = defaults::cap;    ///< Upper bound of every delay; >= base.
    };

    /// @throws std::invalid_argument naming the field; in a constant expression, a compile error.
    constexpr explicit linear(options opts)
        : base_{opts.base}, step_{opts.step.value_or(opts.base)}, cap_{opts.cap} {
        if (base_ <= duration::zero()) detail::invalid("linear: base", "> 0", base_);
        if (step_ < duration::zero()) detail::invalid("linear: step", ">= 0", step_);
        if (cap_ < base_) detail::invalid("linear: cap", ">= base", cap_);
    }

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        const auto steps = a.number > 0 ? a.number - 1 : 0;
        // Compared by division, so that the product below cannot overflow.
        const auto room = static_cast<std::uint64_t>((cap_ - base_).count());
        const auto step = static_cast<std::uint64_t>(step_.count());
        if (step != 0 && steps > room / step) return {cap_, cap_};
        const auto d = base_ + duration{static_cast<std::int64_t>(steps * step)};
        return {d, d};
    }

    [[nodiscard]] constexpr duration cap() const noexcept { return cap_; }

private:
    duration base_;
    duration step_;
    duration cap_;
};
static_assert(backoff<linear>);

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_LINEAR_HPP
