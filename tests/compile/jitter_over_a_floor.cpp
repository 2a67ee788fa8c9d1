// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide: a backoff takes one jitter, this one has it already, or a floor that a jitter would undercut: backoff \| jitter \| at_least
// clang-format on
#include <bide/bide.hpp>

using namespace std::chrono_literals;

#if BIDE_EXPECT_ERROR
constexpr auto b = bide::exponential({}) | bide::at_least(1s) | bide::full_jitter;
#else
constexpr auto b = bide::exponential({}) | bide::full_jitter | bide::at_least(1s);
#endif
