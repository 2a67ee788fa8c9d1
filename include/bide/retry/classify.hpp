// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_CLASSIFY_HPP
#define BIDE_RETRY_CLASSIFY_HPP

#include <bide/maybe.hpp>
#include <bide/retry/default_classifier.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/mark.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace bide::inline v1 {

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

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_CLASSIFY_HPP
