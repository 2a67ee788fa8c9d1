// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_CLASSIFY_HPP
#define BIDE_RETRY_CLASSIFY_HPP

#include <bide/maybe.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/mark.hpp>

#include <concepts>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <utility>

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

namespace detail {

/// A rule's answer, whichever way it was given.
constexpr finding to_finding(const finding& f) noexcept { return f; }
constexpr finding to_finding(verdict v) noexcept {
    return v == verdict::success ? succeeded : finding{.verdict = v};
}

template <class E, class Answer>
struct exception_rule {
    using exception_type = E;
    Answer answer;
};

template <class Answer>
struct result_rule {
    using is_result_rule = void;
    Answer answer;  ///< From a result to a finding, a verdict, or an optional one.
};

/// `Answer`, where the predicate can be called with the result; so a rule can be asked whether it
/// fits.
template <class Predicate, class T, class Answer>
using answer_of = std::enable_if_t<std::is_invocable_v<const Predicate&, const T&>, Answer>;

template <class R>
concept judges_results = requires { typename R::is_result_rule; };

/// Rules in order, the first that has an opinion wins; then the default.
template <class... Rules>
class rule_classifier;

template <>
class rule_classifier<> : public default_classifier {};

template <class First, class... Rest>
class rule_classifier<First, Rest...> {
public:
    template <class T>
    static constexpr bool judges =
        judges_results<First> || rule_classifier<Rest...>::template judges<T>;

    constexpr explicit rule_classifier(First first, Rest... rest)
        : first_{std::move(first)}, rest_{std::move(rest)...} {}

    template <class T>
    [[nodiscard]] constexpr finding of_result(const T& result,
                                              certainty unclassified = certainty::rejected) const {
        if constexpr (judges_results<First>) {
            static_assert(
                std::is_invocable_v<const decltype(First::answer)&, const T&>,
                "bide: a result rule of this policy cannot be called with the result of the "
                "callable");
            using answer_type = std::invoke_result_t<const decltype(First::answer)&, const T&>;
            if constexpr (std::same_as<answer_type, finding>) {
                return first_.answer(result);  // in place, for the sake of the success path
            } else if constexpr (requires(const answer_type& answer) { answer.has_value(); }) {
                const auto answer = first_.answer(result);
                if (answer) return to_finding(*answer);
                return rest_.of_result(result, unclassified);
            } else {
                return to_finding(first_.answer(result));
            }
        } else {
            return rest_.of_result(result, unclassified);
        }
    }

    [[nodiscard]] finding of_exception(certainty unclassified) const {
        if constexpr (!judges_results<First>) {
            try {
                throw;
            } catch (const mark& m) {
                return m.what_happened();
            } catch (const typename First::exception_type& e) {
                return to_finding(first_.answer(e));
            } catch (...) {  // NOLINT(bugprone-empty-catch): the next rule's turn
            }
        }
        return rest_.of_exception(unclassified);
    }

private:
    [[no_unique_address]] First first_;
    [[no_unique_address]] rule_classifier<Rest...> rest_;
};

}  // namespace detail

/// Exceptions of type `E` (and derived) are `v`, with certainty `c`.
template <class E>
[[nodiscard]] constexpr auto on(verdict v, certainty c = certainty::rejected) {
    auto answer = [v, c](const E&) { return finding{.verdict = v, .certainty = c}; };
    return detail::exception_rule<E, decltype(answer)>{answer};
}

/// Exceptions of type `E` are what `answer(const E&)` says: a `finding` or a `verdict`.
template <class E, std::invocable<const E&> Answer>
[[nodiscard]] constexpr auto on(Answer answer) {
    return detail::exception_rule<E, Answer>{std::move(answer)};
}

/// Results are what `answer(result)` says: a `finding`, a `verdict`, or an optional of these, where
/// empty means "ask the next rule".
template <class Answer>
[[nodiscard]] constexpr auto on_result(Answer answer) {
    return detail::result_rule<Answer>{std::move(answer)};
}

/// A result for which `predicate` is true is a transient failure: `retry_if([](int n) { return n <
/// 0; })`.
template <class Predicate>
[[nodiscard]] constexpr auto retry_if(Predicate predicate) {
    return on_result([p = std::move(predicate)]<class T>(
                         const T& result) -> detail::answer_of<Predicate, T, maybe<finding>> {
        if (p(result)) return maybe<finding>{finding{}};
        return maybe<finding>{};
    });
}

/// A result is a success if `predicate` is true, else a transient failure.
template <class Predicate>
[[nodiscard]] constexpr auto accept_if(Predicate predicate) {
    return on_result([p = std::move(predicate)]<class T>(
                         const T& result) -> detail::answer_of<Predicate, T, finding> {
        if (p(result)) return succeeded;
        return finding{};
    });
}

/// A classifier from rules: `classify(on<timeout>(verdict::transient), retry_if(is_busy))`.
/// The first rule with an opinion wins; what none knows is for `default_classifier`.
template <class... Rules>
[[nodiscard]] constexpr auto classify(Rules... rules) {
    return detail::rule_classifier<Rules...>{std::move(rules)...};
}

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
static_assert(classifier<default_classifier>);

namespace detail {

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

#endif  // BIDE_RETRY_CLASSIFY_HPP
