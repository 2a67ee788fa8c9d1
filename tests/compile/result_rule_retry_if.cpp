// SPDX-License-Identifier: MIT
// expect-error: bide: a result rule of this policy cannot be called with the result of the callable
#include <bide/bide.hpp>

#include <string>

constexpr auto p = bide::policy(bide::exponential({}), bide::max_attempts(3),
                                bide::classify(bide::retry_if([](int n) { return n < 0; })));

#if BIDE_EXPECT_ERROR
void send() {
    (void)bide::retry(p, [] { return std::string{"text"}; });
}
#else
void send() {
    (void)bide::retry(p, [] { return 7; });
}
#endif
