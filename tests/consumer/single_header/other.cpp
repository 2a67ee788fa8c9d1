// SPDX-License-Identifier: MIT
#include "bide_all.hpp"

int let_in_by_a_gate();

/// The calls that a policy of three attempts made through a gate.
int let_in_by_a_gate() {
    bide::virtual_clock clock;
    bide::concurrency_limit gate({.in_flight = 1});
    int calls = 0;
    const auto policy = bide::policy(bide::constant(bide::duration{1}), bide::max_attempts(3));
    const auto answer = bide::retry(bide::with(clock, gate, policy), [&] {
        ++calls;
        throw std::runtime_error{"down"};
    });
    return answer.ended() == bide::end::exhausted ? calls : -1;
}
