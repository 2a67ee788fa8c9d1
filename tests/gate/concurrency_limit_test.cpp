// SPDX-License-Identifier: MIT
#include <bide/gate/concurrency_limit.hpp>

#include "support/catch.hpp"
#include "support/gate_caller.hpp"

#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using bide::concurrency_limit;
using bide::constant;
using bide::end;
using bide::gate_request;
using bide::max_attempts;
using bide::policy;
using bide::retry;
using bide::ticket;
using bide::time_point;
using bide::with;
using support::caller;
using namespace std::chrono_literals;

namespace {

constexpr time_point now{5s};

bool asks(concurrency_limit& gate, caller& c, std::uint64_t cost = 1) {
    return gate.ask(c.place, {.cost = cost}, now).says_go();
}

static_assert(bide::gate<concurrency_limit>);
static_assert(!std::is_copy_constructible_v<concurrency_limit>);

}  // namespace

TEST_CASE("concurrency_limit: rejects zero", "[gate][concurrency_limit][errors]") {
    CHECK_THROWS_WITH(concurrency_limit({}),
                      "bide::concurrency_limit: in_flight must be >= 1, got 0");
    CHECK_THROWS_AS(concurrency_limit({.in_flight = 0}), std::invalid_argument);
    CHECK_NOTHROW(concurrency_limit({.in_flight = 1, .queue = 0}));
}

TEST_CASE("concurrency_limit: lets in as many as it allows", "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 2});
    caller a, b, c;
    CHECK(asks(gate, a));
    CHECK(a.place.issued == now);
    CHECK(asks(gate, b));
    CHECK(gate.in_flight() == 2);
    CHECK_FALSE(asks(gate, c));
    CHECK(gate.in_flight() == 2);
    CHECK(gate.waiting() == 1);

    gate.finish(a.place, {}, now);
    CHECK(c.woken == 1);
    CHECK(gate.in_flight() == 1);
    CHECK(asks(gate, c));
    CHECK(gate.waiting() == 0);
    gate.finish(b.place, {}, now);
    gate.give_back(c.place, now);
    CHECK(gate.in_flight() == 0);
}

TEST_CASE("concurrency_limit: says that only an event opens it", "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 1});
    caller a, b;
    CHECK(asks(gate, a));
    const auto answer = gate.ask(b.place, {}, now);
    CHECK(answer.says == bide::gate_answer::kind::wait);
    CHECK(answer.until == bide::never);
    CHECK(answer.may_open_early);
    CHECK(std::string{answer.reason} == "as many tries as allowed are in flight");
    gate.give_back(b.place, now);
    gate.give_back(a.place, now);
}

TEST_CASE("concurrency_limit: first come, first served", "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 1});
    caller a, b, c, d;
    CHECK(asks(gate, a));
    CHECK_FALSE(asks(gate, b));
    CHECK_FALSE(asks(gate, c));
    CHECK_FALSE(asks(gate, b));  // asking again keeps the place
    CHECK(gate.waiting() == 2);

    gate.finish(a.place, {}, now);
    CHECK(b.woken == 1);
    CHECK(c.woken == 0);
    CHECK_FALSE(asks(gate, d));  // nobody overtakes those who wait, though there is room
    CHECK_FALSE(asks(gate, c));
    CHECK(asks(gate, b));
    gate.finish(b.place, {}, now);
    CHECK(c.woken == 1);
    CHECK(asks(gate, c));
    gate.finish(c.place, {}, now);
    CHECK(d.woken == 1);
    CHECK(asks(gate, d));
    gate.finish(d.place, {}, now);
    CHECK(gate.in_flight() == 0);
    CHECK(gate.waiting() == 0);
}

TEST_CASE("concurrency_limit: who leaves the queue lets the next one come",
          "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 1});
    std::array<caller, 4> waiting;
    caller a;
    CHECK(asks(gate, a));
    for (auto& w : waiting) CHECK_FALSE(asks(gate, w));
    gate.give_back(waiting[1].place, now);  // from the middle
    gate.give_back(waiting[3].place, now);  // from the end
    CHECK(gate.waiting() == 2);
    CHECK(waiting[0].woken + waiting[2].woken == 0);

    gate.finish(a.place, {}, now);
    CHECK(waiting[0].woken == 1);
    gate.give_back(waiting[0].place, now);  // woken, but it gives up: the wake-up is not lost
    CHECK(waiting[2].woken == 1);
    CHECK(asks(gate, waiting[2]));
    gate.finish(waiting[2].place, {}, now);
    CHECK(gate.waiting() == 0);
}

