// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_BREAKER_OPTIONS_HPP
#define BIDE_GATE_DETAIL_BREAKER_OPTIONS_HPP

#include <bide/backoff/any_backoff.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/detail/invalid.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <variant>

namespace bide::inline v1 {

enum class breaker_state : std::uint8_t {
    closed,     ///< Every try may start.
    open,       ///< None may, until a time.
    half_open,  ///< A few may, as probes.
    isolated,   ///< None may, until somebody says so.
};

[[nodiscard]] constexpr const char* to_string(breaker_state s) noexcept {
    switch (s) {
        case breaker_state::closed:
            return "closed";
        case breaker_state::open:
            return "open";
        case breaker_state::half_open:
            return "half_open";
        case breaker_state::isolated:
            return "isolated";
    }
    return "?";
}

/// Tries that a circuit breaker counts, without those that say nothing of the server.
struct breaker_counts {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t slow = 0;  ///< Failed or not.

    friend constexpr bool operator==(const breaker_counts&, const breaker_counts&) = default;
};

/// A circuit breaker went from one state to another.
struct breaker_change {
    breaker_state from = breaker_state::closed;
    breaker_state to = breaker_state::closed;
    time_point at{};
    time_point until = never;  ///< Of open: when the first probe may go.
    breaker_counts because{};  ///< What was counted in the state that it left.
    /// Grows with each change. Threads may report theirs in another order.
    std::uint64_t generation = 0;
};

namespace detail {

/// Opens at so many failures in a row, or among the last few calls.
struct failure_count {
    /// >= 1; five in a row is the usual number of outlier detection (Envoy, Istio).
    std::uint64_t failures = 5;
    std::uint64_t of_last = 0;  ///< Calls; 0: in a row; else from `failures` to 1000000.
};

/// Opens at a share of failures, or of slow calls.
struct failure_rate {
    double rate = 0.5;  ///< Of the calls in the window; > 0, at most 1. Hystrix, resilience4j.
    /// Fewer calls prove nothing; >= 1. Hystrix; low traffic wants fewer.
    std::uint64_t minimum = 20;
    timespan within = std::chrono::seconds{10};  ///< The window; > 0. Hystrix.
    /// The window moves on in so many steps, 1 to 1000. With 1 it begins anew each time.
    std::uint64_t steps = 10;
    std::uint64_t of_last = 0;  ///< Calls, instead of `within`; 0, or from `minimum` to 1000000.
    timespan slow_from = duration::max();  ///< Tries that take so long are slow; > 0.
    double slow_rate = 1;                  ///< As `rate`, of slow calls.
};

/// The settings of `circuit_breaker`.
struct breaker_options {
    std::variant<failure_count, failure_rate> opens = failure_count{};
    /// How long it stays open; a backoff grows with each time that the probes failed, and one that
    /// ends stays at its last. 5 s is Polly's, a minute that of resilience4j and gobreaker.
    any_backoff open_for = exponential(
        {.base = std::chrono::seconds{5}, .factor = 2, .cap = std::chrono::seconds{60}});
    /// If the failure that opens it came with a server's wait, that is the least, up to this; >= 0.
    timespan longest_hint = std::chrono::hours{1};
    std::uint64_t probes = 1;         ///< In half-open; >= 1. Polly, gobreaker.
    std::uint64_t failed_probes = 0;  ///< So many of them may fail and it closes; < `probes`.
    /// Decides once all probes are back, not as soon as their result is certain.
    bool hears_all_probes = false;
    /// So long after the newest probe those of which nobody has heard are replaced, and no longer
    /// listened to. Longer than a try may take; > 0.
    timespan probe_patience = std::chrono::seconds{15};
    /// Throttled tries are failures. Else they say nothing: the server works, and who took them
    /// for an outage would close the door on everybody.
    bool counts_throttled = false;
    /// Told of each change, by the thread that caused it and without a lock; what it throws is
    /// dropped. Half-open begins when the first probe asks.
    std::function<void(const breaker_change&)> on_change{};
};

constexpr std::uint64_t longest_breaker_window = 1'000'000;

inline void require(const failure_count& its) {
    if (its.failures == 0) invalid("circuit_breaker: failures", ">= 1", its.failures);
    if (its.of_last != 0 && (its.of_last < its.failures || its.of_last > longest_breaker_window))
        invalid("circuit_breaker: of_last", "0 or from failures to 1000000", its.of_last);
}

inline void require(const failure_rate& its) {
    if (!(its.rate > 0 && its.rate <= 1))
        invalid("circuit_breaker: rate", "> 0 and <= 1", its.rate);
    if (!(its.slow_rate > 0 && its.slow_rate <= 1))
        invalid("circuit_breaker: slow_rate", "> 0 and <= 1", its.slow_rate);
    if (its.minimum == 0) invalid("circuit_breaker: minimum", ">= 1", its.minimum);
    if (its.of_last != 0 && (its.of_last < its.minimum || its.of_last > longest_breaker_window))
        invalid("circuit_breaker: of_last", "0 or from minimum to 1000000", its.of_last);
    if (its.within.get() <= duration::zero())
        invalid("circuit_breaker: within", "> 0", its.within.get());
    if (its.steps == 0 || its.steps > 1000)
        invalid("circuit_breaker: steps", "from 1 to 1000", its.steps);
    if (its.slow_from.get() <= duration::zero())
        invalid("circuit_breaker: slow_from", "> 0", its.slow_from.get());
}

/// @throws std::invalid_argument naming the field.
inline breaker_options checked(breaker_options its) {
    std::visit([](const auto& rule) { require(rule); }, its.opens);
    if (its.longest_hint.get() < duration::zero())
        invalid("circuit_breaker: longest_hint", ">= 0", its.longest_hint.get());
    if (its.probes == 0) invalid("circuit_breaker: probes", ">= 1", its.probes);
    if (its.failed_probes >= its.probes)
        invalid("circuit_breaker: failed_probes", "< probes", its.failed_probes);
    if (its.probe_patience.get() <= duration::zero())
        invalid("circuit_breaker: probe_patience", "> 0", its.probe_patience.get());
    return its;
}

}  // namespace detail

}  // namespace bide::inline v1

#endif  // BIDE_GATE_DETAIL_BREAKER_OPTIONS_HPP
