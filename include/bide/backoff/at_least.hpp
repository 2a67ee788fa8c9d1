// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_AT_LEAST_HPP
#define BIDE_BACKOFF_AT_LEAST_HPP

#include <bide/backoff/backoff.hpp>

#include <cstdint>
#include <utility>

namespace bide::inline v1 {

/// A floor under every delay of a backoff: `exponential({}) | full_jitter | at_least(100ms)`.
///
/// What was spread stays spread: between the floor and the old upper end, not heaped up at the
/// floor. A floor above that end, or above the cap, is the delay.
class at_least {
public:
    using is_adapter = void;

    /// @throws std::invalid_argument for a floor below 0; in a constant expression, a compile
    /// error.
    constexpr explicit at_least(timespan floor) : floor_{floor} {
        if (floor_ < duration::zero()) detail::invalid("at_least: floor", ">= 0", floor_);
    }
    [[nodiscard]] constexpr duration floor() const noexcept { return floor_; }

private:
    duration floor_;
};

/// A backoff with a floor; made by `backoff | at_least(d)`.
template <backoff Inner>
class floored {
public:
    static constexpr bool is_settled = true;

    constexpr floored(Inner inner, at_least least)
        : inner_{std::move(inner)}, floor_{least.floor()} {}

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        const auto [low, high] = inner_.band_of(a);
        return {detail::larger(low, floor_), detail::larger(high, floor_)};
    }
    [[nodiscard]] constexpr duration cap(const attempt& a) const noexcept {
        return detail::larger(detail::cap_of(inner_, a), floor_);
    }
    [[nodiscard]] constexpr std::uint64_t retries() const noexcept
        requires detail::ending<Inner>
    {
        return detail::retries_of(inner_);
    }

private:
    Inner inner_;
    duration floor_;
};

template <backoff Inner>
[[nodiscard]] constexpr auto operator|(Inner inner, at_least least) {
    return floored<Inner>{std::move(inner), least};
}

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_AT_LEAST_HPP
