// SPDX-License-Identifier: MIT
// expect-error: bide::with: a plan takes one std::stop_token
#include <bide/stop_token.hpp>

#include <stop_token>

#if BIDE_EXPECT_ERROR
auto plan(std::stop_token a, std::stop_token b) { return bide::with(a, b, bide::policy()); }
#else
auto plan(std::stop_token a) { return bide::with(a, bide::policy()); }
#endif
