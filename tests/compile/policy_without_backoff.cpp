// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::policy: the first argument must be a backoff, for example exponential\({}\) \| full_jitter
// clang-format on
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto p = bide::policy(3, bide::max_attempts(3));
#else
constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3));
#endif
