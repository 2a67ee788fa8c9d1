// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::policy: the second argument must be a limit, for example max_attempts\(4\) \| max_elapsed\(30s\)
// clang-format on
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto p = bide::policy(bide::exponential({}), 3);
#else
constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3));
#endif
