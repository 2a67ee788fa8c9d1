// SPDX-License-Identifier: MIT
#include <bide/gate/token_bucket.hpp>

#include "support/catch.hpp"
#include "support/gate_caller.hpp"

#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

using bide::never;
using bide::time_point;
using bide::token_bucket;
using support::at;
using support::caller;
using namespace std::chrono_literals;

namespace {

static_assert(bide::gate<token_bucket>);
static_assert(!std::is_copy_constructible_v<token_bucket>);
static_assert(!std::is_convertible_v<token_bucket::options, token_bucket>);

constexpr auto huge = std::numeric_limits<std::uint64_t>::max();

}  // namespace

TEST_CASE("token_bucket: rejects what has no meaning", "[gate][token_bucket][errors]") {
    CHECK_THROWS_WITH(token_bucket({}), "bide::token_bucket: rate must be 1 to 1000000000, got 0");
    CHECK_THROWS_WITH(token_bucket({.rate = 1'000'000'001}),
                      "bide::token_bucket: rate must be 1 to 1000000000, got 1000000001");
    CHECK_THROWS_WITH(token_bucket({.rate = 1, .per = 0s}),
                      "bide::token_bucket: per must be > 0, got 0s");
    CHECK_THROWS_WITH(token_bucket({.rate = 1, .per = -1s}),
                      "bide::token_bucket: per must be > 0, got -1s");
    CHECK_THROWS_WITH(token_bucket({.rate = 1, .burst = 0}),
                      "bide::token_bucket: burst must be 1 to 1000000000, got 0");
    CHECK_THROWS_WITH(token_bucket({.rate = 1, .burst = 1'000'000'001}),
                      "bide::token_bucket: burst must be 1 to 1000000000, got 1000000001");
    CHECK_THROWS_AS(token_bucket({}), std::invalid_argument);
    CHECK_NOTHROW(token_bucket({.rate = 1'000'000'000, .per = 1ns, .burst = 1'000'000'000}));
    CHECK_THROWS_WITH(token_bucket({.rate = 1, .per = 24h, .burst = 36501}),
                      "bide::token_bucket: burst must be refilled within 100 years, got 36501");
    CHECK_NOTHROW(token_bucket({.rate = 1, .per = 24h, .burst = 36500, .queue = 0}));
}

TEST_CASE("token_bucket: a burst, then one slot after the other", "[gate][token_bucket]") {
    token_bucket gate({.rate = 10, .burst = 2});
    CHECK(gate.available(at(0s)) == 2);
    std::array<caller, 6> c;
    CHECK(c[0].goes(gate, 0s));
    CHECK(gate.available(at(0s)) == 1);
    CHECK(c[1].goes(gate, 0s));
    CHECK(gate.opens(at(0s)) == at(100ms));

    const auto answer = c[2].ask(gate, 30ms);
    CHECK(answer.says == bide::gate_answer::kind::wait);
    CHECK(answer.until == at(100ms));
    CHECK(answer.may_open_early);
    CHECK(std::string{answer.reason} == "the token bucket is empty");
    CHECK(c[3].ask(gate, 30ms).until == at(200ms));  // each its own
    CHECK(c[4].ask(gate, 30ms).until == at(300ms));
    CHECK(gate.waiting() == 3);
    CHECK(gate.available(at(30ms)) == -3);
    CHECK(gate.opens(at(30ms)) == at(400ms));

    CHECK(c[2].ask(gate, 100ms - 1ns).until == at(100ms));
    CHECK(c[2].goes(gate, 100ms));
    CHECK(c[3].goes(gate, 200ms));
    // A timer that is late costs nothing: the slots are where they were.
    CHECK(c[4].goes(gate, 350ms));
    CHECK(c[5].ask(gate, 350ms).until == at(400ms));
    CHECK(c[2].woken + c[3].woken + c[4].woken + c[5].woken == 0);
    c[5].gives_back(gate, 350ms);
    for (auto& each : c) each.finishes(gate, 350ms);
    CHECK(gate.available(at(10s)) == 2);
    CHECK(gate.opens(at(10s)) == at(10s));
}

TEST_CASE("token_bucket: who leaves lets those behind move up", "[gate][token_bucket]") {
    token_bucket gate({.rate = 10});
    std::array<caller, 4> c;
    CHECK(c[0].goes(gate, 0s));
    CHECK(c[1].ask(gate, 0s).until == at(100ms));
    CHECK(c[2].ask(gate, 0s).until == at(200ms));
    CHECK(c[3].ask(gate, 0s).until == at(300ms));
    c[2].gives_back(gate, 50ms);
    CHECK(c[3].woken == 0);  // it is not the next one yet
    c[1].gives_back(gate, 60ms);
    CHECK(c[3].woken == 1);
    CHECK(c[3].ask(gate, 60ms).until == at(100ms));

    // A permit that is not used opens the gate at once.
    c[0].gives_back(gate, 70ms);
    CHECK(c[3].woken == 2);
    CHECK(c[3].goes(gate, 70ms));
    c[3].finishes(gate, 80ms);
    CHECK(gate.waiting() == 0);
}

TEST_CASE("token_bucket: a permit that is given back was never taken", "[gate][token_bucket]") {
    token_bucket gate({.rate = 10, .burst = 2});
    caller a, b, c, d;
    CHECK(a.goes(gate, 0s));
    CHECK(b.goes(gate, 50ms));
    CHECK(gate.available(at(50ms)) == 0);
    // Without a, b alone would have been taken from a full bucket: half of a's token flowed over.
    a.gives_back(gate, 60ms);
    CHECK(gate.available(at(60ms)) == 1);
    CHECK(gate.available(at(150ms) - 1ns) == 1);
    CHECK(gate.available(at(150ms)) == 2);
    a.gives_back(gate, 70ms);  // does nothing
    CHECK(gate.available(at(150ms) - 1ns) == 1);

    b.gives_back(gate, 70ms);
    CHECK(gate.available(at(70ms)) == 2);  // never above the burst
    CHECK(c.goes(gate, 1s));
    CHECK(d.goes(gate, 2s));
    c.gives_back(gate, 2s);  // c's token had come back by itself
    CHECK(gate.available(at(2s)) == 1);
    d.finishes(gate, 2s);
    d.gives_back(gate, 2s);  // used up
    CHECK(gate.available(at(2s)) == 1);
}

TEST_CASE("token_bucket: costs", "[gate][token_bucket]") {
    token_bucket gate({.rate = 10, .burst = 5});
    caller a, b, c, d;
    CHECK(a.goes(gate, 0s, {.cost = 3}));
    CHECK(b.ask(gate, 0s, {.cost = 4}).until == at(200ms));
    CHECK(c.ask(gate, 0s).until == at(300ms));  // though two are left: it does not overtake
    CHECK(gate.available(at(0s)) == -3);
    CHECK(c.ask(gate, 250ms).until == at(300ms));
    CHECK(c.goes(gate, 300ms));  // enough for b, too
    CHECK(b.goes(gate, 300ms, {.cost = 4}));
    CHECK(gate.available(at(300ms)) == 0);
    const auto answer = d.ask(gate, 0s, {.cost = 6});
    CHECK(answer.says_refuse());
    CHECK(answer.until == never);
    CHECK(std::string{answer.reason} == "the cost is above the burst of the token bucket");
}

TEST_CASE("token_bucket: what cannot be in time is refused at once", "[gate][token_bucket]") {
    token_bucket gate({.rate = 1, .queue = 2});
    caller a, b, c, d;
    CHECK(a.goes(gate, 0s));
    CHECK(b.ask(gate, 0s).until == at(1s));
    auto answer = c.ask(gate, 0s, {.deadline = at(2s) - 1ns});
    CHECK(answer.says_refuse());
    CHECK(answer.until == at(2s));
    CHECK(std::string{answer.reason} == "the token bucket has nothing left before the deadline");
    CHECK(gate.waiting() == 1);
    CHECK(c.ask(gate, 0s, {.deadline = at(2s)}).until == at(2s));
    answer = d.ask(gate, 0s);
    CHECK(answer.says_refuse());
    CHECK(answer.until == at(3s));
    CHECK(std::string{answer.reason} == "the queue of the token bucket is full");

    // Somebody more urgent takes the slot that it would have been in time for.
    gate.set_rate({.rate = 1}, at(0s));
    CHECK(d.ask(gate, 100ms, {.priority = 1}).until == at(1s));
    CHECK(c.ask(gate, 100ms, {.deadline = at(2s)}).says_refuse());
    CHECK(gate.waiting() == 2);
    b.gives_back(gate, 100ms);
    d.gives_back(gate, 100ms);
}

TEST_CASE("token_bucket: priorities, retries and places", "[gate][token_bucket]") {
    token_bucket gate({.rate = 10});
    caller first, low, plain, retried, urgent;
    CHECK(first.goes(gate, 0s));
    CHECK(low.ask(gate, 0s, {.priority = -1}).until == at(100ms));
    CHECK(plain.ask(gate, 0s).until == at(100ms));
    CHECK(retried.ask(gate, 0s, {.attempt = 2}).until == at(100ms));
    CHECK(urgent.ask(gate, 0s, {.priority = 1}).until == at(100ms));
    CHECK(low.ask(gate, 100ms, {.priority = -1}).until == at(400ms));
    CHECK(plain.ask(gate, 100ms).until == at(300ms));
    CHECK(retried.ask(gate, 100ms, {.attempt = 2}).until == at(200ms));
    CHECK(urgent.goes(gate, 100ms, {.priority = 1}));
    urgent.gives_back(gate, 100ms);  // another gate said no
    CHECK(retried.woken == 1);
    CHECK(retried.goes(gate, 100ms, {.attempt = 2}));
    CHECK(urgent.ask(gate, 100ms).until == at(300ms));  // no longer urgent, behind `plain`
    CHECK(plain.goes(gate, 200ms));
    for (auto* each : {&low, &urgent}) each->gives_back(gate, 200ms);
}

TEST_CASE("token_bucket: time that goes back mints nothing", "[gate][token_bucket]") {
    token_bucket gate({.rate = 10, .burst = 2});
    caller a, b, c;
    CHECK(a.goes(gate, 100ms, {.cost = 2}));
    CHECK(b.ask(gate, 0s).until == at(200ms));
    CHECK(b.ask(gate, 199ms).until == at(200ms));
    CHECK(b.goes(gate, 200ms));
    CHECK(c.ask(gate, 50ms).until == at(300ms));
    c.gives_back(gate, 0s);
    b.gives_back(gate, 0s);
    CHECK(gate.available(at(200ms)) == 1);
    CHECK(gate.available(at(0s)) == 0);

    // Nor does it for what is given back: of a's token 60 ms had flowed over.
    token_bucket other({.rate = 10, .burst = 3});
    CHECK(a.goes(other, 0s));
    CHECK(b.goes(other, 60ms));
    CHECK(c.goes(other, 40ms));
    a.gives_back(other, 60ms);
    CHECK(other.available(at(160ms) - 1ns) == 1);
    CHECK(other.available(at(160ms)) == 2);
}

TEST_CASE("token_bucket: fractions of nanoseconds do not add up", "[gate][token_bucket]") {
    // A third of a second and a seventh of an hour are no whole numbers of nanoseconds.
    for (const auto& its : {token_bucket::options{.rate = 3, .burst = 3},
                            token_bucket::options{.rate = 7, .per = 1h, .burst = 2}}) {
        token_bucket gate(its);
        caller c;
        for (std::uint64_t i = 0; i < its.burst; ++i) CHECK(c.goes(gate, 0s));
        const auto rounds = 100;
        for (auto i = 0; i < rounds * static_cast<int>(its.rate); ++i) {
            const auto answer = c.ask(gate, 0s);
            REQUIRE(!answer.says_go());
            REQUIRE(c.ask(gate, answer.until.time_since_epoch() - 1ns).until == answer.until);
            REQUIRE(c.goes(gate, answer.until.time_since_epoch()));
        }
        CHECK(gate.opens(at(0s)) >= at(its.per.get() * rounds));
        CHECK(gate.available(at(its.per.get() * rounds)) == 0);
        const auto whole = its.per.get() * rounds;
        CHECK(gate.available(at(whole + its.per.get())) == static_cast<std::int64_t>(its.burst));
        c.finishes(gate, whole);
    }
    token_bucket thirty({.rate = 30, .burst = 30});
    caller c;
    CHECK(c.goes(thirty, 0s, {.cost = 30}));
    CHECK(thirty.available(at(1s)) == 30);
    CHECK(thirty.available(at(1s) - 1ns) == 29);
}

TEST_CASE("token_bucket: a new rate counts for those who wait", "[gate][token_bucket]") {
    token_bucket gate({.rate = 1, .burst = 2});
    std::array<caller, 4> c;
    CHECK(c[0].goes(gate, 0s, {.cost = 2}));
    CHECK(c[1].ask(gate, 0s).until == at(1s));
    CHECK(c[2].ask(gate, 0s).until == at(2s));
    gate.set_rate({.rate = 10, .burst = 2}, at(500ms));  // half a token is there
    CHECK(c[1].woken == 1);
    CHECK(c[2].woken == 0);
    CHECK(c[1].ask(gate, 500ms).until == at(550ms));
    CHECK(c[1].goes(gate, 550ms));
    CHECK(c[2].woken == 1);  // it had been told a later time
    CHECK(c[2].ask(gate, 550ms).until == at(650ms));

    gate.set_rate({.rate = 1, .burst = 1}, at(600ms));  // bad news wakes nobody
    CHECK(c[2].woken == 1);
    CHECK(c[2].ask(gate, 650ms).until == at(1100ms));
    gate.set_rate({.rate = 10, .burst = 9}, at(1100ms));
    CHECK(gate.available(at(1100ms)) == 0);  // the one that is there is waited for
    CHECK(c[2].goes(gate, 1100ms));
    CHECK(gate.available(at(1100ms)) == 0);  // a higher burst gives no permits
    CHECK(gate.available(at(2s)) == 9);

    c[0].gives_back(gate, 2s);  // of another bucket
    CHECK(gate.available(at(2s)) == 9);
    CHECK(c[3].goes(gate, 2s, {.cost = 9}));
    CHECK(c[0].ask(gate, 2s, {.cost = 9}).until == at(2900ms));
    gate.set_rate({.rate = 10, .burst = 3}, at(2s));
    CHECK(c[0].woken == 1);  // it waits for what will never come
    CHECK(c[0].ask(gate, 2s, {.cost = 9}).says_refuse());
    CHECK(gate.waiting() == 0);
    CHECK_THROWS_WITH(gate.set_rate({.rate = 0}, at(2s)),
                      "bide::token_bucket: rate must be 1 to 1000000000, got 0");
}

TEST_CASE("token_bucket: nothing overflows", "[gate][token_bucket][limits]") {
    token_bucket slow({.rate = 1, .per = 24h * 365, .burst = 100});
    std::array<caller, 5> c;
    auto& [a, b, waits, third, fourth] = c;
    CHECK(a.goes(slow, 1h, {.cost = 100}));
    CHECK(b.ask(slow, 1h, {.cost = 100}).until == at(1h + 24h * 36500));
    CHECK(waits.ask(slow, 1h, {.cost = 100}).until == at(1h + 24h * 73000));
    CHECK(third.ask(slow, 1h, {.cost = 100}).until == never);
    CHECK(fourth.ask(slow, 1h, {.deadline = at(2h)}).says_refuse());
    CHECK(slow.opens(at(1h)) == never);
    CHECK(slow.available(at(1h)) == -300);
    for (auto& each : c) each.gives_back(slow, 1h);
    CHECK(slow.available(at(1h)) == 100);

    token_bucket fast({.rate = 1'000'000'000, .per = 1ns, .burst = 1'000'000'000});
    CHECK(a.goes(fast, 1h, {.cost = 1'000'000'000}));
    CHECK(fast.opens(at(1h)) == at(1h + 1ns));
    CHECK(b.ask(fast, 1h, {.cost = huge}).says_refuse());
    a.finishes(fast, 1h);
}

TEST_CASE("token_bucket: operations wait for their slots", "[gate][token_bucket]") {
    bide::virtual_clock clock;
    token_bucket gate({.rate = 2, .burst = 1});
    const auto p = bide::policy(bide::constant(0s), bide::max_attempts(3));
    for (auto i = 0; i < 4; ++i) CHECK(retry(bide::with(clock, gate, p), [] { return 1; }));
    CHECK(clock.elapsed() == 1500ms);
    // A retry takes a permit, too.
    (void)retry(bide::with(clock, gate, p), [] { throw std::runtime_error{""}; });
    CHECK(clock.elapsed() == 3s);

    const auto hasty =
        bide::policy(bide::constant(0s), bide::max_elapsed({.total = 400ms, .least_try = 1ms}));
    const auto got = retry(bide::with(clock, gate, hasty), [] {});
    CHECK(got.ended() == bide::end::refused);
    CHECK(got.retry_in() == 500ms);
    CHECK(got.explain() ==
          "refused after 0 tries in 0s: a gate refused: the token bucket has nothing left before "
          "the deadline; come back in 500ms");
    CHECK(gate.waiting() == 0);
}

TEST_CASE("token_bucket: many threads", "[gate][token_bucket][threads]") {
    token_bucket gate({.rate = 1'000'000, .burst = 8});
    CHECK(support::crowd_at(gate) > 1500);
    CHECK(gate.waiting() == 0);
}
