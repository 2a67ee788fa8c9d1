// SPDX-License-Identifier: MIT
#include <bide/gate/sliding_window.hpp>

#include "support/catch.hpp"
#include "support/gate_caller.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>

using bide::never;
using bide::sliding_window;
using support::at;
using support::caller;
using namespace std::chrono_literals;

static_assert(bide::gate<sliding_window>);
static_assert(!std::is_copy_constructible_v<sliding_window>);

TEST_CASE("sliding_window: rejects what has no meaning", "[gate][sliding_window][errors]") {
    CHECK_THROWS_WITH(sliding_window({}),
                      "bide::sliding_window: limit must be 1 to 1000000, got 0");
    CHECK_THROWS_WITH(sliding_window({.limit = 1'000'001}),
                      "bide::sliding_window: limit must be 1 to 1000000, got 1000001");
    CHECK_THROWS_WITH(sliding_window({.limit = 1, .window = 0s}),
                      "bide::sliding_window: window must be > 0, got 0s");
    CHECK_THROWS_AS(sliding_window({}), std::invalid_argument);
    CHECK_NOTHROW(
        sliding_window({.limit = 1'000'000, .window = std::chrono::hours::max(), .queue = 0}));
}

TEST_CASE("sliding_window: never more than the limit in any window", "[gate][sliding_window]") {
    // A bucket that is full at 0.9 s would let go five within 0.2 s.
    sliding_window gate({.limit = 3});
    std::array<caller, 8> c;
    CHECK(gate.available(at(0s)) == 3);
    CHECK(c[0].goes(gate, 0s));
    CHECK(c[1].goes(gate, 900ms));
    CHECK(c[2].goes(gate, 950ms));
    CHECK(gate.available(at(950ms)) == 0);
    const auto answer = c[3].ask(gate, 960ms);
    CHECK(answer.until == at(1s));
    CHECK(std::string{answer.reason} == "the window is full");
    // The second round of those who wait comes a window after the first.
    CHECK(c[4].ask(gate, 960ms).until == at(1900ms));
    CHECK(c[5].ask(gate, 960ms).until == at(1950ms));
    CHECK(c[6].ask(gate, 960ms).until == at(2s));
    CHECK(c[7].ask(gate, 960ms).until == at(2900ms));
    CHECK(gate.opens(at(960ms)) == at(2950ms));
    CHECK(gate.available(at(960ms)) == -5);

    CHECK(c[3].ask(gate, 1s - 1ns).until == at(1s));
    CHECK(c[3].goes(gate, 1s));
    CHECK(c[4].goes(gate, 1900ms));
    CHECK(c[5].goes(gate, 1980ms));  // late
    CHECK(c[6].goes(gate, 2s));
    CHECK(c[7].ask(gate, 2s).until == at(2900ms));
    CHECK(gate.opens(at(2s)) == at(2980ms));
    c[7].gives_back(gate, 2s);
    for (auto& each : c) each.finishes(gate, 2s);
    CHECK(gate.available(at(3s)) == 3);
}

TEST_CASE("sliding_window: a permit that is given back was never taken", "[gate][sliding_window]") {
    sliding_window gate({.limit = 4});
    std::array<caller, 5> c;
    CHECK(c[0].goes(gate, 0s, {.cost = 2}));
    CHECK(c[1].goes(gate, 100ms));
    CHECK(c[2].goes(gate, 200ms));
    CHECK(c[3].ask(gate, 300ms, {.cost = 2}).until == at(1s));
    c[1].gives_back(gate, 400ms);
    CHECK(c[3].woken == 0);  // it needs two
    CHECK(gate.available(at(400ms)) == -1);
    c[2].gives_back(gate, 500ms);
    CHECK(c[3].woken == 1);
    CHECK(c[3].goes(gate, 500ms, {.cost = 2}));
    CHECK(gate.opens(at(500ms)) == at(1s));
    c[0].gives_back(gate, 600ms);
    CHECK(gate.available(at(600ms)) == 2);
    CHECK(c[4].goes(gate, 600ms, {.cost = 2}));
    CHECK(gate.opens(at(600ms)) == at(1500ms));
    c[3].gives_back(gate, 5s);  // its place in the window has long been free
    CHECK(gate.available(at(5s)) == 4);
    c[4].finishes(gate, 5s);

    const auto answer = c[0].ask(gate, 5s, {.cost = 5});
    CHECK(answer.says_refuse());
    CHECK(answer.until == never);
    CHECK(std::string{answer.reason} == "the cost is above the limit of the window");
}

