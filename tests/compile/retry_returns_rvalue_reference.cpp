// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::retry: the callable returns a T&&, which would be gone when the outcome is read: let it return a T or a T&
// clang-format on
#include <bide/bide.hpp>

#include <string>
#include <utility>

std::string text;

void send() {
#if BIDE_EXPECT_ERROR
    (void)bide::retry(bide::policy(), []() -> std::string&& { return std::move(text); });
#else
    (void)bide::retry(bide::policy(), []() -> std::string { return std::move(text); });
#endif
}
