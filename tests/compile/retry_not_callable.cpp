// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::retry: the callable cannot be called with these arguments as lvalues, with or without a this_try before them
// clang-format on
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
void send() {
    (void)bide::retry(bide::policy(), [](int) {}, "text");
}
#else
void send() {
    (void)bide::retry(bide::policy(), [](int) {}, 7);
}
#endif
