// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::policy: the backoff comes first, then the limit: policy\(exponential\({}\), max_attempts\(4\)\)
// clang-format on
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto p = bide::policy(bide::max_attempts(3), bide::exponential({}));
#else
constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3));
#endif
