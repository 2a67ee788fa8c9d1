// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide: a backoff and a limit are two arguments, not joined by \|: policy\(backoff, limit\)
// clang-format on
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3) | bide::constant({}));
#else
constexpr auto p = bide::policy(bide::constant({}), bide::max_attempts(3));
#endif
