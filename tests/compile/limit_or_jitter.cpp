// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide: a jitter adapts a backoff, and what stands left of it is none: backoff \| jitter
// clang-format on
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto l = bide::max_attempts(3) | bide::full_jitter;
#else
constexpr auto l = bide::max_attempts(3) | bide::max_elapsed({});
#endif