TEST_CASE("concurrency_limit: several permits that come back wake several",
          "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 2});
    caller a, b, c, d;
    CHECK(asks(gate, a));
    CHECK(asks(gate, b));
    CHECK_FALSE(asks(gate, c));
    CHECK_FALSE(asks(gate, d));
    gate.finish(a.place, {}, now);
    gate.finish(b.place, {}, now);  // both before anybody asked
    CHECK(c.woken >= 1);
    CHECK(asks(gate, c));
    CHECK(d.woken >= 1);
    CHECK(asks(gate, d));
    gate.finish(c.place, {}, now);
    gate.finish(d.place, {}, now);
}

// P15 of other libraries: a lock that is held while somebody waits.
TEST_CASE("concurrency_limit: no lock is held while a ticket is woken",
          "[gate][concurrency_limit]") {
    struct curious {
        concurrency_limit gate{{.in_flight = 1}};
        std::uint64_t seen = 99;
    } its;
    ticket waiting{[](void* owner) noexcept {
                       auto& c = *static_cast<curious*>(owner);
                       c.seen = c.gate.in_flight();  // would not return
                   },
                   &its};
    caller a;
    CHECK(asks(its.gate, a));
    CHECK_FALSE(its.gate.ask(waiting, {}, now).says_go());
    its.gate.finish(a.place, {}, now);
    CHECK(its.seen == 0);
    its.gate.give_back(waiting, now);
}

TEST_CASE("concurrency_limit: a full queue refuses", "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 1, .queue = 1});
    caller a, b, c;
    CHECK(asks(gate, a));
    CHECK_FALSE(asks(gate, b));
    const auto answer = gate.ask(c.place, {}, now);
    CHECK(answer.says_refuse());
    CHECK(answer.until == bide::never);
    CHECK(std::string{answer.reason} == "the queue of the concurrency limit is full");
    gate.give_back(c.place, now);  // does nothing
    CHECK(gate.waiting() == 1);
    CHECK(gate.ask(b.place, {}, now).says == bide::gate_answer::kind::wait);  // it is in already
    gate.give_back(b.place, now);
    gate.give_back(a.place, now);

    concurrency_limit none({.in_flight = 1, .queue = 0});
    CHECK(asks(none, a));
    CHECK(none.ask(b.place, {}, now).says_refuse());
    none.give_back(a.place, now);
    CHECK(asks(none, b));
    none.give_back(b.place, now);
}

TEST_CASE("concurrency_limit: costs", "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 5});
    caller a, b, c, d;
    CHECK(asks(gate, a, 3));
    CHECK(asks(gate, b, 2));
    CHECK(gate.in_flight() == 5);
    CHECK_FALSE(asks(gate, c, 4));
    CHECK_FALSE(asks(gate, d, 1));
    gate.finish(a.place, {}, now);
    CHECK(gate.in_flight() == 2);
    CHECK(c.woken == 0);            // 4 do not fit yet
    CHECK_FALSE(asks(gate, d, 1));  // and 1 does not overtake
    gate.finish(b.place, {}, now);
    CHECK(c.woken == 1);
    CHECK(asks(gate, c, 4));
    CHECK(d.woken == 1);
    CHECK(asks(gate, d, 1));
    CHECK(gate.in_flight() == 5);
    gate.finish(c.place, {}, now);
    gate.finish(d.place, {}, now);
    CHECK(gate.in_flight() == 0);

    CHECK(asks(gate, a, 5));
    gate.finish(a.place, {}, now);
    const auto answer = gate.ask(b.place, {.cost = 6}, now);
    CHECK(answer.says_refuse());
    CHECK(std::string{answer.reason} == "the cost is above the concurrency limit");
    CHECK(gate.waiting() == 0);
}

