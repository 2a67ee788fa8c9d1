// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_POLICY_HPP
#define BIDE_RETRY_POLICY_HPP

#include <bide/backoff/exponential.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/defaults.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>
#include <bide/retry/classifier.hpp>
#include <bide/retry/classify.hpp>
#include <bide/retry/default_classifier.hpp>

#include <type_traits>
#include <utility>

namespace bide::inline v1 {

/// What a policy says besides backoff, limits and classifier.
struct policy_options {
    /// One try, from its beginning to its answer; > 0.
    timespan try_timeout = defaults::try_timeout;
    /// Of a try, until the connection stands; > 0.
    timespan connect_timeout = defaults::connect_timeout;
    /// The longest wait taken from a server; >= 0. Longer ones end the operation as `deferred`.
    timespan max_hint = defaults::max_hint;
    /// A request that was sent and must not be repeated may use its own `try_timeout` beyond the
    /// end of the operation's time: cutting it off would turn an answer into an unknown.
    bool grace = true;
};

/// How to retry: an immutable value without shared state, made by `policy(…)`. Copied freely and
/// used by any number of threads; what belongs to one operation lives in `retry_state`.
template <class Backoff, class Limit, class Classifier>
class retry_policy {
public:
    static constexpr auto needs = detail::need_of<Limit>();

    /// @throws std::invalid_argument naming the field; in a constant expression, a compile error.
    constexpr retry_policy(Backoff backoff, Limit limit, Classifier classifier,
                           policy_options options)
        : backoff_{std::move(backoff)},
          limit_{std::move(limit)},
          classifier_{std::move(classifier)},
          options_{options} {
        require_positive("policy: try_timeout", options_.try_timeout);
        require_positive("policy: connect_timeout", options_.connect_timeout);
        if (options_.max_hint.get() < duration::zero())
            detail::invalid("policy: max_hint", ">= 0", options_.max_hint.get());
    }

    [[nodiscard]] constexpr const Backoff& delays() const noexcept { return backoff_; }
    [[nodiscard]] constexpr const Limit& limits() const noexcept { return limit_; }
    [[nodiscard]] constexpr const Classifier& judge() const noexcept { return classifier_; }
    [[nodiscard]] constexpr const policy_options& options() const noexcept { return options_; }

private:
    static constexpr void require_positive(const char* setting, duration value) {
        if (value <= duration::zero()) detail::invalid(setting, "> 0", value);
    }

    Backoff backoff_;
    Limit limit_;
    [[no_unique_address]] Classifier classifier_;
    policy_options options_;
};

namespace detail {

/// A backoff that ends takes part in the limit: one attempt more than it has delays.
template <backoff Backoff, limit Limit>
constexpr auto joined(const Backoff& backoff, Limit limit) {
    if constexpr (ending<Backoff>) {
        const auto retries = backoff.retries();
        return std::move(limit) | max_attempts(retries == no_end ? no_end : retries + 1);
    } else {
        return limit;
    }
}

/// The first argument that is wrong is named in one sentence, the same on every compiler.
template <class Backoff, class Limit, class Classifier>
consteval bool check_policy() {
    static_assert(!limit<Backoff>,
                  "bide::policy: the backoff comes first, then the limit: policy(exponential({}), "
                  "max_attempts(4))");
    static_assert(
        limit<Backoff> || backoff<Backoff>,
        "bide::policy: the first argument must be a backoff, for example exponential({}) | "
        "full_jitter");
    static_assert(
        limit<Backoff> || limit<Limit>,
        "bide::policy: the second argument must be a limit, for example max_attempts(4) | "
        "max_elapsed(30s)");
    static_assert(classifier<Classifier>,
                  "bide::policy: the third argument must be a classifier, for example "
                  "classify(retry_if(is_busy)), or options");
    return backoff<Backoff> && limit<Limit> && classifier<Classifier>;
}

}  // namespace detail

// Every wrong pair says so in one sentence; the result is there so that no second one follows.
template <backoff A, limit B>
constexpr A operator|(A a, B) {
    static_assert(
        !backoff<A>,
        "bide: a backoff and a limit are two arguments, not joined by |: policy(backoff, limit)");
    return a;
}
template <limit A, backoff B>
constexpr A operator|(A a, B) {
    static_assert(
        !limit<A>,
        "bide: a backoff and a limit are two arguments, not joined by |: policy(backoff, limit)");
    return a;
}

/// A policy: `policy(exponential({.base = 1s}) | full_jitter, max_attempts(4) | max_elapsed(30s))`.
template <class Backoff, class Limit, class Classifier>
[[nodiscard]] constexpr auto policy(Backoff backoff, Limit limit, Classifier classifier,
                                    policy_options options) {
    if constexpr (detail::check_policy<Backoff, Limit, Classifier>()) {
        auto joined = detail::joined(backoff, std::move(limit));
        return retry_policy<Backoff, decltype(joined), Classifier>{
            std::move(backoff), std::move(joined), std::move(classifier), options};
    }
}

template <class Backoff, class Limit, class Classifier>
[[nodiscard]] constexpr auto policy(Backoff backoff, Limit limit, Classifier classifier) {
    return policy(std::move(backoff), std::move(limit), std::move(classifier), policy_options{});
}

template <class Backoff, class Limit>
[[nodiscard]] constexpr auto policy(Backoff backoff, Limit limit, policy_options options) {
    return policy(std::move(backoff), std::move(limit), default_classifier{}, options);
}

template <class Backoff, class Limit>
[[nodiscard]] constexpr auto policy(Backoff backoff, Limit limit) {
    return policy(std::move(backoff), std::move(limit), default_classifier{}, policy_options{});
}

/// The policy for those who have not made up their mind: the values of `bide/defaults.hpp`.
[[nodiscard]] constexpr auto policy(policy_options options = policy_options{}) {
    return policy(exponential({}) | full_jitter, max_attempts() | max_elapsed({}),
                  default_classifier{}, options);
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_POLICY_HPP
