// SPDX-License-Identifier: MIT
#include <bide/gate/cubic_pacer.hpp>

#include "support/catch.hpp"
#include "support/pacing_simulator.hpp"

#include <chrono>
#include <cmath>
#include <stdexcept>

using bide::cubic_pacer;
using namespace std::chrono_literals;

TEST_CASE("cubic_pacer: rejects what has no meaning", "[gate][cubic_pacer][errors]") {
    CHECK_THROWS_WITH(cubic_pacer({.max_wait = 0s}),
                      "bide::cubic_pacer: max_wait must be > 0, got 0s");
    CHECK_NOTHROW(cubic_pacer({.max_wait = 1ns}));
}

TEST_CASE("cubic_pacer: holds nothing back until it is throttled", "[gate][cubic_pacer]") {
    cubic_pacer gate;
    bide::ticket t{[](void*) noexcept {}, nullptr};
    const bide::time_point now{5s};
    CHECK(std::isinf(gate.rate()));
    CHECK(gate.ask(t, {.cost = 1000}, now).says_go());
    gate.finish(t, {.found = {bide::verdict::throttled, bide::certainty::rejected}}, now + 1s);
    CHECK(gate.rate() < 10);
    const auto answer = gate.ask(t, {}, now + 1s);
    CHECK_FALSE(answer.says_go());
    CHECK(gate.ask(t, {}, answer.until).says_go());
    gate.give_back(t, answer.until);
}

TEST_CASE("cubic_pacer: follows a bucket, with a saw tooth", "[gate][cubic_pacer]") {
    cubic_pacer gate;
    const auto got =
        simulate(simulated::scenario{.limits = simulated::gcra{.per_second = 100, .burst = 20},
                                     .learning = 500,
                                     .steady = 1500},
                 gate, 1);
    CHECK(got.accepted == 2000);
    CHECK(got.steady_goodput > 60);
    CHECK(got.steady_goodput < 102);
    CHECK(got.steady_refused < 0.05);
    CHECK(gate.waiting() == 0);
}
