// SPDX-License-Identifier: MIT
#ifndef BIDE_BIDE_HPP
#define BIDE_BIDE_HPP

/// The core: wrap a callable and retry it. Standard library only.
///
/// Asked for by name: `bide/gate.hpp` (pace, budget, break), `bide/stop_token.hpp` (interruptible
/// waiting), `bide/observe.hpp` (counters), `bide/http.hpp`, `bide/curl.hpp`, `bide/json.hpp`,
/// `bide/testing.hpp` (virtual clock).

#include <bide/backoff/at_least.hpp>
#include <bide/backoff/backoff.hpp>
#include <bide/backoff/computed.hpp>
#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/fibonacci.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/backoff/linear.hpp>
#include <bide/backoff/polynomial.hpp>
#include <bide/backoff/sequence.hpp>
#include <bide/backoff/sum.hpp>
#include <bide/backoff/when_throttled.hpp>
#include <bide/defaults.hpp>
#include <bide/limit/deadline.hpp>
#include <bide/limit/limit.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>
#include <bide/maybe.hpp>
#include <bide/observe/observer.hpp>
#include <bide/random.hpp>
#include <bide/retry/callable.hpp>
#include <bide/retry/classifier.hpp>
#include <bide/retry/classify.hpp>
#include <bide/retry/default_classifier.hpp>
#include <bide/retry/explain.hpp>
#include <bide/retry/outcome.hpp>
#include <bide/retry/plan.hpp>
#include <bide/retry/policy.hpp>
#include <bide/retry/retry.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>
#include <bide/version.hpp>

#endif  // BIDE_BIDE_HPP
