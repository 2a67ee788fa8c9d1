// SPDX-License-Identifier: MIT
// clang-format off
// expect-error: bide::retry: the first argument must be a policy or a plan, then comes the callable: retry\(policy, f, args\.\.\.\)
// clang-format on
#include <bide/bide.hpp>

#if BIDE_EXPECT_ERROR
void send() {
    (void)bide::retry([] { return 7; }, bide::policy());
}
#else
void send() {
    (void)bide::retry(bide::policy(), [] { return 7; });
}
#endif
