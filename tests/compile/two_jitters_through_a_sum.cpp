// SPDX-License-Identifier: MIT
// expect-error: bide: a backoff takes one jitter, this one has it already
#include <bide/bide.hpp>

constexpr auto spread = bide::exponential({}) | bide::full_jitter;

#if BIDE_EXPECT_ERROR
constexpr auto b = bide::constant({}) + spread | bide::equal_jitter;
#else
constexpr auto b = bide::constant({}) + spread;
#endif
