// SPDX-License-Identifier: MIT
#include "e2e/journey.hpp"
#include "gateway/fault_plan.hpp"
#include "gateway/options.hpp"
#include "support/catch.hpp"

#include <chrono>

using namespace std::chrono_literals;

TEST_CASE("deadline: ends the run, and what was not sent can be sent later", "[e2e]") {
    gateway::options g;
    g.limit = 20;
    sender::options s;
    s.deadline = 2500ms;
    const auto j = e2e::travel(g, s, 500);
    e2e::print("deadline 2.5 s", j);
    e2e::check_books(j);
    CHECK(j.report.elapsed < 3500ms);
    CHECK(j.sum.delivered >= 20);
    CHECK(j.sum.unknown == 0);
    // What was in flight last met the limiter for the last time; the others were not tried for
    // nothing.
    CHECK(j.sum.failed <= s.concurrency);
    CHECK(j.sum.failed + j.sum.deferred == 500 - j.sum.delivered);
    CHECK(j.ledger.requests < 40 + 5 * s.concurrency);
}

TEST_CASE("deadline: a sent message may still be answered", "[e2e]") {
    gateway::options g;
    g.latency = {600ms, 600ms};
    sender::options s;
    s.concurrency = 4;
    s.deadline = 400ms;
    const auto j = e2e::travel(g, s, 8);
    e2e::print("deadline during the answer", j);
    e2e::check_books(j);
    CHECK(j.sum.delivered == 4);
    CHECK(j.sum.deferred == 4);
}

TEST_CASE("deadline: max_elapsed and max_attempts give up on single messages", "[e2e]") {
    gateway::options g;
    g.faults = gateway::parse_fault_spec("429-bare=1");
    sender::options s;
    s.speed = {};
    s.per_message.max_attempts = 2;
    const auto j = e2e::travel(g, s, 4);
    e2e::check_books(j);
    CHECK(j.sum.failed == 4);
    CHECK(j.sum.attempts == 8);
    CHECK(j.sum.rejected == 8);

    s.per_message = {.max_elapsed = 100ms};
    const auto k = e2e::travel(g, s, 4);
    e2e::check_books(k);
    CHECK(k.sum.failed == 4);
    CHECK(k.sum.attempts == 4);
}

TEST_CASE("deadline: a server that wants to be left alone is left alone", "[e2e]") {
    gateway::options g;
    g.limit = 5;
    g.window = 10min;
    const auto j = e2e::travel(g, {}, 1'000);
    e2e::print("come back in ten minutes", j);
    e2e::check_books(j);
    CHECK(j.report.elapsed < 5s);
    CHECK(j.sum.delivered == 5);
    CHECK(j.sum.deferred == 995);
    CHECK(j.ledger.requests <= 5 + 16);
}
