// SPDX-License-Identifier: MIT
// expect-error: bide: this policy has a rule on results, but the callable returns void
#include <bide/bide.hpp>

constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3),
                                bide::classify(bide::retry_if([](int n) { return n < 0; })));

#if BIDE_EXPECT_ERROR
void send() {
    (void)bide::retry(p, [] {});
}
#else
void send() {
    (void)bide::retry(p, [] { return 7; });
}
#endif
