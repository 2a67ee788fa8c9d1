// SPDX-License-Identifier: MIT
// expect-error: bide::with: the last argument must be a policy or a plan: with\(gate, policy\)
#include <bide/gate.hpp>

inline bide::concurrency_limit gate({.in_flight = 4});

#if BIDE_EXPECT_ERROR
auto plan() { return bide::with(gate); }
#else
auto plan() { return bide::with(gate, bide::policy()); }
#endif
