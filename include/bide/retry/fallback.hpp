// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_FALLBACK_HPP
#define BIDE_RETRY_FALLBACK_HPP

#include <bide/retry/outcome.hpp>
#include <bide/retry/verdict.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>

namespace bide::inline v1 {

/// What a fallback may take the place of.
enum class fallback : std::uint8_t {
    unless_unknown,   ///< Any failure of which it is known that nothing was done.
    even_if_unknown,  ///< That, and an operation that may have happened: right for reads.
};

namespace detail {

/// Whether the outcome is to be handed on, be it a success or an end that must not be hidden.
template <class T>
bool is_kept(const outcome<T>& o, fallback allowed) noexcept {
    return o || (o.ended() == end::unknown && allowed != fallback::even_if_unknown);
}

/// Whether a `From` can be returned as a `T` and leaves nothing dangling.
template <class T, class From>
consteval bool stands_in_for() {
    if constexpr (std::is_void_v<T>)
        return std::is_void_v<From>;
    else if constexpr (std::is_reference_v<T>)
        return std::is_lvalue_reference_v<From> &&
               std::is_convertible_v<std::remove_reference_t<From>*, std::remove_reference_t<T>*>;
    else
        return std::is_convertible_v<From, T>;
}

template <class T, class F>
decltype(auto) call_fallback(F& f, const outcome<T>& failed) {
    if constexpr (std::is_invocable_v<F&, const outcome<T>&>)
        return f(failed);
    else
        return f();
}

template <class T, class F>
consteval bool check_or_else() {
    constexpr bool callable = std::is_invocable_v<F&> || std::is_invocable_v<F&, const outcome<T>&>;
    static_assert(callable,
                  "bide::or_else: the fallback must be callable with nothing, or with the outcome "
                  "that failed");
    if constexpr (callable) {
        using result = decltype(call_fallback(std::declval<F&>(), std::declval<outcome<T>&>()));
        constexpr bool fits = std::is_same_v<result, outcome<T>> || stands_in_for<T, result>();
        static_assert(fits,
                      "bide::or_else: the fallback must return what the operation returns (a "
                      "reference if that is one), or an outcome of it");
        return fits;
    }
    return false;
}

}  // namespace detail

/// The value, or `instead` if the operation failed:
/// `auto rows = value_or(retry(policy, query), cached);`
///
/// It hides why it failed. An operation that may have happened (`end::unknown`) is not hidden:
/// `gave_up` is thrown, as by `value()`, unless the third argument is `fallback::even_if_unknown`.
/// Where the result is a reference, `instead` must be an lvalue that outlives it.
template <class T, class U>
[[nodiscard]] T value_or(outcome<T>&& from, U&& instead,
                         fallback allowed = fallback::unless_unknown) {
    static_assert(!std::is_void_v<T>,
                  "bide::value_or: the operation has no result: use or_else to do something else");
    constexpr bool fits = std::is_void_v<T> || detail::stands_in_for<T, U&&>();
    static_assert(fits,
                  "bide::value_or: what is returned instead must be convertible to the result, and "
                  "an lvalue if that is a reference");
    if constexpr (fits && !std::is_void_v<T>) {
        if (detail::is_kept(from, allowed)) return std::move(from).value();
        return static_cast<T>(std::forward<U>(instead));
    }
}

/// Does something else if the operation failed; `f` is called at most once, with the failed
/// outcome if it takes a `const outcome<T>&`, else with nothing.
///
///     auto sent = or_else(retry(by_first, send), [&] { return retry(by_second, send_too); });
///     auto rows = or_else(retry(policy, query), [&] { return cache.rows(); });
///
/// If `f` returns an `outcome<T>` that is what comes out, else `f` returns `T`, and a T comes out.
/// An operation that may have happened (`end::unknown`) is not hidden, unless the third argument is
/// `fallback::even_if_unknown`: `f` is not called, the outcome comes out as it is, or where a T is
/// expected `gave_up` is thrown. So nothing is sent by a second way that may have gone by the
/// first. What `f` throws comes through; to throw the first error instead it can call `value()`.
template <class T, class F>
decltype(auto) or_else(outcome<T>&& from, F&& f, fallback allowed = fallback::unless_unknown) {
    if constexpr (detail::check_or_else<T, std::remove_reference_t<F>>()) {
        using result = decltype(detail::call_fallback(f, from));
        const bool kept = detail::is_kept(from, allowed);
        if constexpr (std::is_same_v<result, outcome<T>>) {
            if (kept) return outcome<T>{std::move(from)};
            return detail::call_fallback(f, from);
        } else {
            if (kept) return std::move(from).value();
            return static_cast<T>(detail::call_fallback(f, from));
        }
    }
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_FALLBACK_HPP
