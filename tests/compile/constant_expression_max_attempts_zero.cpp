// SPDX-License-Identifier: MIT
// expect-error: invalid\("max_attempts: n", ">= 1",
#include <bide/bide.hpp>

#include <chrono>

using namespace std::chrono_literals;

#if BIDE_EXPECT_ERROR
constexpr bide::max_attempts limit(0);
#else
constexpr bide::max_attempts limit(1);
#endif
