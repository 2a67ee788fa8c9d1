// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_SUM_HPP
#define BIDE_BACKOFF_SUM_HPP

#include <bide/backoff/backoff.hpp>

#include <cstdint>
#include <utility>

namespace bide::inline v1 {

/// Two backoffs, one wait: `constant({.base = 1s}) + (exponential({}) | full_jitter)` waits at
/// least a second.
///
/// Uniform between the sums of their ends. Has a cap if both have one, ends where the shorter one
/// ends. A `decorrelated_jitter` in it sees the previous sum, not its own share.
template <backoff A, backoff B>
class sum {
public:
    static constexpr bool is_settled = detail::settled<A> || detail::settled<B>;

    constexpr sum(A a, B b) : a_{std::move(a)}, b_{std::move(b)} {}

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        const auto first = a_.band_of(a);
        const auto second = b_.band_of(a);
        return {detail::saturating_add(first.low, second.low),
                detail::saturating_add(first.high, second.high)};
    }
    [[nodiscard]] constexpr duration cap(const attempt& a) const noexcept {
        return detail::saturating_add(detail::cap_of(a_, a), detail::cap_of(b_, a));
    }
    [[nodiscard]] constexpr std::uint64_t retries() const noexcept
        requires(detail::ending<A> || detail::ending<B>)
    {
        return detail::retries_of(a_, b_);
    }

private:
    A a_;
    B b_;
};

template <backoff A, backoff B>
[[nodiscard]] constexpr auto operator+(A a, B b) {
    return sum<A, B>{std::move(a), std::move(b)};
}

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_SUM_HPP
