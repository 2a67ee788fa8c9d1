// SPDX-License-Identifier: MIT
// expect-error: invalid\("max_elapsed: total", "> 0",
#include <bide/bide.hpp>

#include <chrono>

using namespace std::chrono_literals;

#if BIDE_EXPECT_ERROR
constexpr bide::max_elapsed limit(0s);
#else
constexpr bide::max_elapsed limit(1s);
#endif
