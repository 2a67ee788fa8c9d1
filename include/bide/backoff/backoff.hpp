// SPDX-License-Identifier: MIT
#ifndef BIDE_BACKOFF_BACKOFF_HPP
#define BIDE_BACKOFF_BACKOFF_HPP

#include <bide/random.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <concepts>
#include <cstdint>
#include <limits>

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
///
/// Optional members: `cap() const noexcept -> duration` or `cap(attempt)`, a bound that jitter must
/// not exceed (absent: none), and `retries() const noexcept -> std::uint64_t`, how many delays
/// there are, after which the operation is exhausted (absent: no end).
template <class B>
concept backoff = std::copy_constructible<B> && requires(const B& b, const attempt& a) {
    { b.band_of(a) } noexcept -> std::same_as<band>;
};

/// The delay after attempt `a`: uniform in the backoff's band. A single point draws nothing.
template <backoff B, class G>
[[nodiscard]] constexpr duration delay_of(const B& b, const attempt& a, G& g) noexcept {
    const auto [low, high] = b.band_of(a);
    return low < high ? detail::draw(g, low, high) : high;
}

namespace detail {

template <backoff B>
constexpr duration cap_of(const B& b, const attempt& a) noexcept {
    if constexpr (requires { b.cap(a); })
        return b.cap(a);
    else if constexpr (requires { b.cap(); })
        return b.cap();
    else
        return duration::max();
}

/// More than can be counted: the delays never end.
inline constexpr auto no_end = std::numeric_limits<std::uint64_t>::max();

template <class B>
concept ending = requires(const B& b) { b.retries(); };

template <backoff B>
constexpr std::uint64_t retries_of(const B& b) noexcept {
    if constexpr (ending<B>)
        return b.retries();
    else
        return no_end;
}

/// Of two backoffs that make one: it ends where the first of them ends.
template <backoff A, backoff B>
constexpr std::uint64_t retries_of(const A& a, const B& b) noexcept {
    const auto first = retries_of(a);
    const auto second = retries_of(b);
    return first < second ? first : second;
}

/// A backoff that a jitter would harm: itself or one of its parts has a jitter already, or a floor
/// that would be undercut.
template <class B>
concept settled = requires { requires B::is_settled; };

/// What the jitters have in common: one for each backoff, and knowable as such.
template <class J>
concept jitter = requires { typename J::is_jitter; };

/// What stands right of a backoff.
template <class A>
concept adapter = jitter<A> || requires { typename A::is_adapter; };

/// One sentence per requirement, the same on every compiler.
template <class B>
consteval bool check_backoff() {
    static_assert(std::copy_constructible<B>, "bide: a backoff must be copyable");
    static_assert(
        requires(const B& b, const attempt& a) {
            { b.band_of(a) } noexcept -> std::same_as<band>;
        }, "bide: a backoff needs band_of(attempt) const noexcept -> bide::band");
    return backoff<B>;
}

}  // namespace detail

// Every wrong pair says so in one sentence; the result is there so that no second one follows.
template <detail::adapter Adapter, class Other>
constexpr Other operator|(Adapter, Other other) {
    static_assert(!detail::adapter<Adapter>,
                  "bide: a jitter stands right of its backoff: backoff | jitter; so do at_least "
                  "and when_throttled");
    return other;
}
template <class Other, detail::adapter Adapter>
    requires(!backoff<Other> && !detail::adapter<Other>)
constexpr Other operator|(Other other, Adapter) {
    static_assert(!detail::adapter<Adapter>,
                  "bide: a jitter adapts a backoff, and what stands left of it is none: backoff | "
                  "jitter; at_least and when_throttled, too");
    return other;
}
template <backoff A, backoff B>
constexpr A operator|(A a, B) {
    static_assert(!backoff<A>, "bide: an operation has one backoff, two cannot be joined");
    return a;
}

}  // namespace bide::inline v1

#endif  // BIDE_BACKOFF_BACKOFF_HPP
