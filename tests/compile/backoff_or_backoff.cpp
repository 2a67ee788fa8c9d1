// SPDX-License-Identifier: MIT
// expect-error: bide: an operation has one backoff, two cannot be joined
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto p = bide::policy(bide::exponential({}) | bide::constant({}), bide::max_attempts(3));
#else
constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3));
#endif
