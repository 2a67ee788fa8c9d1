// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide: a budget is shared, so it stands in the plan, not in the policy: with\(budget, policy\)
// clang-format on
#include <bide/bide.hpp>
#include <bide/limit/retry_budget.hpp>

inline bide::retry_budget budget;

#if BIDE_EXPECT_ERROR
auto plan() { return bide::policy(bide::constant({}), bide::max_attempts(4) | budget); }
#else
auto plan() { return bide::with(budget, bide::policy(bide::constant({}), bide::max_attempts(4))); }
#endif
