// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_RETRY_HPP
#define BIDE_RETRY_RETRY_HPP

#include <bide/retry/callable.hpp>
#include <bide/retry/detail/first_try.hpp>
#include <bide/retry/outcome.hpp>
#include <bide/retry/plan.hpp>

#include <type_traits>

namespace bide::inline v1 {

namespace detail {

template <class How, class F, class... Args>
consteval bool check_retry() {
    constexpr bool how = is_policy<How> || is_plan<How>;
    static_assert(
        how,
        "bide::retry: the first argument must be a policy or a plan, then comes the callable: "
        "retry(policy, f, args...)");
    constexpr bool callable =
        std::is_invocable_v<F&, Args&...> || std::is_invocable_v<F&, const this_try&, Args&...>;
    static_assert(
        !how || callable,
        "bide::retry: the callable cannot be called with these arguments as lvalues, with or "
        "without a this_try before them");
    constexpr bool data = std::is_member_object_pointer_v<std::remove_cv_t<F>>;
    static_assert(
        !how || !data,
        "bide::retry: a pointer to a data member is nothing that can fail: give a function");
    if constexpr (how && callable && !data) {
        using result = typename decltype(result_of<F, Args...>())::type;
        constexpr bool kept = !std::is_rvalue_reference_v<result>;
        static_assert(kept,
                      "bide::retry: the callable returns a T&&, which would be gone when the "
                      "outcome is read: "
                      "let it return a T or a T&");
        return kept;
    }
    return false;
}

}  // namespace detail

/// Calls `f(args...)` until it succeeds or the policy or plan says stop; blocks the thread
/// meanwhile.
///
/// `f` may take a `const this_try&` before the arguments. `f` and the arguments are lvalues in
/// every try, never moved from. The result may be void, a reference or move-only.
///
/// A `retry` inside `f` multiplies the tries, except that one that gave up is final out here, too;
/// an observer hears of it as `event_kind::nested`.
///
/// A success at the first try allocates nothing, locks nothing and, without a limit of time, reads
/// no clock. Failures of `f` come back in the outcome; what throws is only what a classifier, a
/// gate or the sleep throws, and running out of memory.
template <class How, class F, class... Args>
[[gnu::always_inline]] inline auto retry(const How& how, F&& f, Args&&... args) {
    if constexpr (detail::check_retry<How, std::remove_reference_t<F>,
                                      std::remove_reference_t<Args>...>()) {
        using result =
            typename decltype(detail::result_of<std::remove_reference_t<F>,
                                                std::remove_reference_t<Args>...>())::type;
        detail::first_try<How> first{how, detail::word_of(f)};
        auto call = [&f, &args...]([[maybe_unused]] const auto& about) -> decltype(auto) {
            if constexpr (detail::wants_try<std::remove_reference_t<F>,
                                            std::remove_reference_t<Args>...>) {
                const this_try now = about.this_try_now();
                return detail::call(f, now, args...);
            } else {
                return detail::call(f, args...);
            }
        };
        return detail::maker::make<result>(first, call);
    }
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_RETRY_HPP
