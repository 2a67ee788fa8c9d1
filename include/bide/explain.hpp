// SPDX-License-Identifier: MIT
#ifndef BIDE_EXPLAIN_HPP
#define BIDE_EXPLAIN_HPP

#include <bide/bide.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <vector>

namespace bide::inline v1 {

/// How `explain` looks at a policy.
struct explain_options {
    std::uint64_t samples = 10'000;   ///< Walks for means that cannot be computed; >= 1.
    std::uint64_t seed = 1;           ///< Of these walks: the same seed gives the same means.
    std::uint64_t most_retries = 20;  ///< Retries listed at most.
    /// What every try ends with; `throttled` and `overloaded` show the delays of `when_throttled`.
    verdict because = verdict::transient;
    /// When the operation begins, which only a deadline asks for. Absent: now.
    maybe<beginning> start = {};
};

/// What a policy can come to, told before anything has happened.
struct explanation {
    /// With fractions: the middle between two delays may be half a nanosecond.
    using mean_delay = std::chrono::duration<double, std::nano>;

    /// The delay before one retry as the backoff draws it. What a server asks for is not known, and
    /// a limit of time does not shorten a delay: it ends the operation where one does not fit.
    struct retry {
        std::uint64_t number = 1;  ///< Retry 1 is attempt 2.
        duration min{};
        mean_delay mean{};
        duration max{};
        bool mean_is_exact = true;  ///< Computed; else it is the mean of `samples` walks.
    };

    /// Allowed by number, the first included. Absent: only time, or nothing, ends the operation. 0:
    /// it may not even begin.
    maybe<std::uint64_t> attempts{};
    /// Those that can happen: to each the limits say yes after the least delays and tries that took
    /// no time.
    std::vector<retry> retries{};
    /// The greatest delays of these retries together. Absent if more can follow than are listed.
    maybe<duration> delays_max{};
    /// From the beginning until the operation should be over. Absent: no limit of time.
    maybe<duration> time_limit{};
    /// The longest that the operation can take if each try is cut off at `try_timeout` and no
    /// server asks for a longer wait: `delays_max` and a `try_timeout` for each attempt; but at
    /// most until a try that begins at the last instant allowed is cut off, and without `grace` at
    /// most `time_limit`. Absent if none of these is known.
    maybe<duration> total_max{};
};

namespace detail {

/// The greatest number to which `may_begin(number)` says yes, 0 if to none; absent if to all. After
/// the first no there is no further yes.
template <class MayBegin>
maybe<std::uint64_t> most_attempts(MayBegin may_begin) {
    if (may_begin(no_end)) return {};
    std::uint64_t allowed = 0;
    for (auto refused = no_end; refused - allowed > 1;) {
        const auto middle = allowed + (refused - allowed) / 2;
        if (may_begin(middle))
            allowed = middle;
        else
            refused = middle;
    }
    return allowed;
}

/// Lists the retries to which `may_begin(attempt number, time passed)` says yes, asked with the
/// least delays.
template <backoff B, class MayBegin>
void list_retries(explanation& e, const B& delays, const explain_options& how, MayBegin may_begin) {
    attempt least{.because = how.because};
    auto greatest = least;
    auto passed = duration::zero();
    auto sum = duration::zero();
    for (;; ++least.number, ++greatest.number) {
        const auto lower = delays.band_of(least);
        const auto upper = delays.band_of(greatest);
        passed = saturating_add(passed, lower.low);
        if (!may_begin(least.number + 1, passed)) {
            e.delays_max = sum;
            return;
        }
        if (e.retries.size() >= how.most_retries) return;
        e.retries.push_back(
            {.number = least.number,
             .min = lower.low,
             .mean = lower.low + explanation::mean_delay{lower.high - lower.low} / 2,
             .max = upper.high,
             // The same after the least and the greatest delays, so after any.
             .mean_is_exact = lower == upper});
        sum = saturating_add(sum, upper.high);
        least.previous = lower.low;
        greatest.previous = upper.high;
    }
}

/// Puts the means of seeded walks where none could be computed.
template <backoff B>
void sample_means(explanation& e, const B& delays, const explain_options& how) {
    auto known = true;
    for (const auto& r : e.retries) known = known && r.mean_is_exact;
    if (known) return;
    std::vector<double> sums(e.retries.size());
    splitmix64 g{how.seed};
    for (std::uint64_t walk = 0; walk < how.samples; ++walk) {
        attempt failed{.because = how.because};
        for (auto& sum : sums) {
            failed.previous = delay_of(delays, failed, g);
            ++failed.number;
            sum += static_cast<double>(failed.previous.count());
        }
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
        if (!e.retries[i].mean_is_exact)
            e.retries[i].mean = explanation::mean_delay{sums[i] / static_cast<double>(how.samples)};
}

template <class Policy>
maybe<duration> longest_operation(const explanation& e, const Policy& policy,
                                  const beginning& start) {
    const duration try_timeout = policy.options().try_timeout;
    auto longest = duration::max();
    if (e.delays_max) {
        longest = saturating_add(*e.delays_max, try_timeout);
        for (std::size_t i = 0; i < e.retries.size(); ++i)
            longest = saturating_add(longest, try_timeout);
    }
    const auto last_start = last_start_of(policy.limits(), start);
    const auto last_end = saturating_add(last_start, try_timeout);
    if (last_start != never) longest = smaller(longest, saturating_sub(last_end, start.steady));
    if (e.time_limit && !policy.options().grace) longest = smaller(longest, *e.time_limit);
    if (longest == duration::max()) return {};
    return longest;
}

}  // namespace detail

/// What can a policy come to? For people who choose one, and for tests that hold it to a bound.
///
/// `min` and `max` are exact for a backoff whose delays do not fall where the one before was
/// longer, as all of the library are; `mean` is exact where a delay does not depend on the one
/// before.
/// @throws std::invalid_argument for 0 samples.
template <class Backoff, class Limit, class Classifier>
[[nodiscard]] explanation explain(const retry_policy<Backoff, Limit, Classifier>& policy,
                                  const explain_options& options = explain_options{}) {
    if (options.samples == 0) detail::invalid("explain: samples", ">= 1", options.samples);
    constexpr auto need = retry_policy<Backoff, Limit, Classifier>::needs;
    const auto start = options.start.value_or(detail::begin_on<need>(system_runtime{}));
    const finding failed{.verdict = options.because};
    const auto may_begin = [&](std::uint64_t number, duration passed = duration::zero()) {
        const auto at = detail::saturating_add(start.steady, passed);
        return policy.limits().check({number, start, at, number > 1 ? &failed : nullptr}) ==
               end::done;
    };

    explanation e{.attempts = detail::most_attempts(may_begin)};
    const auto latest = detail::latest_of(policy.limits(), start);
    if (latest != never)
        e.time_limit =
            detail::larger(detail::saturating_sub(latest, start.steady), duration::zero());
    if (!may_begin(1)) {
        e.delays_max = e.total_max = duration::zero();
        return e;
    }
    detail::list_retries(e, policy.delays(), options, may_begin);
    detail::sample_means(e, policy.delays(), options);
    e.total_max = detail::longest_operation(e, policy, start);
    return e;
}

}  // namespace bide::inline v1

#endif  // BIDE_EXPLAIN_HPP
