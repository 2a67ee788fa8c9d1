// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::with: what stands before the policy must be a gate or budget that the caller keeps, an observer, a clock or a std::stop_token, and its header must be included
// clang-format on
#include <bide/gate.hpp>

inline bide::concurrency_limit gate({.in_flight = 4});

#if BIDE_EXPECT_ERROR
auto plan() { return bide::with(bide::concurrency_limit({.in_flight = 4}), bide::policy()); }
#else
auto plan() { return bide::with(gate, bide::policy()); }
#endif