TEST_CASE("concurrency_limit: a cost that would overflow the count", "[gate][concurrency_limit]") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    concurrency_limit gate({.in_flight = most});
    caller a, b;
    CHECK(asks(gate, a, most));
    CHECK_FALSE(asks(gate, b, 1));
    CHECK(gate.waiting() == 1);
    gate.finish(a.place, {}, now);
    CHECK(b.woken == 1);
    gate.give_back(b.place, now);
}

TEST_CASE("concurrency_limit: priorities, retries and places", "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 1, .queue = 4});
    caller a, low, plain, retried, urgent, newcomer;
    const auto waits = [&gate](caller& c, const gate_request& request) {
        return gate.ask(c.place, request, now).says == bide::gate_answer::kind::wait;
    };
    CHECK(asks(gate, a));
    CHECK(waits(low, {.priority = -1}));
    CHECK(waits(plain, {}));
    CHECK(waits(retried, {.attempt = 2}));
    CHECK(waits(urgent, {.priority = 1}));
    gate.finish(a.place, {}, now);
    CHECK(urgent.woken == 1);
    CHECK(low.woken + plain.woken + retried.woken == 0);
    // The queue is full, but this one would not wait in it.
    CHECK(gate.ask(newcomer.place, {.priority = 2}, now).says_go());
    CHECK(waits(urgent, {.priority = 1}));
    gate.give_back(newcomer.place, now);  // another gate said no
    CHECK(urgent.woken == 2);
    gate.give_back(urgent.place, now);
    CHECK(retried.woken == 1);
    CHECK(gate.ask(retried.place, {.attempt = 2}, now).says_go());
    gate.finish(retried.place, {}, now);
    CHECK(plain.woken == 1);
    CHECK(asks(gate, plain));
    gate.finish(plain.place, {}, now);
    CHECK(low.woken == 1);
    gate.give_back(low.place, now);
    CHECK(gate.waiting() == 0);
}

TEST_CASE("concurrency_limit: a limit that is changed while others wait",
          "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 3});
    std::array<caller, 3> flying;
    std::array<caller, 3> waiting;
    for (auto& f : flying) CHECK(asks(gate, f));
    for (auto& w : waiting) CHECK_FALSE(asks(gate, w));
    gate.set_in_flight(1);
    CHECK(gate.in_flight() == 3);  // they may end
    gate.finish(flying[0].place, {}, now);
    gate.finish(flying[1].place, {}, now);
    CHECK(waiting[0].woken == 0);
    CHECK_FALSE(asks(gate, waiting[0]));
    gate.finish(flying[2].place, {}, now);
    CHECK(waiting[0].woken == 1);
    CHECK(asks(gate, waiting[0]));
    CHECK(waiting[1].woken == 0);
    gate.set_in_flight(3);
    CHECK(waiting[1].woken == 1);
    CHECK(asks(gate, waiting[1]));
    CHECK(waiting[2].woken == 1);
    CHECK(asks(gate, waiting[2]));
    CHECK_THROWS_WITH(gate.set_in_flight(0),
                      "bide::concurrency_limit: in_flight must be >= 1, got 0");
    for (auto& w : waiting) gate.finish(w.place, {}, now);

    CHECK(asks(gate, flying[0]));
    CHECK_FALSE(asks(gate, flying[1], 3));
    gate.set_in_flight(2);
    CHECK(flying[1].woken == 1);  // it waits for what will never come
    CHECK(gate.ask(flying[1].place, {.cost = 3}, now).says_refuse());
    gate.give_back(flying[1].place, now);
    gate.finish(flying[0].place, {}, now);
    CHECK(gate.waiting() == 0);
}

TEST_CASE("concurrency_limit: there is no hurry where all have room", "[gate][concurrency_limit]") {
    concurrency_limit gate({.in_flight = 2});
    caller a, b, c, d;
    CHECK(asks(gate, a, 2));
    CHECK_FALSE(asks(gate, b));
    CHECK_FALSE(asks(gate, c));
    gate.finish(a.place, {}, now);
    CHECK(b.woken == 1);
    CHECK(asks(gate, c));        // there is room for b as well, which is slow to come
    CHECK_FALSE(asks(gate, d));  // there is not for three
    CHECK(asks(gate, b));
    for (auto* each : {&b, &c, &d}) gate.give_back(each->place, now);
    CHECK(gate.in_flight() == 0);
}

