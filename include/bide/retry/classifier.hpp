// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_CLASSIFIER_HPP
#define BIDE_RETRY_CLASSIFIER_HPP

#include <bide/retry/finding.hpp>

#include <concepts>

namespace bide::inline v1 {

/// What happened? `of_exception(certainty)` is called inside a handler; the certainty is that of
/// what nobody marked.
///
/// Optional members: `of_result(result, certainty)` or `of_result(result)` judges results, and
/// `template <class T> static constexpr bool judges` tells whether it can answer anything but
/// success (absent: whether it can be called).
template <class C>
concept classifier = std::copy_constructible<C> && requires(const C& c, certainty unclassified) {
    { c.of_exception(unclassified) } -> std::same_as<finding>;
};

namespace detail {

/// Whether a success has to be asked about at all.
template <class C, class T>
consteval bool judges_result() {
    if constexpr (requires { C::template judges<T>; })
        return C::template judges<T>;
    else
        return requires(const C& c, const T& r, certainty unclassified) {
            c.of_result(r, unclassified);
        } || requires(const C& c, const T& r) { c.of_result(r); };
}

template <class C, class T>
constexpr finding judge_result(const C& c, const T& result, certainty unclassified) {
    if constexpr (requires { c.of_result(result, unclassified); })
        return c.of_result(result, unclassified);
    else
        return c.of_result(result);
}

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_CLASSIFIER_HPP
