// SPDX-License-Identifier: MIT
// expect-error: bide: a backoff takes one jitter, this one has it already
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto b = bide::exponential({}) | bide::full_jitter | bide::equal_jitter;
#else
constexpr auto b = bide::exponential({}) | bide::equal_jitter;
#endif
