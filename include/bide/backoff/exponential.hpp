// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_EXPONENTIAL_HPP
#define BIDE_BACKOFF_EXPONENTIAL_HPP

#include <bide/backoff/backoff.hpp>
#include <bide/defaults.hpp>

#include <cstdint>
#include <limits>

namespace bide::inline v1 {

/// Multiplies the delay by `factor` after each failed attempt: `min(cap, base * factor^(number -
/// 1))`.
///
/// Deterministic, so clients that fail together retry together; `full_jitter` spreads them.
/// Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
class exponential {
public:
    struct options {
        timespan base = defaults::base;    ///< Delay after attempt 1; > 0.
        double factor = defaults::factor;  ///< Growth per attempt; >= 1, finite.
        timespan cap = defaults::cap;      ///< Upper bound of every delay; >= base.
    };

    /// @throws std::invalid_argument naming the field; in a constant expression, a compile error.
    constexpr explicit exponential(options opts)
        : base_{opts.base}, factor_{opts.factor}, cap_{opts.cap} {
        if (base_ <= duration::zero()) detail::invalid("exponential: base", "> 0", base_);
        if (!(factor_ >= 1 && factor_ <= std::numeric_limits<double>::max()))  // also catches NaN
            detail::invalid("exponential: factor", "finite and >= 1", factor_);
        if (cap_ < base_) detail::invalid("exponential: cap", ">= base", cap_);
    }

    /// A single point: the shape has no spread of its own.
    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        const auto exponent = a.number > 0 ? a.number - 1 : 0;
        const auto d = factor_ == 2 ? doubled(exponent) : grown(exponent);
        return {d, d};
    }

    [[nodiscard]] constexpr duration cap() const noexcept { return cap_; }

private:
    /// The usual factor by a shift, which cannot overflow: it is made only where `base` fits below
    /// the shifted cap.
    [[nodiscard]] constexpr duration doubled(std::uint64_t exponent) const noexcept {
        if (exponent >= 63 || base_.count() > (cap_.count() >> exponent)) return cap_;
        return duration{base_.count() << exponent};
    }

    /// In double, where an overflow to infinity still means "cap". Few factors, as real operations
    /// have them, one by one; many by square-and-multiply: O(log n).
    [[nodiscard]] constexpr duration grown(std::uint64_t exponent) const noexcept {
        const auto cap = static_cast<double>(cap_.count());
        auto d = static_cast<double>(base_.count());
        for (auto f = factor_;; f *= f) {
            if ((exponent & 1) != 0) [[unlikely]]
                d *= f;
            exponent >>= 1;
            if (exponent == 0) break;
        }
        if (!(d < cap)) return cap_;
        return duration{static_cast<duration::rep>(d)};
    }

    duration base_;
    double factor_;
    duration cap_;
};
static_assert(backoff<exponential>);

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_EXPONENTIAL_HPP
