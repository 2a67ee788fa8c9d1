// SPDX-License-Identifier: MIT
#include <bide/gate/leaky_bucket.hpp>

#include "support/catch.hpp"
#include "support/gate_caller.hpp"

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <type_traits>

using bide::leaky_bucket;
using bide::never;
using support::at;
using support::caller;
using namespace std::chrono_literals;

static_assert(bide::gate<leaky_bucket>);
static_assert(!std::is_copy_constructible_v<leaky_bucket>);

TEST_CASE("leaky_bucket: rejects what has no meaning", "[gate][leaky_bucket][errors]") {
    CHECK_THROWS_WITH(leaky_bucket({}), "bide::leaky_bucket: rate must be 1 to 1000000000, got 0");
    CHECK_THROWS_WITH(leaky_bucket({.rate = 1'000'000'001}),
                      "bide::leaky_bucket: rate must be 1 to 1000000000, got 1000000001");
    CHECK_THROWS_WITH(leaky_bucket({.rate = 1, .per = 0s}),
                      "bide::leaky_bucket: per must be > 0, got 0s");
    CHECK_THROWS_WITH(leaky_bucket({.rate = 1, .per = 24h * 36501}),
                      "bide::leaky_bucket: per must be such that a permit comes within 100 years, "
                      "got 3153686400s");
    CHECK_THROWS_AS(leaky_bucket({}), std::invalid_argument);
    CHECK_NOTHROW(leaky_bucket({.rate = 1, .per = 24h * 36500, .queue = 0}));
}

TEST_CASE("leaky_bucket: one at a time, however long the pause was", "[gate][leaky_bucket]") {
    leaky_bucket gate({.rate = 10, .queue = 2});
    std::array<caller, 4> c;
    CHECK(gate.available(at(5s)) == 1);
    CHECK(c[0].goes(gate, 5s));
    CHECK(gate.available(at(5s)) == 0);
    const auto answer = c[1].ask(gate, 5s);
    CHECK(answer.until == at(5100ms));
    CHECK(std::string{answer.reason} == "the next slot of the leaky bucket has not come");
    CHECK(c[2].ask(gate, 5s).until == at(5200ms));
    auto refused = c[3].ask(gate, 5s);
    CHECK(refused.says_refuse());
    CHECK(refused.until == at(5300ms));
    CHECK(std::string{refused.reason} == "the leaky bucket is full");
    CHECK(c[1].goes(gate, 5150ms));  // late
    CHECK(c[2].ask(gate, 5200ms).until == at(5250ms));
    refused = c[2].ask(gate, 5200ms, {.deadline = at(5249ms)});
    CHECK(refused.until == at(5250ms));
    CHECK(std::string{refused.reason} == "the leaky bucket has no slot before the deadline");
    CHECK(gate.waiting() == 0);
}

TEST_CASE("leaky_bucket: a cost keeps the next one away that much longer", "[gate][leaky_bucket]") {
    leaky_bucket gate({.rate = 10});
    caller a, b, c;
    CHECK(a.goes(gate, 1s, {.cost = 3}));
    CHECK(b.ask(gate, 1s, {.cost = 2}).until == at(1300ms));
    CHECK(c.ask(gate, 1s).until == at(1500ms));
    CHECK(gate.opens(at(1s)) == at(1600ms));
    a.gives_back(gate, 1050ms);
    CHECK(b.woken == 1);
    CHECK(b.goes(gate, 1050ms, {.cost = 2}));
    CHECK(c.woken == 1);
    CHECK(c.ask(gate, 1050ms).until == at(1250ms));
    gate.set_rate({.rate = 100}, at(1050ms));
    CHECK(c.woken == 2);
    CHECK(c.ask(gate, 1050ms).until == at(1070ms));
    CHECK(c.goes(gate, 1070ms));
    const auto answer = a.ask(gate, 1s, {.cost = 1'000'000'001});
    CHECK(answer.says_refuse());
    CHECK(answer.until == never);
    CHECK(std::string{answer.reason} == "the cost is above 1000000000");
    // So much that it never comes to an end, and nothing overflows.
    leaky_bucket slow({.rate = 1, .per = 24h * 36500});
    CHECK(a.goes(slow, 1s, {.cost = 1'000'000'000}));
    CHECK(slow.opens(at(1s)) == never);
    for (auto* each : {&b, &c}) each->finishes(gate, 2s);
    a.finishes(slow, 2s);
}

TEST_CASE("leaky_bucket: many threads", "[gate][leaky_bucket][threads]") {
    leaky_bucket gate({.rate = 1'000'000});
    CHECK(support::crowd_at(gate) > 1500);
    CHECK(gate.waiting() == 0);
}
