// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_CONSTANT_HPP
#define BIDE_BACKOFF_CONSTANT_HPP

#include <bide/backoff/backoff.hpp>
#include <bide/defaults.hpp>

namespace bide::inline v1 {

/// Waits the same after every failed attempt.
///
/// Gives a server in trouble no relief: for polling and tests, seldom for sending.
class constant {
public:
    struct options {
        timespan base = defaults::base;  ///< Every delay; >= 0.
    };

    /// @throws std::invalid_argument naming the field; in a constant expression, a compile error.
    constexpr explicit constant(options opts) : base_{opts.base} {
        if (base_ < duration::zero()) detail::invalid("constant: base", ">= 0", base_);
    }
    constexpr explicit constant(timespan base) : constant{options{.base = base}} {}

    [[nodiscard]] constexpr band band_of(const attempt&) const noexcept { return {base_, base_}; }

private:
    duration base_;
};
static_assert(backoff<constant>);

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_CONSTANT_HPP
