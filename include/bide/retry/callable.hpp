// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_CALLABLE_HPP
#define BIDE_RETRY_CALLABLE_HPP

#include <bide/retry/retry_state.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>

namespace bide::inline v1 {

/// What a callable may know of the try that it makes: its optional first parameter.
struct this_try {
    std::uint64_t number = 1;  ///< From 1.
    /// How long it may take by the policy. A callable that can be cut off should be, at `whole`.
    allowance time{};
    /// The exception that the last try ended with; null for the first try and after a result.
    std::exception_ptr previous{};
};

namespace detail {

/// What the caller says about repeating a callable.
struct repeatability {
    bool idempotent;          ///< An ambiguous try may be repeated.
    certainty unclassified;   ///< Of an exception that nobody marked.
    bool may_be_cut = false;  ///< Cutting a try off spoils nothing.
};

/// `std::invoke` without <functional>; `f` and the arguments are lvalues in every try.
template <class F, class... Args>
constexpr decltype(auto) call(F& f, Args&... args) {
    if constexpr (std::is_member_function_pointer_v<std::remove_cv_t<F>>) {
        return [&f](auto& object, auto&... rest) -> decltype(auto) {
            if constexpr (requires { (object.*f)(rest...); })
                return (object.*f)(rest...);
            else if constexpr (requires { ((*object).*f)(rest...); })
                return ((*object).*f)(rest...);
            else  // a std::reference_wrapper
                return (object.get().*f)(rest...);
        }(args...);
    } else {
        return f(args...);
    }
}

/// A callable with the caller's word about it. Forwards like the callable itself.
template <class F>
class declared {
public:
    constexpr declared(F f, repeatability word) : f_{std::forward<F>(f)}, word_{word} {}

    template <class... Args>
        requires std::is_invocable_v<F&, Args&...>
    constexpr decltype(auto) operator()(Args&&... args) {
        return detail::call(f_, args...);
    }
    template <class... Args>
        requires std::is_invocable_v<const F&, Args&...>
    constexpr decltype(auto) operator()(Args&&... args) const {
        return detail::call(f_, args...);
    }

    [[nodiscard]] constexpr repeatability word() const noexcept { return word_; }

private:
    F f_;
    repeatability word_;
};

/// Without a word, wrapping is one: failures that nobody marked may be repeated. What *is* marked
/// ambiguous may not, because a mark is the more exact word.
template <class F>
constexpr repeatability word_of(const F& f) noexcept {
    if constexpr (requires {
                      { f.word() } -> std::same_as<repeatability>;
                  })
        return f.word();
    else
        return {false, certainty::rejected, true};
}

/// Whether the callable wants to know of its try. One that takes both forms gets the plain call.
template <class F, class... Args>
inline constexpr bool wants_try =
    !std::is_invocable_v<F&, Args&...> && std::is_invocable_v<F&, const this_try&, Args&...>;

template <class F, class... Args>
consteval auto result_of() {
    if constexpr (wants_try<F, Args...>)
        return std::type_identity<std::invoke_result_t<F&, const this_try&, Args&...>>{};
    else
        return std::type_identity<std::invoke_result_t<F&, Args&...>>{};
}

}  // namespace detail

/// The callable may be repeated even where an earlier try may have acted: it has the same effect
/// however often it is done. With `yes = false` it is the plain callable. An lvalue is referred to,
/// not copied.
template <class F>
[[nodiscard]] constexpr auto idempotent(F&& f, bool yes = true) {
    return detail::declared<F>{std::forward<F>(f), {yes, certainty::rejected, true}};
}

/// The callable must not be repeated unless it is known that nothing happened: an exception that
/// nobody marked `not_sent`, `throttled` or `permanent`, or an error code or expected that failed
/// and that no rule knows, ends the operation as `unknown`. An lvalue is referred to, not copied.
template <class F>
[[nodiscard]] constexpr auto once_only(F&& f) {
    return detail::declared<F>{std::forward<F>(f), {false, certainty::ambiguous}};
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_CALLABLE_HPP
