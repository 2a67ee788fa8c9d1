// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>

#include <iostream>
#include <stdexcept>

using namespace std::chrono_literals;

int main() {
    int calls = 0;
    auto query = [&] {  // any callable; this one fails twice
        if (++calls < 3) throw std::runtime_error{"connection reset"};
        return 42;
    };
    auto policy = bide::policy(bide::exponential({.base = 100ms, .cap = 2s}) | bide::full_jitter,
                               bide::max_attempts(4) | bide::max_elapsed(10s));
    auto rows = bide::retry(policy, query);
    std::cout << rows.value() << " rows after " << rows.attempts() << " attempts\n";
}
