// SPDX-License-Identifier: MIT
#ifndef SENDER_DELIVERY_POLICY_HPP
#define SENDER_DELIVERY_POLICY_HPP

#include <bide/bide.hpp>
#include <bide/curl/response.hpp>
#include <bide/gate.hpp>
#include <bide/json/plan.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

/// How a bulk sender retries: this is the one place. Nobody waits for the single message, all want
/// the whole batch to arrive, and the provider's limit is met on purpose all the time. So it
/// differs from the library's defaults, which serve a person who waits, in three things:
///
/// - Time limits, not tries. With 16 in flight at a limit of 1 per second a message is turned away
///   many times, and nothing is wrong. Every try that may be repeated at all is one that did
///   nothing, so their number is a matter of load, and the backoff takes care of that.
/// - Five minutes per message instead of 30 seconds; `--deadline` bounds the run.
/// - A throttled message waits in the line of the pacer, which knows best when there is room again;
///   where there is no pacer, it comes back within 2 s if the server names no wait: a limiter has
///   room again within its window, mostly a second, and a wait that grew to 20 s would leave the
///   quota unused. The delay is drawn from the upper half, so that no 429 is followed by another at
///   once. In trouble the delay grows from the last one (decorrelated jitter) instead of by the
///   number of tries, most of which were only throttled.
///
/// Who knows the provider better says all of it in a policy of his own, `--policy`.
namespace sender {

/// After a 429 nothing if there is a pacer, or equal jitter up to 2 s; else decorrelated jitter up
/// to 10 s.
class bulk_backoff {
public:
    constexpr explicit bulk_backoff(bool is_paced = false) noexcept : is_paced_{is_paced} {}

    [[nodiscard]] constexpr bide::band band_of(const bide::attempt& a) const noexcept {
        if (a.because != bide::verdict::throttled) return trouble_.band_of(a);
        return is_paced_ ? bide::band{} : throttled_.band_of(a);
    }

private:
    bool is_paced_;
    decltype(bide::exponential({}) | bide::equal_jitter) throttled_ =
        bide::exponential({.cap = std::chrono::seconds{2}}) | bide::equal_jitter;
    decltype(bide::exponential({}) | bide::decorrelated_jitter) trouble_ =
        bide::exponential({.cap = std::chrono::seconds{10}}) | bide::decorrelated_jitter;
};
static_assert(bide::backoff<bulk_backoff>);

/// A transfer that a stop request ended has no fault of its own, so that its operation ends as
/// `cancelled` or `unknown` and not as `permanent`. All else is as the response says.
struct judge {
    template <class T>
    static constexpr bool judges = true;

    [[nodiscard]] static bide::finding of_result(const bide::curl::response& r) noexcept {
        auto found = r.what_happened();
        if (r.code == CURLE_ABORTED_BY_CALLBACK) found.verdict = bide::verdict::transient;
        return found;
    }
    [[nodiscard]] static bide::finding of_exception(bide::certainty unclassified) {
        return bide::default_classifier::of_exception(unclassified);
    }
};
static_assert(bide::classifier<judge>);

/// What `--policy` reads: all but the end of the run.
using message_plan = bide::json_plan<judge>;

/// The part of it that the command line may change.
struct patience {
    bool is_paced = false;  ///< A pacer learns from throttled answers and keeps messages back.
    bide::timespan max_elapsed = std::chrono::minutes{5};
    std::optional<std::uint64_t> max_attempts = {};  ///< Absent: time alone limits.
    bide::timespan try_timeout = bide::defaults::try_timeout;
    std::optional<message_plan> policy = {};  ///< In place of all that is said above.
};

/// The gates and the budget of the text; without one there are none.
[[nodiscard]] inline bide::json_gates gates_of(const patience& p) {
    return p.policy ? p.policy->gates() : bide::plan_from_json("{}").gates();
}

/// Whether the text has a gate that learns how fast messages may go, or that knows it.
[[nodiscard]] inline bool learns_pace(const bide::json_gates& g) noexcept {
    return g.get<bide::quota_pacer>() != nullptr || g.get<bide::cubic_pacer>() != nullptr;
}
[[nodiscard]] inline bool has_pace(const bide::json_gates& g) noexcept {
    return learns_pace(g) || g.get<bide::token_bucket>() != nullptr ||
           g.get<bide::leaky_bucket>() != nullptr || g.get<bide::sliding_window>() != nullptr;
}

[[nodiscard]] inline bide::json_policy<judge> policy_for_message(const patience& p) {
    if (p.policy) return p.policy->rules();
    constexpr auto any = std::numeric_limits<std::uint64_t>::max();
    return {bulk_backoff{p.is_paced},
            bide::max_attempts(p.max_attempts.value_or(any)) | bide::max_elapsed(p.max_elapsed),
            judge{},
            {.try_timeout = p.try_timeout}};
}

/// `until`: the end of the run; `least_try`: with less left before it, no try begins.
[[nodiscard]] inline auto delivery_policy(const patience& p, bide::time_point until = bide::never,
                                          bide::timespan least_try = bide::defaults::least_try) {
    const auto each = policy_for_message(p);
    return bide::policy(each.delays(), each.limits() | bide::deadline(until, least_try),
                        each.judge(), each.options());
}

}  // namespace sender

#endif  // SENDER_DELIVERY_POLICY_HPP
