// SPDX-License-Identifier: MIT
#include <bide/testing/simulation.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/gate/concurrency_limit.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/token_bucket.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/testing/limiting_servers.hpp>
#include <bide/testing/occ_server.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// The driver without real time: what it does is what the blocking one would do.

namespace {

using bide::duration;
using bide::time_point;
using bide::simulated::answer;
using bide::simulated::finished;
using bide::simulated::overloaded;
using bide::simulated::tried;
using bide::simulated::uniform_delay;
using bide::simulated::visit;
using namespace std::chrono_literals;

/// Does what it is told to, and remembers when.
struct scripted {
    std::function<answer(visit&, time_point)> script;
    std::vector<time_point> heard{};

    answer serve(visit& v, time_point now) {
        heard.push_back(now);
        return script(v, now);
    }
};

/// A gate that does what it is told to.
struct scripted_gate {
    static constexpr bool hears_quotas = true;

    std::function<bide::gate_answer(bide::ticket&, time_point)> when_asked;
    std::function<void()> when_done = [] {};
    int told = 0;  // reports with quotas

    bide::gate_answer ask(bide::ticket& t, const bide::gate_request&, time_point now) const {
        return when_asked(t, now);
    }
    void finish(bide::ticket&, const bide::report& what, time_point) noexcept {
        told += what.told != nullptr ? 1 : 0;
        when_done();
    }
    static void give_back(bide::ticket&, time_point) noexcept {}
};

void ring(bide::ticket& t) {
    t.will_wake();
    t.wake();
}

const auto at_once = uniform_delay{{}};
uniform_delay always(duration d) { return uniform_delay{{.least = d, .most = d}}; }
time_point at(duration d) { return time_point{d}; }

constexpr auto linear =
    bide::policy(bide::linear({.base = 1s}), bide::max_attempts(3), {.try_timeout = 2s});

}  // namespace

TEST_CASE("simulation: tries, waits and the end of an operation", "[herd][simulation]") {
    scripted server{[](visit& v, time_point) {
        return answer{.found = v.attempt < 3 ? overloaded : bide::succeeded, .takes = 100ms};
    }};
    bide::simulation sim{linear, server, always(10ms), 1};
    CHECK(sim.begin(at(5s)) == 1);
    bide::simulated::records all;
    const auto sum = sim.run(all);

    CHECK(server.heard == std::vector{at(5010ms), at(6130ms), at(8250ms)});
    REQUIRE(all.tries.size() == 3);
    CHECK(all.tries[1].attempt == 2);
    CHECK(all.tries[1].sent == at(6120ms));
    CHECK(all.tries[1].arrived == at(6130ms));
    CHECK(all.tries[1].ended == at(6240ms));
    CHECK(all.tries[1].found.verdict == bide::verdict::overloaded);
    REQUIRE(all.operations.size() == 1);
    const auto& op = all.operations[0];
    CHECK(op.operation == 1);
    CHECK(op.attempts == 3);
    CHECK(op.began == at(5s));
    CHECK(op.ended == at(8360ms));
    CHECK(op.how == bide::end::done);
    CHECK(op.certainty == bide::certainty::answered);
    CHECK(sum.operations == 1);
    CHECK(sum.tries == 3);
    CHECK(sum.events == 9);
    CHECK(sum.last == at(8360ms));
}

TEST_CASE("simulation: a server's wait is kept, and one that is too long defers",
          "[herd][simulation]") {
    auto hint = duration{5s};
    scripted server{[&](visit&, time_point) {
        auto found = bide::simulated::throttled;
        found.hint = std::exchange(hint, 2min);
        return answer{.found = found};
    }};
    bide::simulation sim{linear, server, at_once, 1};
    sim.begin({});
    bide::simulated::records all;
    sim.run(all);
    REQUIRE(server.heard.size() == 2);
    CHECK(server.heard[1] >= at(5s));
    CHECK(server.heard[1] <= at(5500ms));  // the slack that spreads those who were told the same
    CHECK(all.operations.at(0).how == bide::end::deferred);
    CHECK(all.operations.at(0).retry_in == bide::maybe<duration>{2min});
}

