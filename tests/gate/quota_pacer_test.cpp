// SPDX-License-Identifier: MIT
#include <bide/gate/quota_pacer.hpp>

#include "support/catch.hpp"

#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using bide::quota_pacer;
using bide::ticket;
using bide::time_point;
using namespace std::chrono_literals;

namespace {

constexpr time_point start{1000s};

struct caller {
    int woken = 0;
    ticket place{[](void* its) noexcept { ++*static_cast<int*>(its); }, &woken};
};

bide::report throttled(bide::maybe<bide::duration> hint = {}) {
    return {.found = {bide::verdict::throttled, bide::certainty::rejected, hint}};
}
const bide::report good{.found = bide::succeeded};

static_assert(bide::gate<quota_pacer>);
static_assert(quota_pacer::hears_quotas);

}  // namespace

TEST_CASE("quota_pacer: rejects what has no meaning", "[gate][quota_pacer][errors]") {
    CHECK_THROWS_WITH(quota_pacer({.start_rate = -1}),
                      "bide::quota_pacer: start_rate must be >= 0 and <= 1e9, got -1");
    CHECK_THROWS_AS(quota_pacer({.start_rate = std::nan("")}), std::invalid_argument);
    CHECK_THROWS_AS(quota_pacer({.start_rate = 2e9}), std::invalid_argument);
    CHECK_THROWS_WITH(quota_pacer({.utilisation = 0}),
                      "bide::quota_pacer: utilisation must be > 0 and <= 1, got 0");
    CHECK_THROWS_WITH(quota_pacer({.utilisation = 1.5}),
                      "bide::quota_pacer: utilisation must be > 0 and <= 1, got 1.5");
    CHECK_THROWS_WITH(quota_pacer({.max_wait = 0s}),
                      "bide::quota_pacer: max_wait must be > 0, got 0s");
    CHECK_NOTHROW(quota_pacer({.start_rate = 1e9, .utilisation = 1, .max_wait = 1ns}));
}

TEST_CASE("quota_pacer: each waiter is told its own slot", "[gate][quota_pacer]") {
    quota_pacer gate({.start_rate = 10});
    caller a, b, c, d;
    CHECK(gate.ask(a.place, {}, start).says_go());
    CHECK(gate.rate() == 10);
    const auto second = gate.ask(b.place, {}, start);
    CHECK(second.until == start + 100ms);
    CHECK(second.may_open_early);
    CHECK(std::string{second.reason} == "the pace of the server's limit");
    CHECK(gate.ask(c.place, {.cost = 3}, start).until == start + 200ms);
    CHECK(gate.ask(d.place, {}, start).until == start + 500ms);
    CHECK(gate.waiting() == 3);
    CHECK_FALSE(gate.ask(c.place, {.cost = 3}, start + 150ms).says_go());  // not its turn
    CHECK(gate.ask(b.place, {}, start + 100ms).says_go());
    gate.give_back(c.place, start + 150ms);
    CHECK(d.woken == 1);  // its slot has moved forward
    CHECK(gate.ask(d.place, {}, start + 200ms).says_go());
    for (auto* its : {&a, &b, &d}) gate.finish(its->place, good, start + 300ms);
    CHECK(gate.waiting() == 0);
}

TEST_CASE("quota_pacer: who is ready while the head is late is woken after it",
          "[gate][quota_pacer]") {
    quota_pacer gate({.start_rate = 10});
    caller a, b, c;
    CHECK(gate.ask(a.place, {}, start).says_go());
    CHECK_FALSE(gate.ask(b.place, {}, start).says_go());
    CHECK_FALSE(gate.ask(c.place, {}, start).says_go());
    CHECK(gate.ask(c.place, {}, start + 1s).until == bide::never);  // no time that is over
    CHECK(gate.ask(b.place, {}, start + 1s).says_go());
    CHECK(c.woken == 1);
    CHECK(gate.ask(c.place, {}, start + 1s).says_go());  // one slot is made up for
}

TEST_CASE("quota_pacer: retries first, higher priorities before them", "[gate][quota_pacer]") {
    quota_pacer gate({.start_rate = 10});
    caller first, fresh, again, urgent;
    CHECK(gate.ask(first.place, {}, start).says_go());
    CHECK(gate.ask(fresh.place, {}, start).until == start + 100ms);
    CHECK(gate.ask(again.place, {.attempt = 2}, start).until == start + 100ms);
    CHECK(gate.ask(urgent.place, {.priority = 1}, start).until == start + 100ms);
    CHECK_FALSE(gate.ask(fresh.place, {}, start + 100ms).says_go());
    CHECK(gate.ask(urgent.place, {.priority = 1}, start + 100ms).says_go());
    CHECK(gate.ask(again.place, {.attempt = 2}, start + 200ms).says_go());
    CHECK(gate.ask(fresh.place, {}, start + 300ms).says_go());
}

