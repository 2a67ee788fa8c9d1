// SPDX-License-Identifier: MIT
#include <bide/testing.hpp>

#include <iostream>
#include <stdexcept>

using namespace std::chrono_literals;

// A test of a retry policy: half a minute passes, nobody sleeps.
int main() {
    bide::virtual_clock clock;
    const auto policy = bide::policy(bide::exponential({.base = 1s, .cap = 20s}),
                                     bide::max_attempts(8) | bide::max_elapsed(30s));
    const auto outcome = bide::retry(bide::with(clock, policy), [&] {
        clock.advance(500ms);  // what a try takes
        throw std::runtime_error{"down"};
    });
    for (const auto wait : clock.waits()) std::cout << wait / 1s << " s ";
    std::cout << "then " << to_string(outcome.ended()) << "\n";
    return outcome.ended() == bide::end::out_of_time && clock.waits().size() == 4 ? 0 : 1;
}