TEST_CASE("sliding_window: time that goes back opens nothing", "[gate][sliding_window]") {
    sliding_window gate({.limit = 2});
    caller a, b, c, d;
    CHECK(a.goes(gate, 100ms));
    CHECK(b.goes(gate, 50ms));  // counts as if it had come at 100 ms
    CHECK(c.ask(gate, 60ms).until == at(1100ms));
    CHECK(c.goes(gate, 1100ms));
    c.gives_back(gate, 1100ms);
    // The one of 100 ms that c displaced is forgotten, so a clock that is behind has to wait.
    CHECK(d.ask(gate, 1090ms).until == at(1100ms));
    CHECK(d.goes(gate, 1100ms));
    for (auto* each : {&a, &b, &d}) each->finishes(gate, 2s);
}

TEST_CASE("sliding_window: another limit counts for those who wait", "[gate][sliding_window]") {
    sliding_window gate({.limit = 3, .queue = 2});
    std::array<caller, 9> c;
    for (std::size_t i = 0; i < 3; ++i) CHECK(c[i].goes(gate, 10ms * i));
    CHECK(c[3].ask(gate, 30ms, {.cost = 2}).until == at(1010ms));
    CHECK(c[4].ask(gate, 30ms).until == at(1020ms));
    auto answer = c[5].ask(gate, 30ms);
    CHECK(answer.says_refuse());
    CHECK(answer.until == at(2s));
    CHECK(std::string{answer.reason} == "the queue of the window is full");
    answer = c[5].ask(gate, 30ms, {.deadline = at(2s - 1ns)});
    CHECK(std::string{answer.reason} == "the window has no room before the deadline");

    gate.set_limit({.limit = 6, .queue = 3}, at(40ms));
    CHECK(c[3].woken == 1);
    CHECK(c[3].goes(gate, 40ms, {.cost = 2}));
    CHECK(c[4].woken == 1);
    CHECK(c[4].goes(gate, 40ms));
    CHECK(c[5].ask(gate, 40ms).until == at(1s));

    gate.set_limit({.limit = 1}, at(50ms));  // and it forgets nothing
    CHECK(c[5].ask(gate, 50ms).until == at(1040ms));
    gate.set_limit({.limit = 7}, at(60ms));
    CHECK(c[5].woken == 1);
    CHECK(c[5].goes(gate, 60ms));
    CHECK(gate.opens(at(60ms)) == at(1s));
    gate.set_limit({.limit = 1, .window = 10ms}, at(60ms));
    CHECK(c[6].ask(gate, 60ms, {.cost = 2}).says_refuse());
    CHECK(c[6].goes(gate, 70ms));
    CHECK_THROWS_WITH(gate.set_limit({.limit = 0}, at(1s)),
                      "bide::sliding_window: limit must be 1 to 1000000, got 0");
    for (auto& each : c) each.finishes(gate, 2s);
}

TEST_CASE("sliding_window: nothing overflows", "[gate][sliding_window][limits]") {
    sliding_window gate({.limit = 1, .window = std::chrono::hours::max()});
    caller a, b, c;
    CHECK(a.goes(gate, 1h));
    CHECK(gate.opens(at(1h)) == never);
    CHECK(b.ask(gate, 1h).until == never);
    CHECK(c.ask(gate, 1h).until == never);
    b.gives_back(gate, 1h);
    a.gives_back(gate, 1h);
    CHECK(c.woken == 1);
    CHECK(c.goes(gate, 1h));
    c.finishes(gate, 1h);
}

TEST_CASE("sliding_window: many threads", "[gate][sliding_window][threads]") {
    sliding_window gate({.limit = 5, .window = 3us});
    CHECK(support::crowd_at(gate) > 1500);
    CHECK(gate.waiting() == 0);
}
