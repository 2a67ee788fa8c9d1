// SPDX-License-Identifier: MIT
// expect-error: bide: a jitter stands right of its backoff: backoff \| jitter
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto b = bide::full_jitter | bide::exponential({});
#else
constexpr auto b = bide::exponential({}) | bide::full_jitter;
#endif
