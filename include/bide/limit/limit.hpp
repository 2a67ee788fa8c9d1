// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_LIMIT_HPP
#define BIDE_LIMIT_LIMIT_HPP

#include <bide/retry/finding.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <concepts>
#include <cstdint>
#include <utility>

namespace bide::inline v1 {

/// When an operation began, on both clocks; a clock that no limit needs was not read and is zero.
struct beginning {
    time_point steady{};
    wall_time wall{};
};

/// The clocks that a limit must know the beginning on. The success path reads no clock for `none`.
enum class clock_need : std::uint8_t { none, steady, wall };

/// What a limit is asked about: a try that would begin at `at`.
struct next_try {
    std::uint64_t number = 1;          ///< From 1; 2 is the first retry.
    beginning start{};                 ///< Of the operation.
    time_point at{};                   ///< After the wait, so never earlier than now.
    const finding* because = nullptr;  ///< What the last try ended with; null before the first.
};

/// May there be another try, and may it start then? `check` answers `end::done` for yes, else why
/// not.
///
/// Optional members: `static constexpr clock_need needs` (absent: `steady`), and for limits of time
/// `latest(beginning) const noexcept -> time_point`, the instant at which the operation should be
/// over, and `last_start(beginning)`, the last one at which a try may begin (absent: `latest`); and
/// `static constexpr bool lets_begin = true` if no first try is ever refused.
template <class L>
concept limit = std::copyable<L> && requires(const L& l, const next_try& t) {
    { l.check(t) } noexcept -> std::same_as<end>;
};

namespace detail {

/// One sentence per requirement, the same on every compiler.
template <class L>
consteval bool check_limit() {
    static_assert(std::copyable<L>, "bide: a limit must be copyable");
    static_assert(
        requires(const L& l, const next_try& t) {
            { l.check(t) } noexcept -> std::same_as<end>;
        }, "bide: a limit needs check(next_try) const noexcept -> bide::end");
    return limit<L>;
}

template <limit L>
consteval clock_need need_of() {
    if constexpr (requires { L::needs; })
        return L::needs;
    else
        return clock_need::steady;
}

template <limit L>
inline constexpr bool lets_begin = requires { requires L::lets_begin; };

template <limit L>
constexpr time_point latest_of(const L& l, const beginning& start) noexcept {
    if constexpr (requires { l.latest(start); })
        return l.latest(start);
    else
        return never;
}

template <limit L>
constexpr time_point last_start_of(const L& l, const beginning& start) noexcept {
    if constexpr (requires { l.last_start(start); })
        return l.last_start(start);
    else
        return latest_of(l, start);
}

/// The last start of a try that needs `least_try` before the operation must be over.
constexpr time_point last_start(time_point latest, duration least_try) noexcept {
    return latest == never ? never : saturating_add(latest, -least_try);
}

}  // namespace detail

/// Two limits, of which the one that objects first stops; made by `a | b`. If both object to the
/// same try, the left one is named as the reason.
template <limit A, limit B>
class either {
public:
    static constexpr auto needs =
        detail::need_of<A>() < detail::need_of<B>() ? detail::need_of<B>() : detail::need_of<A>();

    static constexpr bool lets_begin = detail::lets_begin<A> && detail::lets_begin<B>;

    constexpr either(A a, B b) : a_{std::move(a)}, b_{std::move(b)} {}

    [[nodiscard]] constexpr end check(const next_try& t) const noexcept {
        const auto first = a_.check(t);
        return first != end::done ? first : b_.check(t);
    }

    [[nodiscard]] constexpr time_point latest(const beginning& start) const noexcept {
        return earlier(detail::latest_of(a_, start), detail::latest_of(b_, start));
    }

    [[nodiscard]] constexpr time_point last_start(const beginning& start) const noexcept {
        return earlier(detail::last_start_of(a_, start), detail::last_start_of(b_, start));
    }

private:
    static constexpr time_point earlier(time_point a, time_point b) noexcept {
        return b < a ? b : a;
    }

    A a_;
    B b_;
};

template <limit A, limit B>
[[nodiscard]] constexpr auto operator|(A a, B b) {
    return either<A, B>{std::move(a), std::move(b)};
}

}  // namespace bide::inline v1

#endif  // BIDE_LIMIT_LIMIT_HPP
