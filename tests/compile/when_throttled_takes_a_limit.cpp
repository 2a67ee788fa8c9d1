// SPDX-License-Identifier: MIT
// expect-error: bide: when_throttled takes a backoff: backoff \| when_throttled\(backoff\)
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto b = bide::exponential({}) | bide::when_throttled(bide::max_attempts(3));
#else
constexpr auto b = bide::exponential({}) | bide::when_throttled(bide::constant({}));
#endif
