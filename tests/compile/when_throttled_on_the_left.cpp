// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide: a jitter stands right of its backoff: backoff \| jitter; so do at_least and when_throttled
// clang-format on
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
constexpr auto b = bide::when_throttled(bide::constant({})) | bide::exponential({});
#else
constexpr auto b = bide::exponential({}) | bide::when_throttled(bide::constant({}));
#endif
