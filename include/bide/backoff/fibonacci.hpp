// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_FIBONACCI_HPP
#define BIDE_BACKOFF_FIBONACCI_HPP

#include <bide/backoff/backoff.hpp>
#include <bide/defaults.hpp>

#include <cstdint>
#include <utility>

namespace bide::inline v1 {

/// Each delay is the sum of the two before it: `min(cap, base * F(number))` with F = 1 1 2 3 5 8 …
///
/// Grows by 1.62 per attempt: gentler than doubling. The cap holds for every member.
class fibonacci {
public:
    struct options {
        timespan base = defaults::base;  ///< Delay after attempts 1 and 2; > 0.
        timespan cap = defaults::cap;    ///< Upper bound of every delay; >= base.
    };

    /// @throws std::invalid_argument naming the field; in a constant expression, a compile error.
    constexpr explicit fibonacci(options opts) : base_{opts.base}, cap_{opts.cap} {
        if (base_ <= duration::zero()) detail::invalid("fibonacci: base", "> 0", base_);
        if (cap_ < base_) detail::invalid("fibonacci: cap", ">= base", cap_);
    }

    /// At most 91 steps for any number, because the 92nd member exceeds 2^63 nanoseconds.
    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        auto before = duration::zero();
        auto d = base_;
        for (std::uint64_t n = 1; n < a.number && d < cap_; ++n)
            before = std::exchange(d, detail::smaller(detail::saturating_add(d, before), cap_));
        return {d, d};
    }

    [[nodiscard]] constexpr duration cap() const noexcept { return cap_; }

private:
    duration base_;
    duration cap_;
};
static_assert(backoff<fibonacci>);

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_FIBONACCI_HPP
