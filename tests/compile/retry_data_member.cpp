// SPDX-License-Identifier: MIT
// expect-error: bide::retry: a pointer to a data member is nothing that can fail: give a function
#include <bide/bide.hpp>

struct client {
    int port = 0;
    int connect() { return port; }
};

void connect(client& c) {
#if BIDE_EXPECT_ERROR
    (void)bide::retry(bide::policy(), &client::port, c);
#else
    (void)bide::retry(bide::policy(), &client::connect, c);
#endif
}
