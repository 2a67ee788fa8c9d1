// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_BACKOFF_HPP
#define BIDE_BACKOFF_BACKOFF_HPP

#include <bide/random.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <concepts>
#include <cstdint>

namespace bide::inline v1 {

/// What a backoff knows of the operation: the attempt that just failed, counted from 1.
struct attempt {
    std::uint64_t number = 1;
    duration previous{};                   ///< The backoff's last delay; zero before the first.
    verdict because = verdict::transient;  ///< What the failed attempt ended with.
};

/// The delays that a backoff may choose from; both ends are possible, 0 <= low <= high.
struct band {
    duration low;
    duration high;

    friend constexpr bool operator==(const band&, const band&) = default;
};

/// Answers one question: how long to wait after the failed attempt `a`?
///
/// Const and non-throwing, so that one object serves all operations and threads. Answers for every
/// `a.number` up to 2^64 - 1, in at most logarithmic time.
template <class B>
concept backoff = std::copyable<B> && requires(const B& b, const attempt& a) {
    { b.band_of(a) } noexcept -> std::same_as<band>;
};

/// The delay after attempt `a`: uniform in the backoff's band. A single point draws nothing.
template <backoff B, random_source G>
[[nodiscard]] constexpr duration delay_of(const B& b, const attempt& a, G& g) noexcept {
    const auto [low, high] = b.band_of(a);
    return low < high ? detail::draw(g, low, high) : high;
}

namespace detail {

/// One sentence per requirement, the same on every compiler.
template <class B>
consteval bool check_backoff() {
    static_assert(std::copyable<B>, "bide: a backoff must be copyable");
    static_assert(
        requires(const B& b, const attempt& a) {
            { b.band_of(a) } noexcept -> std::same_as<band>;
        }, "bide: a backoff needs band_of(attempt) const noexcept -> bide::band");
    return backoff<B>;
}

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_BACKOFF_HPP