TEST_CASE("concurrency_limit: an operation waits for another one's end",
          "[gate][concurrency_limit]") {
    bide::virtual_clock clock;
    concurrency_limit gate({.in_flight = 1});
    caller other;
    CHECK(asks(gate, other));
    clock.at(3s, [&] { gate.finish(other.place, {}, time_point{3s}); });
    const auto p = policy(constant(1s), max_attempts(3));
    CHECK(retry(with(clock, gate, p), [&gate] { return gate.in_flight(); }).value() == 1);
    CHECK(clock.elapsed() == 3s);
    CHECK(gate.in_flight() == 0);
    CHECK(gate.waiting() == 0);
}

TEST_CASE("concurrency_limit: between two tries the place is free", "[gate][concurrency_limit]") {
    bide::virtual_clock clock;
    concurrency_limit gate({.in_flight = 1});
    auto free_meanwhile = false;
    clock.at(500ms, [&] { free_meanwhile = gate.in_flight() == 0; });
    (void)retry(with(clock, gate, policy(constant(1s), max_attempts(2))),
                [] { throw std::runtime_error{""}; });
    CHECK(free_meanwhile);
    CHECK(gate.in_flight() == 0);
}

TEST_CASE("concurrency_limit: a queue that is full ends an operation as refused",
          "[gate][concurrency_limit]") {
    bide::virtual_clock clock;
    concurrency_limit gate({.in_flight = 1, .queue = 0});
    caller other;
    CHECK(asks(gate, other));
    const auto got = retry(with(clock, gate, policy(constant(1s), max_attempts(3))), [] {});
    CHECK(got.ended() == end::refused);
    CHECK(
        got.explain() ==
        "refused after 0 tries in 0s: a gate refused: the queue of the concurrency limit is full");
    gate.give_back(other.place, now);
}

TEST_CASE("concurrency_limit: many threads, never more than allowed, nobody forgotten",
          "[gate][concurrency_limit][threads]") {
    constexpr auto threads = 16;
    constexpr auto rounds = 100;
    concurrency_limit outer({.in_flight = 5});
    concurrency_limit inner({.in_flight = 3});
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::atomic<int> done = 0;
    std::vector<std::thread> crowd;
    for (auto i = 0; i < threads; ++i)
        crowd.emplace_back([&, i] {
            const auto p = policy(constant(0s), max_attempts(3));
            for (auto k = 0; k < rounds; ++k) {
                const auto got = retry(with(outer, inner, p), [&, n = 0]() mutable {
                    const auto here = ++inside;
                    auto seen = most.load();
                    while (here > seen && !most.compare_exchange_weak(seen, here)) {
                    }
                    std::this_thread::yield();
                    --inside;
                    if (++n < 2 && (i + k) % 3 == 0) throw std::runtime_error{""};
                });
                if (got) ++done;
            }
        });
    for (auto& t : crowd) t.join();
    CHECK(done == threads * rounds);
    CHECK(most <= 3);
    CHECK(outer.in_flight() == 0);
    CHECK(outer.waiting() == 0);
    CHECK(inner.in_flight() == 0);
    CHECK(inner.waiting() == 0);
}

TEST_CASE("concurrency_limit: 64 threads with costs, priorities and a limit that moves",
          "[gate][concurrency_limit][threads]") {
    concurrency_limit gate({.in_flight = 4});
    std::atomic<bool> over = false;
    std::atomic<bool> exceeded = false;
    std::thread owner{[&] {
        for (std::uint64_t i = 0; !over; ++i) {
            gate.set_in_flight(3 + i % 4);
            if (gate.in_flight() > 6) exceeded = true;
            std::this_thread::yield();
        }
    }};
    CHECK(support::crowd_at(gate) > 1500);
    over = true;
    owner.join();
    CHECK_FALSE(exceeded);
    CHECK(gate.in_flight() == 0);
    CHECK(gate.waiting() == 0);
}
