// SPDX-License-Identifier: MIT
// expect-error: bide::deadline: the clock must be steady_clock or system_clock
#include <bide/bide.hpp>

#include <chrono>

#if BIDE_EXPECT_ERROR
const auto limit = bide::deadline(std::chrono::file_clock::now());
#else
const auto limit = bide::deadline(std::chrono::system_clock::now());
#endif
