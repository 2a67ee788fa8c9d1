// SPDX-License-Identifier: MIT
#include "bide_all.hpp"
#include "bide_all.hpp"  // a second time, and then a part of it

#include "bide.hpp"

#include <cstdio>
#include <stdexcept>

int let_in_by_a_gate();

int main() {
    using namespace std::chrono_literals;
    bide::virtual_clock clock;
    const auto policy = bide::policy(
        bide::exponential({.base = 1s, .cap = 20s}) | bide::full_jitter, bide::max_attempts(3));
    const auto answer =
        bide::retry(bide::with(clock, policy), [] { throw std::runtime_error{"down"}; });
    const auto found =
        bide::http::read({.status = 503}, {.method = "GET"}, bide::http::profiles::generic, {})
            .finding;
    std::printf("waits: %d, gate let in: %d, 503: %s, %s\n", static_cast<int>(clock.waits().size()),
                let_in_by_a_gate(), to_string(found.verdict), to_string(answer.ended()));
}
