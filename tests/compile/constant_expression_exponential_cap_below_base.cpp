// SPDX-License-Identifier: MIT
// expect-error: invalid\("exponential: cap", ">= base",
#include <bide/bide.hpp>

#include <chrono>

using namespace std::chrono_literals;

#if BIDE_EXPECT_ERROR
constexpr bide::exponential backoff({.base = 2s, .cap = 1s});
#else
constexpr bide::exponential backoff({.base = 1s, .cap = 1s});
#endif