TEST_CASE("quota_pacer: a server's wait closes it, and max_wait bounds that",
          "[gate][quota_pacer]") {
    quota_pacer gate({.start_rate = 10, .max_wait = 1min});
    caller a, b, c;
    CHECK(gate.ask(a.place, {}, start).says_go());
    gate.finish(a.place, throttled(bide::duration{5s}), start + 10ms);
    CHECK(gate.ask(b.place, {}, start + 1s).until == start + 5s + 10ms);
    const auto refused = gate.ask(c.place, {.deadline = start + 5s}, start + 1s);
    CHECK(refused.says_refuse());
    CHECK(refused.until == start + 5s + 10ms);
    CHECK(std::string{refused.reason} == "the server asked for a longer wait");
    CHECK(gate.waiting() == 1);
    CHECK(gate.ask(b.place, {}, start + 5s + 10ms).says_go());
    gate.finish(b.place, throttled(bide::duration{24h}), start + 6s);
    CHECK(gate.ask(c.place, {}, start + 7s).until == start + 66s);
}

TEST_CASE("quota_pacer: the queue is bounded", "[gate][quota_pacer]") {
    quota_pacer gate({.start_rate = 10, .queue = 1});
    caller a, b, c;
    CHECK(gate.ask(a.place, {}, start).says_go());
    CHECK_FALSE(gate.ask(b.place, {}, start).says_refuse());
    const auto refused = gate.ask(c.place, {}, start);
    CHECK(refused.says_refuse());
    CHECK(std::string{refused.reason} == "the queue of the pacer is full");
    CHECK(gate.ask(b.place, {}, start).until == start + 100ms);  // it is in
}

TEST_CASE("quota_pacer: hears what a result tells", "[gate][quota_pacer]") {
    quota_pacer gate;
    caller a;
    CHECK(gate.rate() == 20);
    CHECK(gate.ask(a.place, {}, start).says_go());
    bide::quotas told;
    told.keep({.limit = 500, .remaining = 499, .reset = 10s, .window = 10s});
    gate.finish(a.place, {.found = bide::succeeded, .told = &told}, start + 5ms);
    CHECK(gate.rate() == Approx(49.75).epsilon(0.001));
}

TEST_CASE("quota_pacer: slow start opens by an answer", "[gate][quota_pacer]") {
    quota_pacer gate;
    std::deque<caller> all(21);
    auto now = start;
    for (std::size_t i = 0; i != 20; ++i, now += 50ms)
        REQUIRE(gate.ask(all[i].place, {}, now).says_go());
    auto& last = all[20];
    CHECK(gate.ask(last.place, {}, now).until == bide::never);
    gate.give_back(all[0].place, now);
    CHECK(last.woken == 1);
    CHECK(gate.ask(last.place, {}, now).says_go());
}

TEST_CASE("quota_pacer: in a plan, with a clock that jumps", "[gate][quota_pacer]") {
    quota_pacer gate({.start_rate = 4});
    bide::virtual_clock clock;
    const auto policy = bide::policy(bide::constant(1ms), bide::max_attempts(3));
    for (int i = 0; i != 5; ++i)
        CHECK(bide::retry(bide::with(clock, gate, policy), [] { return 1; }).value() == 1);
    CHECK(clock.elapsed() <= 1s);  // the pace grows a little with each success
    CHECK(clock.elapsed() > 999ms);
}

TEST_CASE("quota_pacer: many threads, each permit ends once", "[gate][quota_pacer][threads]") {
    quota_pacer gate({.start_rate = 1e6});
    std::vector<std::thread> threads;
    for (int i = 0; i != 64; ++i)
        threads.emplace_back([&gate, i] {
            caller c;
            for (int k = 0; k != 50; ++k) {
                const auto now = time_point{std::chrono::steady_clock::now().time_since_epoch()};
                if (gate.ask(c.place, {}, now).says_go() && k % 5 != 0)
                    gate.finish(c.place, i % 7 == 0 ? throttled() : good, now);
                else
                    gate.give_back(c.place, now);
            }
        });
    for (auto& t : threads) t.join();
    CHECK(gate.waiting() == 0);
}
