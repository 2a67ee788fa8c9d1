// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::with: first the gates that refuse, then those that open by an event, last those that hand out times: with\(breaker, cooldown, concurrency_limit, pacer, policy\)
// clang-format on
#include <bide/gate.hpp>

inline bide::circuit_breaker breaker;
inline bide::cooldown parked;
inline bide::concurrency_limit limit({.in_flight = 4});
inline bide::quota_pacer pacer;
inline bide::initial_jitter spread{bide::duration{}};
inline bide::retry_budget budget;

using enum bide::gate_order;
static_assert(bide::circuit_breaker::order == refuses);
static_assert(bide::cooldown::order == opens_by_event);
static_assert(bide::concurrency_limit::order == opens_by_event);
static_assert(bide::token_bucket::order == hands_out_times);
static_assert(bide::leaky_bucket::order == hands_out_times);
static_assert(bide::sliding_window::order == hands_out_times);
static_assert(bide::quota_pacer::order == hands_out_times);
static_assert(bide::cubic_pacer::order == hands_out_times);
static_assert(bide::keyed_gate<bide::circuit_breaker>::order == refuses);

auto plan(bide::keyed<bide::token_bucket>& senders) {
#if BIDE_EXPECT_ERROR
    return bide::with(senders.at("Acme"), spread, budget, limit, bide::policy());
#else
    return bide::with(breaker, spread, limit, parked, budget, senders.at("Acme"), pacer, spread,
                      bide::policy());
#endif
}
