// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_GATE_SET_HPP
#define BIDE_JSON_DETAIL_GATE_SET_HPP

#include <bide/gate/admission.hpp>
#include <bide/gate/circuit_breaker.hpp>
#include <bide/gate/concurrency_limit.hpp>
#include <bide/gate/cooldown.hpp>
#include <bide/gate/cubic_pacer.hpp>
#include <bide/gate/initial_jitter.hpp>
#include <bide/gate/leaky_bucket.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/sliding_window.hpp>
#include <bide/gate/token_bucket.hpp>
#include <bide/json/detail/optional_gate.hpp>
#include <bide/limit/budget.hpp>
#include <bide/limit/concurrent_retries.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/limit/retry_quota.hpp>
#include <bide/limit/retry_throttle.hpp>
#include <bide/retry/plan.hpp>

namespace bide::inline v1::detail {

/// All that a text can name.
struct gate_set {
    optional_gate<bide::initial_jitter> spread;
    optional_gate<bide::circuit_breaker> breaker;
    optional_gate<bide::cooldown> pause;
    optional_gate<bide::concurrency_limit> in_flight;
    optional_gate<quota_pacer, cubic_pacer, token_bucket, leaky_bucket, sliding_window> pace;
    optional_budget<retry_budget, retry_quota, retry_throttle, concurrent_retries> retries;
};

/// The plan with them in front, in the order in which they are asked, see `with`. The spread of
/// first tries comes before all: it holds nothing, and what the others know is better asked when
/// the try is about to start.
template <class Plan>
auto with_all(gate_set& its, const Plan& p) {
    return with(its.spread, its.breaker, its.pause, its.in_flight, its.pace, its.retries, p);
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_GATE_SET_HPP
