// SPDX-License-Identifier: MIT
// expect-error: invalid\(setting, "> 0",
#include <bide/bide.hpp>

#include <chrono>

using namespace std::chrono_literals;

#if BIDE_EXPECT_ERROR
constexpr auto p = bide::policy({.try_timeout = 0s});
#else
constexpr auto p = bide::policy({.try_timeout = 1s});
#endif
