// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DEFAULT_CLASSIFIER_HPP
#define BIDE_RETRY_DEFAULT_CLASSIFIER_HPP

#include <bide/retry/classifier.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/mark.hpp>

#include <concepts>
#include <stdexcept>
#include <system_error>

namespace bide::inline v1 {

namespace detail {

template <class T>
concept expected_like = requires(const T& r) {
    { r.has_value() } -> std::convertible_to<bool>;
    r.error();
};

inline finding of_error_code(const std::error_code& code, certainty unclassified) noexcept {
    // The counterparts of logic_error, bad_alloc and of a caller who gave up.
    const auto is_final = code == std::errc::invalid_argument ||
                          code == std::errc::not_enough_memory ||
                          code == std::errc::operation_canceled;
    return {.verdict = is_final ? verdict::permanent : verdict::transient,
            .certainty = unclassified,
            .error = code.value()};
}

}  // namespace detail

/// What happened, as far as that can be told without knowing the callable.
///
/// Exceptions: what is marked (`bide::permanent`, …) is what its mark says; `std::runtime_error`
/// and what derives from it is transient; all others (`logic_error`, `bad_alloc`, foreign types)
/// are permanent. Results: a `std::error_code`, an expected-like or a self-describing result can
/// fail by itself; `bool`, `optional` and pointers cannot, because false and empty are answers.
struct default_classifier {
    /// Whether `of_result` can answer anything but success; if not, the success path asks nothing.
    template <class T>
    static constexpr bool judges =
        self_describing<T> || std::same_as<T, std::error_code> || detail::expected_like<T>;

    /// `unclassified` is the certainty of what nobody marked: `rejected` where the caller's word is
    /// that the callable may be repeated, `ambiguous` in `once_only`.
    template <class T>
    [[nodiscard]] static finding of_result(const T& result,
                                           certainty unclassified = certainty::rejected) {
        if constexpr (self_describing<T>) {
            return result.what_happened();
        } else if constexpr (std::same_as<T, std::error_code>) {
            return result ? detail::of_error_code(result, unclassified) : succeeded;
        } else if constexpr (detail::expected_like<T>) {
            return result.has_value() ? succeeded : of_error(result.error(), unclassified);
        } else {
            return succeeded;
        }
    }

    /// Called inside a handler.
    [[nodiscard]] static finding of_exception(certainty unclassified) {
        try {
            throw;
        } catch (const mark& m) {
            return m.what_happened();
        } catch (const std::runtime_error&) {
            return {.verdict = verdict::transient, .certainty = unclassified};
        } catch (...) {
            return {.verdict = verdict::permanent, .certainty = unclassified};
        }
    }

private:
    template <class E>
    static finding of_error(const E& error, certainty unclassified) {
        if constexpr (self_describing<E>)
            return error.what_happened();
        else if constexpr (std::same_as<E, std::error_code>)
            return detail::of_error_code(error, unclassified);
        else
            return {.verdict = verdict::transient, .certainty = unclassified};
    }
};
static_assert(classifier<default_classifier>);

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_DEFAULT_CLASSIFIER_HPP
