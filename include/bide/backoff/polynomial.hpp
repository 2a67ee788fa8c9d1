// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_POLYNOMIAL_HPP
#define BIDE_BACKOFF_POLYNOMIAL_HPP

#include <bide/backoff/backoff.hpp>
#include <bide/defaults.hpp>

#include <cstdint>

namespace bide::inline v1 {

/// Grows with a power of the attempt: `min(cap, base * number^degree)`. Between linear (degree 1)
/// and exponential: it starts as fast and ends gentler.
class polynomial {
public:
    struct options {
        timespan base = defaults::base;  ///< Delay after attempt 1; > 0.
        std::uint32_t degree = 2;        ///< >= 1.
        timespan cap = defaults::cap;    ///< Upper bound of every delay; >= base.
    };

    /// @throws std::invalid_argument naming the field; in a constant expression, a compile error.
    constexpr explicit polynomial(options opts)
        : base_{opts.base}, degree_{opts.degree}, cap_{opts.cap} {
        if (base_ <= duration::zero()) detail::invalid("polynomial: base", "> 0", base_);
        if (degree_ < 1) detail::invalid("polynomial: degree", ">= 1", std::uint64_t{degree_});
        if (cap_ < base_) detail::invalid("polynomial: cap", ">= base", cap_);
    }

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        const auto d = a.number > 1 ? grown(a.number) : base_;
        return {d, d};
    }

    [[nodiscard]] constexpr duration cap() const noexcept { return cap_; }

private:
    /// One multiplication per degree, each checked by a division, so at most 63 before the cap.
    [[nodiscard]] constexpr duration grown(std::uint64_t number) const noexcept {
        const auto cap = static_cast<std::uint64_t>(cap_.count());
        auto d = static_cast<std::uint64_t>(base_.count());
        for (std::uint32_t i = 0; i < degree_; ++i) {
            if (d > cap / number) return cap_;
            d *= number;
        }
        return duration{static_cast<duration::rep>(d)};
    }

    duration base_;
    std::uint32_t degree_;
    duration cap_;
};
static_assert(backoff<polynomial>);

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_POLYNOMIAL_HPP
