// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_HPP
#define BIDE_GATE_HPP

/// Gates: may a try start now? Budgets: may it be retried? `retry(with(gate, budget, policy), f)`.

#include <bide/bide.hpp>
#include <bide/gate/admission.hpp>
#include <bide/gate/circuit_breaker.hpp>
#include <bide/gate/concurrency_limit.hpp>
#include <bide/gate/cooldown.hpp>
#include <bide/gate/cubic_pacer.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/initial_jitter.hpp>
#include <bide/gate/keyed.hpp>
#include <bide/gate/leaky_bucket.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/sliding_window.hpp>
#include <bide/gate/ticket.hpp>
#include <bide/gate/token_bucket.hpp>
#include <bide/limit/budget.hpp>
#include <bide/limit/concurrent_retries.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/limit/retry_quota.hpp>
#include <bide/limit/retry_throttle.hpp>

#endif  // BIDE_GATE_HPP
