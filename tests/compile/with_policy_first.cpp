// SPDX-License-Identifier: MIT
// expect-error: bide::with: the policy comes last: with\(gate, policy\)
#include <bide/gate.hpp>

inline bide::concurrency_limit gate({.in_flight = 4});

#if BIDE_EXPECT_ERROR
auto plan() { return bide::with(bide::policy(), gate); }
#else
auto plan() { return bide::with(gate, bide::policy()); }
#endif