TEST_CASE("simulation: patience ends a try, which goes on at the server", "[herd][simulation]") {
    scripted server{[](visit&, time_point) {
        return answer{.found = bide::succeeded, .takes = duration::max()};
    }};
    const auto way = GENERATE(as<duration>{}, 10ms, 3s);  // 3 s: it is given up before it arrives
    CAPTURE(way.count());
    bide::simulation sim{linear, server, always(way), 1};
    sim.begin({});
    bide::simulated::records all;
    const auto sum = sim.run(all);
    REQUIRE(all.tries.size() == 3);
    CHECK(all.tries[0].ended == at(2s));
    CHECK(all.tries[0].found.verdict == bide::verdict::transient);
    CHECK(all.tries[0].found.certainty == bide::certainty::ambiguous);
    CHECK(all.operations.at(0).how == bide::end::unknown);
    CHECK(all.operations.at(0).stopped_by == bide::end::exhausted);
    CHECK(server.heard == std::vector{at(way), at(3s + way), at(7s + way)});
    CHECK(sum.last == (std::max)(at(9s), at(7s + way)));
}

TEST_CASE("simulation: what is there with the last of the patience is in time",
          "[herd][simulation]") {
    std::vector<std::uint64_t> attempts;
    scripted server{[&](visit& v, time_point) {
        attempts.push_back(v.attempt);
        return answer{.found = bide::succeeded, .takes = v.attempt < 3 ? 1ns : 0ns};
    }};
    bide::simulation sim{linear, server, always(1s), 1};
    sim.begin({});
    bide::simulated::records all;
    sim.run(all);
    CHECK(all.operations.at(0).how == bide::end::done);
    CHECK(attempts == std::vector<std::uint64_t>{1, 2, 3});

    attempts.clear();
    bide::simulation slow{linear, server, always(2s), 1};
    slow.begin({});
    slow.run(all);
    CHECK(all.operations.at(1).how == bide::end::unknown);
    CHECK(attempts == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("simulation: gates that ring at any time", "[herd][simulation]") {
    scripted server{
        [](visit&, time_point) { return answer{.found = bide::succeeded, .takes = 10ms}; }};
    const auto closed = bide::gate_answer::wait(bide::never, true, "closed");
    int asked = 0;

    // While it is asked, and then it opens.
    scripted_gate eager{[&](bide::ticket& t, time_point) {
        ring(t);
        return ++asked < 3 ? closed : bide::gate_answer::go();
    }};
    bide::simulation let_in{bide::with(eager, linear), server, at_once, 1};
    let_in.begin({});
    CHECK(let_in.run().tries == 1);
    CHECK(asked == 3);

    // The same, but it refuses: that is the end, whatever it rang.
    scripted_gate rude{[&](bide::ticket& t, time_point) {
        ring(t);
        return bide::gate_answer::refuse("no");
    }};
    bide::simulation refused{bide::with(rude, linear), server, at_once, 1};
    refused.begin({});
    CHECK(refused.run().operations == 1);

    // Two wait, are woken in this order and in that, and get in when the third of those is done
    // that begin at whole seconds.
    std::vector<bide::ticket*> waiting;
    int done = 0;
    asked = 0;
    scripted_gate third{[&](bide::ticket& t, time_point now) {
        ++asked;
        if (done == 3 || now.time_since_epoch() % 1s == 0s) return bide::gate_answer::go();
        if (waiting.size() < 2) waiting.push_back(&t);
        return closed;
    }};
    third.when_done = [&] {
        if (++done > 3) return;
        std::swap(waiting.at(0), waiting.at(1));
        for (auto* t : waiting) ring(*t);
    };
    bide::simulation turns{bide::with(third, linear), server, at_once, 1};
    for (const auto begins : {0ms, 2ms, 3ms, 1000ms, 2000ms}) turns.begin(at(begins));
    CHECK(turns.run().operations == 5);
    CHECK(asked == 3 + 2 * 4);
}

TEST_CASE("simulation: a try of several messages", "[herd][simulation]") {
    bide::simulated::occ_server row;
    bide::simulation sim{linear, row, always(10ms), 1};
    sim.begin({});
    sim.begin(at(5ms));  // reads the version that the first one is about to change
    bide::simulated::records all;
    sim.run(all);
    CHECK(row.writes() == 3);
    REQUIRE(all.tries.size() == 3);
    CHECK(all.tries[0].arrived == at(10ms));
    CHECK(all.tries[0].ended == at(40ms));
    CHECK(all.tries[1].operation == 2);
    CHECK(all.tries[1].ended == at(45ms));
    CHECK(all.tries[1].found.status == 409);
    CHECK(all.operations.at(1).attempts == 2);
    CHECK(all.operations.at(1).ended == at(1085ms));
}

TEST_CASE("simulation: limits end an operation before and between tries", "[herd][simulation]") {
    scripted server{[](visit&, time_point) { return answer{.found = overloaded}; }};
    const auto timed = bide::policy(bide::constant(4s), bide::max_elapsed({.total = 6s}));
    const auto over = bide::policy(bide::constant(4s), bide::deadline(at(2s)));
    bide::simulation sim{timed, server, at_once, 1};
    sim.begin({});
    bide::simulated::records all;
    sim.run(all);
    CHECK(all.operations.at(0).attempts == 2);
    CHECK(all.operations.at(0).how == bide::end::out_of_time);

    bide::simulation never_begun{over, server, at_once, 1};
    never_begun.begin(at(3s));
    never_begun.run(all);
    CHECK(all.operations.at(1).attempts == 0);
    CHECK(all.operations.at(1).how == bide::end::out_of_time);
}

TEST_CASE("simulation: gates let wait by time and by event", "[herd][simulation]") {
    scripted server{
        [](visit&, time_point) { return answer{.found = bide::succeeded, .takes = 100ms}; }};
    bide::token_bucket bucket{{.rate = 10, .burst = 1}};
    bide::simulation paced{bide::with(bucket, linear), server, at_once, 1};
    for (int i = 0; i < 4; ++i) paced.begin({});
    std::vector<std::uint64_t> order;
    paced.run([&](const tried& t) { order.push_back(t.operation); });
    CHECK(order == std::vector<std::uint64_t>{1, 2, 3, 4});
    CHECK(server.heard == std::vector{at(0s), at(100ms), at(200ms), at(300ms)});

    server.heard.clear();
    bide::concurrency_limit two{{.in_flight = 2}};
    bide::simulation limited{bide::with(two, linear), server, at_once, 1};
    for (int i = 0; i < 5; ++i) limited.begin({});
    CHECK(limited.run().operations == 5);
    CHECK(server.heard == std::vector{at(0s), at(0s), at(100ms), at(100ms), at(200ms)});
    CHECK(two.in_flight() == 0);

    bide::concurrency_limit one{{.in_flight = 1, .queue = 0}};
    bide::simulation refused{bide::with(one, linear), server, at_once, 1};
    refused.begin({});
    refused.begin({});
    bide::simulated::records all;
    refused.run(all);
    REQUIRE(all.operations.size() == 2);
    CHECK(all.operations[0].how == bide::end::refused);
    CHECK(all.operations[0].ended == at(0s));
}

TEST_CASE("simulation: who was woken knows nothing of the time it would have waited",
          "[herd][simulation]") {
    scripted server{
        [](visit&, time_point) { return answer{.found = bide::succeeded, .takes = 4s}; }};
    const auto patient =
        bide::policy(bide::constant(1s), bide::max_elapsed({.total = 10s}), {.try_timeout = 1min});
    bide::concurrency_limit one{{.in_flight = 1}};
    bide::simulation sim{bide::with(one, patient), server, at_once, 1};
    for (int i = 0; i < 4; ++i) sim.begin({});
    bide::simulated::records all;
    sim.run(all);
    // The third would be asked again at 9 s if it had not begun; the fourth gives up then.
    REQUIRE(all.tries.size() == 3);
    CHECK(all.tries[2].operation == 3);
    CHECK(all.tries[2].ended == at(10s));
    REQUIRE(all.operations.size() == 4);
    CHECK(all.operations[2].operation == 4);
    CHECK(all.operations[2].ended == at(9s));
    CHECK(all.operations[2].how == bide::end::out_of_time);
    CHECK(one.waiting() == 0);
}

TEST_CASE("simulation: gates hear of quotas only what the client has heard", "[herd][simulation]") {
    scripted_gate gate{[](bide::ticket&, time_point) { return bide::gate_answer::go(); }};
    struct telling_late {
        duration takes;
        bide::simulated::limited_answer serve(visit& v, time_point) const {
            bide::simulated::limited_answer a{};
            a.found = v.attempt == 1 ? overloaded : bide::succeeded;
            a.takes = v.attempt == 1 ? 0s : takes;
            a.left = bide::quota{.limit = 1};
            return a;
        }
    };
    telling_late server{1h};
    bide::simulation sim{bide::with(gate, linear), server, at_once, 1};
    sim.begin({});
    CHECK(sim.run().tries == 3);
    CHECK(gate.told == 1);
}

TEST_CASE("simulation: what is under way leaves its gates when it is destroyed",
          "[herd][simulation]") {
    scripted server{[](visit&, time_point) { return answer{.takes = 1s}; }};
    bide::concurrency_limit two{{.in_flight = 2}};
    {
        bide::simulation sim{bide::with(two, linear), server, at_once, 1};
        for (int i = 0; i < 9; ++i) sim.begin({});
        CHECK(sim.run([](const auto&) {}, at(500ms)).operations == 0);
        sim.begin(at(600ms));
        CHECK(two.waiting() == 7);
        CHECK(sim.run([](const auto&) {}, at(600ms)).operations == 0);  // that instant included
        CHECK(two.waiting() == 8);
        CHECK(two.in_flight() == 2);
    }
    CHECK(two.in_flight() == 0);
    CHECK(two.waiting() == 0);
}

TEST_CASE("simulation: a budget ends operations, and each may have its own plan",
          "[herd][simulation]") {
    scripted server{[](visit&, time_point) { return answer{.found = overloaded}; }};
    bide::retry_budget none{{.ratio = 0, .reserve_per_second = 0}};
    bide::retry_budget enough{{.ratio = 2, .reserve_per_second = 0}};
    const auto poor = bide::with(none, linear);
    const auto rich = bide::with(enough, linear);
    bide::simulation sim{poor, server, at_once, 1};
    sim.begin({});
    sim.begin({}, rich);
    bide::simulated::records all;
    sim.run(all);
    REQUIRE(all.operations.size() == 2);
    CHECK(all.operations[0].operation == 1);
    CHECK(all.operations[0].attempts == 1);
    CHECK(all.operations[0].how == bide::end::exhausted);
    CHECK(all.operations[1].attempts == 3);
}

TEST_CASE("simulation: a pacer hears the quotas that a server tells", "[herd][simulation]") {
    const auto rejected = [](bide::simulated::tells what) {
        bide::simulated::fixed_window server{{.limit = 10, .tells = what}};
        bide::quota_pacer pacer;
        bide::simulation sim{bide::with(pacer, bide::policy()), server, always(10ms), 1};
        for (int i = 0; i < 200; ++i) sim.begin({});
        std::uint64_t count = 0;
        sim.run([&](const tried& t) { count += t.found.verdict == bide::verdict::throttled; });
        return count;
    };
    const auto untold = rejected(bide::simulated::tells::nothing);
    const auto told = rejected(bide::simulated::tells::quota);
    CAPTURE(untold, told);
    CHECK(told < untold);
}

TEST_CASE("simulation: who is told of it may begin more, and the same seed gives the same",
          "[herd][simulation]") {
    const auto run = [](std::uint64_t seed) {
        bide::simulated::token_bucket server{{.rate = 20, .burst = 5}};
        const auto jittered =
            bide::policy(bide::exponential({}) | bide::full_jitter, bide::max_attempts(9));
        bide::simulation sim{jittered, server, uniform_delay{{.least = 1ms, .most = 9ms}}, seed};
        std::vector<duration> ends;
        for (int i = 0; i < 10; ++i) sim.begin({});
        sim.run([&](const finished& f) {
            ends.push_back(f.ended.time_since_epoch());
            CHECK((f.operation > 10) == (f.began > time_point{}));
            if (f.operation <= 40) sim.begin({});  // that is over, so at once
        });
        return ends;
    };
    const auto once = run(1);
    CHECK(once.size() == 50);
    CHECK(once == run(1));
    CHECK(once != run(2));
}

TEST_CASE("simulation: observers of the plan hear what those of other drivers hear",
          "[herd][simulation]") {
    scripted server{[](visit& v, time_point) {
        return answer{.found = v.attempt < 2 ? overloaded : bide::succeeded};
    }};
    std::string heard;
    const auto watcher = [&](const bide::event& e) {
        heard += std::string{to_string(e.kind)} + ' ' + std::to_string(e.attempt) + ' ' +
                 std::to_string(e.at.time_since_epoch() / 1s) + "; ";
    };
    const auto watched = bide::with(watcher, linear);
    bide::simulation sim{watched, server, at_once, 1};
    sim.begin({});
    sim.run();
    CHECK(heard == "attempt 1 0; backoff 1 0; attempt 2 1; end 2 1; ");
}
