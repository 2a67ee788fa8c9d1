// SPDX-License-Identifier: MIT
// expect-error: bide: a computed backoff returns a std::chrono::duration of whole numbers
#include <bide/bide.hpp>

using namespace std::chrono_literals;

#if BIDE_EXPECT_ERROR
constexpr auto b = bide::computed([](const bide::attempt&) noexcept { return 0.5s; });
#else
constexpr auto b = bide::computed([](const bide::attempt&) noexcept { return 500ms; });
#endif
