// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::policy: the third argument must be a classifier, for example classify\(retry_if\(is_busy\)\), or options
// clang-format on
#include <bide/bide.hpp>

constexpr auto is_busy = [](int n) { return n < 0; };

#if BIDE_EXPECT_ERROR
constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3), is_busy);
#else
constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3),
                                bide::classify(bide::retry_if(is_busy)));
#endif
