// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_WHEN_THROTTLED_HPP
#define BIDE_BACKOFF_WHEN_THROTTLED_HPP

#include <bide/backoff/backoff.hpp>

#include <cstdint>
#include <utility>

namespace bide::inline v1 {

/// Another backoff after throttled and overloaded answers, for which a longer wait is right:
/// `exponential({.base = 50ms}) | when_throttled(exponential({.base = 1s})) | full_jitter`.
///
/// A jitter right of it spreads both, a jitter left of it only what stands there. The two count the
/// same attempts; if one of them ends, the operation ends with it.
/// Source: AWS SDKs, retries of 2026: 50 ms where a connection failed, 1 s where the service was
/// busy.
template <class Throttled>
class when_throttled {
    static_assert(backoff<Throttled>,
                  "bide: when_throttled takes a backoff: backoff | when_throttled(backoff)");

public:
    using is_adapter = void;

    constexpr explicit when_throttled(Throttled shape) : shape_{std::move(shape)} {}
    [[nodiscard]] constexpr const Throttled& shape() const noexcept { return shape_; }

private:
    Throttled shape_;
};

/// Two backoffs, of which the verdict chooses; made by `backoff | when_throttled(backoff)`.
template <backoff Otherwise, backoff Throttled>
class by_verdict {
public:
    static constexpr bool is_settled = detail::settled<Otherwise> || detail::settled<Throttled>;

    constexpr by_verdict(Otherwise otherwise, Throttled throttled)
        : otherwise_{std::move(otherwise)}, throttled_{std::move(throttled)} {}

    [[nodiscard]] constexpr band band_of(const attempt& a) const noexcept {
        return is_busy(a) ? throttled_.band_of(a) : otherwise_.band_of(a);
    }
    [[nodiscard]] constexpr duration cap(const attempt& a) const noexcept {
        return is_busy(a) ? detail::cap_of(throttled_, a) : detail::cap_of(otherwise_, a);
    }
    [[nodiscard]] constexpr std::uint64_t retries() const noexcept
        requires(detail::ending<Otherwise> || detail::ending<Throttled>)
    {
        return detail::retries_of(otherwise_, throttled_);
    }

private:
    static constexpr bool is_busy(const attempt& a) noexcept {
        return a.because == verdict::throttled || a.because == verdict::overloaded;
    }

    Otherwise otherwise_;
    Throttled throttled_;
};

template <backoff Otherwise, backoff Throttled>
[[nodiscard]] constexpr auto operator|(Otherwise otherwise,
                                       const when_throttled<Throttled>& other) {
    return by_verdict<Otherwise, Throttled>{std::move(otherwise), other.shape()};
}

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_WHEN_THROTTLED_HPP
