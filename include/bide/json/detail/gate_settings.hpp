// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_GATE_SETTINGS_HPP
#define BIDE_JSON_DETAIL_GATE_SETTINGS_HPP

#include <bide/gate/circuit_breaker.hpp>
#include <bide/gate/concurrency_limit.hpp>
#include <bide/gate/cooldown.hpp>
#include <bide/gate/cubic_pacer.hpp>
#include <bide/gate/leaky_bucket.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/sliding_window.hpp>
#include <bide/gate/token_bucket.hpp>
#include <bide/limit/concurrent_retries.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/limit/retry_quota.hpp>
#include <bide/limit/retry_throttle.hpp>

/// The settings of each gate and budget by name. A visitor is called with the key and the member;
/// as `required` for what has no default, `or_none` for what null lifts, `count` for a whole number
/// of which 0 is one, and as itself for the rest.
namespace bide::inline v1::detail {

template <class Visitor>
void visit_settings(Visitor& v, failure_count& o) {
    v("failures", o.failures);
    v.count("of_last", o.of_last);
}

template <class Visitor>
void visit_settings(Visitor& v, failure_rate& o) {
    v("rate", o.rate);
    v("minimum", o.minimum);
    v("within", o.within);
    v("steps", o.steps);
    v.count("of_last", o.of_last);
    v.or_none("slow_from", o.slow_from);
    v("slow_rate", o.slow_rate);
}

template <class Visitor>
void visit_settings(Visitor& v, circuit_breaker::options& o) {
    v("opens", o.opens);
    v("open_for", o.open_for);
    v("longest_hint", o.longest_hint);
    v("probes", o.probes);
    v.count("failed_probes", o.failed_probes);
    v("hears_all_probes", o.hears_all_probes);
    v("probe_patience", o.probe_patience);
    v("counts_throttled", o.counts_throttled);
}

template <class Visitor>
void visit_settings(Visitor& v, cooldown::options& o) {
    v("spread", o.spread);
    v("least_spread", o.least_spread);
    v("probe_from", o.probe_from);
    v("probe_patience", o.probe_patience);
    v("longest", o.longest);
}

template <class Visitor>
void visit_settings(Visitor& v, concurrency_limit::options& o) {
    v.required("in_flight", o.in_flight);
    v.or_none("queue", o.queue);
}

template <class Visitor>
void visit_settings(Visitor& v, token_bucket::options& o) {
    v.required("rate", o.rate);
    v("per", o.per);
    v("burst", o.burst);
    v.or_none("queue", o.queue);
}

template <class Visitor>
void visit_settings(Visitor& v, leaky_bucket::options& o) {
    v.required("rate", o.rate);
    v("per", o.per);
    v.or_none("queue", o.queue);
}

template <class Visitor>
void visit_settings(Visitor& v, sliding_window::options& o) {
    v.required("limit", o.limit);
    v("window", o.window);
    v.or_none("queue", o.queue);
}

template <class Visitor>
void visit_settings(Visitor& v, quota_pacer::options& o) {
    v("start_rate", o.start_rate);
    v("utilisation", o.utilisation);
    v("max_wait", o.max_wait);
    v.or_none("queue", o.queue);
}

template <class Visitor>
void visit_settings(Visitor& v, cubic_pacer::options& o) {
    v("max_wait", o.max_wait);
    v.or_none("queue", o.queue);
}

template <class Visitor>
void visit_settings(Visitor& v, retry_budget::options& o) {
    v("ratio", o.ratio);
    v("reserve_per_second", o.reserve_per_second);
    v("window", o.window);
    v("counts_throttled", o.counts_throttled);
}

template <class Visitor>
void visit_settings(Visitor& v, retry_quota::options& o) {
    v.count("capacity", o.capacity);
    v("cost", o.cost);
    v("timeout_cost", o.timeout_cost);
    v("throttled_cost", o.throttled_cost);
    v.count("success_return", o.success_return);
}

template <class Visitor>
void visit_settings(Visitor& v, retry_throttle::options& o) {
    v("max_tokens", o.max_tokens);
    v("token_ratio", o.token_ratio);
}

template <class Visitor>
void visit_settings(Visitor& v, concurrent_retries::options& o) {
    v("ratio", o.ratio);
    v.count("least", o.least);
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_GATE_SETTINGS_HPP
