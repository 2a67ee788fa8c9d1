// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide: a computed backoff needs a callable that is const and noexcept: \[\]\(const attempt& a\) noexcept
// clang-format on
#include <bide/bide.hpp>

using namespace std::chrono_literals;

#if BIDE_EXPECT_ERROR
constexpr auto b = bide::computed([](const bide::attempt&) { return 1s; });
#else
constexpr auto b = bide::computed([](const bide::attempt&) noexcept { return 1s; });
#endif
