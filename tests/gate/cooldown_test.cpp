// SPDX-License-Identifier: MIT
#include <bide/gate/cooldown.hpp>

#include "support/catch.hpp"
#include "support/event_log.hpp"
#include "support/gate_schedule.hpp"

#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using bide::certainty;
using bide::cooldown;
using bide::duration;
using bide::end;
using bide::finding;
using bide::gate_answer;
using bide::gate_request;
using bide::ticket;
using bide::time_point;
using bide::verdict;
using namespace std::chrono_literals;

namespace {

constexpr time_point t0{1000s};
constexpr finding failed{.verdict = verdict::transient, .certainty = certainty::ambiguous};
constexpr finding not_found{.verdict = verdict::permanent, .certainty = certainty::answered};
finding throttled(bide::timespan hint) {
    return {.verdict = verdict::throttled, .hint = hint.get()};
}

/// A ticket that counts its wake-ups.
struct caller {
    int woken = 0;
    ticket place{[](void* its) noexcept { ++*static_cast<int*>(its); }, &woken};
};

struct world {
    cooldown gate{{}, 7};
    std::deque<caller> callers{};

    caller& make() { return callers.emplace_back(); }
    gate_answer ask(caller& c, time_point now) { return gate.ask(c.place, {}, now); }
    bool goes(caller& c, time_point now) { return ask(c, now).says_go(); }
    void finish(caller& c, const finding& f, time_point now) { gate.finish(c.place, {f}, now); }
    /// One that went before anything was amiss is throttled.
    void park_for(bide::timespan hint, time_point now) {
        auto& c = make();
        REQUIRE(goes(c, now));
        finish(c, throttled(hint), now);
    }
    /// A long wait has just ended, and `n` waited for it.
    time_point after_outage(int n = 0) {
        park_for(30s, t0);
        for (; n > 0; --n) CHECK_FALSE(goes(make(), t0 + 1s));
        return t0 + 33s;  // all have their time by now
    }
};

static_assert(bide::gate<cooldown>);
static_assert(!std::is_copy_constructible_v<cooldown>);

}  // namespace

TEST_CASE("cooldown: rejects what has no meaning", "[gate][cooldown][errors]") {
    CHECK_THROWS_WITH(cooldown({.spread = -0.1}),
                      "bide::cooldown: spread must be from 0 to 1, got -0.1");
    CHECK_THROWS_WITH(cooldown({.spread = 1.5}),
                      "bide::cooldown: spread must be from 0 to 1, got 1.5");
    CHECK_THROWS_AS(cooldown({.spread = std::numeric_limits<double>::quiet_NaN()}),
                    std::invalid_argument);
    CHECK_THROWS_WITH(cooldown({.least_spread = -1ms}),
                      "bide::cooldown: least_spread must be >= 0, got -1ms");
    CHECK_THROWS_WITH(cooldown({.probe_from = 0s}),
                      "bide::cooldown: probe_from must be > 0, got 0s");
    CHECK_THROWS_WITH(cooldown({.probe_patience = 0s}),
                      "bide::cooldown: probe_patience must be > 0, got 0s");
    CHECK_THROWS_WITH(cooldown({.longest = 0s}), "bide::cooldown: longest must be > 0, got 0s");
    CHECK_NOTHROW(cooldown({.spread = 0, .least_spread = 0s}));
}

TEST_CASE("cooldown: the wait that one was asked for is everybody's", "[gate][cooldown]") {
    world w;
    auto& other = w.make();
    CHECK(w.goes(other, t0));
    w.park_for(2s, t0);
    CHECK(w.gate.parked_until() == t0 + 2s);
    auto& c = w.make();
    const auto answer = w.ask(c, t0 + 1s);
    CHECK(answer.says == gate_answer::kind::wait);
    CHECK(std::string{answer.reason} == "the server asked for a pause");
    CHECK_FALSE(answer.may_open_early);
    CHECK(answer.until >= t0 + 2s);
    CHECK(answer.until <= t0 + 2200ms);
    CHECK(w.ask(c, t0 + 1500ms).until == answer.until);
    CHECK(w.gate.waiting() == 1);
    if (answer.until > t0 + 2s)
        CHECK(std::string{w.ask(c, answer.until - 1ns).reason} == "the end of a pause is spread");
    CHECK(w.goes(c, answer.until));
    CHECK(w.goes(w.make(), t0 + 2s));  // came later, so it is no part of a herd
    // What was under way is not touched.
    w.finish(other, bide::succeeded, t0 + 3s);
    CHECK(w.gate.waiting() == 0);
}

TEST_CASE("cooldown: only busy answers with a hint park it", "[gate][cooldown]") {
    world w;
    for (const auto& f : {throttled(0s), finding{.verdict = verdict::throttled}, failed, not_found,
                          finding{.verdict = verdict::transient, .hint = duration{5s}}}) {
        auto& c = w.make();
        CHECK(w.goes(c, t0));
        w.finish(c, f, t0);
        CHECK(w.goes(w.make(), t0));
        CHECK(w.gate.at_rest(t0));
    }
    auto& c = w.make();
    CHECK(w.goes(c, t0));
    w.finish(c, {.verdict = verdict::overloaded, .hint = duration{5s}}, t0);
    CHECK_FALSE(w.goes(w.make(), t0 + 5s - 1ns));
    CHECK_FALSE(w.gate.at_rest(t0));
}

TEST_CASE("cooldown: hints only extend, and are bounded", "[gate][cooldown]") {
    world w;
    std::array<caller, 4> under_way;
    for (auto& c : under_way) CHECK(w.goes(c, t0));
    w.finish(under_way[0], throttled(5s), t0);
    w.finish(under_way[1], throttled(1s), t0);
    CHECK(w.gate.parked_until() == t0 + 5s);
    auto& waiting = w.make();
    const auto first = w.ask(waiting, t0).until;
    w.finish(under_way[2], throttled(8s), t0 + 1s);
    CHECK(w.gate.parked_until() == t0 + 9s);
    CHECK(w.ask(waiting, first).until >= t0 + 9s);
    w.finish(under_way[3], throttled(24h * 11), t0 + 2s);
    CHECK(w.gate.parked_until() == t0 + 2s + 1h);
}

TEST_CASE("cooldown: the end of a wait is spread over a tenth of it", "[gate][cooldown]") {
    world w;
    w.park_for(8s, t0);
    constexpr auto crowd = 400;
    std::array<int, 8> by_part{};
    for (auto i = 0; i < crowd; ++i) {
        auto& c = w.make();
        const auto until = w.ask(c, t0 + 1s).until;
        REQUIRE(until >= t0 + 8s);
        REQUIRE(until <= t0 + 8800ms);
        ++by_part.at(
            static_cast<std::size_t>(std::min<std::int64_t>((until - t0 - 8s) / 100ms, 7)));
    }
    for (const auto n : by_part) CHECK((n > 25 && n < 75));
    CHECK(w.goes(w.callers[1], t0 + 8800ms));
    CHECK(w.callers[2].woken == 0);  // each has its time, nobody is woken for that

    cooldown a{{}, 1};
    cooldown same{{}, 1};
    a.park(t0 + 1s, t0);
    same.park(t0 + 1s, t0);
    caller x, y;
    CHECK(a.ask(x.place, {}, t0).until == same.ask(y.place, {}, t0).until);
    cooldown at_once{{.spread = 0, .least_spread = 0s}};
    at_once.park(t0 + 1s, t0);
    caller z;
    CHECK(at_once.ask(z.place, {}, t0).until == t0 + 1s);
    at_once.give_back(z.place, t0);
    a.give_back(x.place, t0);
    same.give_back(y.place, t0);
}

TEST_CASE("cooldown: after a long wait one goes first", "[gate][cooldown][probe]") {
    world w;
    const auto now = w.after_outage(3);
    auto& probe = w.callers[1];
    CHECK(w.goes(probe, now));
    auto& behind = w.callers[2];
    const auto answer = w.ask(behind, now + 1s);
    CHECK(std::string{answer.reason} == "a probe goes first");
    CHECK(answer.may_open_early);
    CHECK(answer.until == now + 15s);
    CHECK_FALSE(w.goes(w.make(), now + 1s));  // nor does one that comes now
    CHECK(w.gate.waiting() == 3);

    SECTION("its success opens for the rest, spread again") {
        w.finish(probe, bide::succeeded, now + 2s);
        CHECK(behind.woken + w.callers[4].woken == 1);
        CHECK(w.goes(w.make(), now + 2s));
        const auto then = w.ask(behind, now + 2s);
        CHECK((then.says_go() || (then.until > now + 2s && then.until <= now + 5s)));
        (void)w.ask(w.callers[4], now + 2s);
        CHECK(behind.woken == 1);
        CHECK(w.callers[4].woken == 1);
        CHECK(w.goes(behind, now + 5s));
        CHECK(w.goes(w.callers[3], now + 5s));
        CHECK(w.goes(w.callers[4], now + 5s));
        w.finish(behind, bide::succeeded, now + 5s);
        CHECK(w.gate.at_rest(now + 5s));
    }
    SECTION("any answer that is final opens, too") {
        w.finish(probe, not_found, now + 2s);
        CHECK(w.goes(w.make(), now + 2s));
    }
    SECTION("its failure parks again, for twice as long within bounds") {
        w.finish(probe, failed, now + 2s);
        CHECK(w.gate.parked_until() == now + 62s);
        CHECK(behind.woken + w.callers[4].woken == 1);  // to learn its new time
        CHECK_FALSE(w.goes(w.make(), now + 61s));
        CHECK(w.goes(w.make(), now + 62s));  // the next probe
        CHECK_FALSE(w.goes(w.make(), now + 62s));
    }
    SECTION("its failure parks for as long as it is asked") {
        w.finish(probe, throttled(3s), now + 2s);
        CHECK(w.gate.parked_until() == now + 5s);
        auto& next = w.make();
        CHECK(w.goes(next, now + 5s));
        CHECK_FALSE(w.goes(w.make(), now + 5s));  // although this wait was short
        w.finish(next, {.verdict = verdict::overloaded}, now + 6s);
        CHECK(w.gate.parked_until() == now + 12s);
        CHECK(w.goes(w.make(), now + 12s));
    }
    SECTION("one that is given back is replaced at once") {
        w.gate.give_back(probe.place, now + 2s);
        CHECK(behind.woken + w.callers[4].woken == 1);
        CHECK(w.goes(behind.woken == 1 ? behind : w.callers[4], now + 2s));
        CHECK_FALSE(w.goes(w.make(), now + 2s));
    }
    SECTION("one of which nobody hears is replaced in time") {
        CHECK_FALSE(w.goes(w.make(), now + 15s - 1ns));
        CHECK(w.goes(w.make(), now + 15s));
        CHECK_FALSE(w.goes(w.make(), now + 15s));
        w.gate.give_back(probe.place, now + 16s);  // it is not the probe any more
        CHECK_FALSE(w.goes(w.make(), now + 16s));
    }
    SECTION("late answers from before the wait open nothing") {
        w.finish(w.callers[0], bide::succeeded, now + 2s);
        CHECK_FALSE(w.goes(w.make(), now + 2s));
    }
    for (auto& c : w.callers) w.gate.give_back(c.place, now + 1h);
    CHECK(w.gate.waiting() == 0);
}

TEST_CASE("cooldown: what waits behind a probe is spread anew", "[gate][cooldown][probe]") {
    world w;
    const auto now = w.after_outage(20);
    REQUIRE(w.goes(w.callers[1], now));
    for (std::size_t i = 2; i <= 20; ++i) CHECK_FALSE(w.goes(w.callers[i], now));
    w.finish(w.callers[1], bide::succeeded, now + 1s);
    auto at_once = 0;
    auto in_half = 0;
    for (std::size_t i = 2; i <= 20; ++i) {
        CHECK(w.callers[i].woken == 1);
        const auto answer = w.ask(w.callers[i], now + 1s);
        at_once += answer.says_go() ? 1 : 0;
        CHECK(answer.until <= now + 4s);
        in_half += answer.until <= now + 2500ms ? 1 : 0;
    }
    CHECK(at_once == 0);
    CHECK((in_half > 3 && in_half < 16));
    CHECK(w.gate.waiting() == 0);  // they have their times, so no event concerns them
}

TEST_CASE("cooldown: after an outage they go no faster than they came", "[gate][cooldown][probe]") {
    world w;
    w.park_for(9s, t0);
    auto& vain = w.make();
    for (auto i = 1; i <= 100; ++i) {  // in both waits
        if (i == 43) {
            REQUIRE(w.goes(vain, t0 + 9s));
            w.finish(vain, throttled(12s), t0 + 9s);
        }
        CHECK_FALSE(w.goes(w.make(), t0 + i * 210ms - 1ms));
    }
    const auto ready = t0 + 23s;  // all have had their time
    auto& probe = w.make();
    REQUIRE(w.goes(probe, ready));

    std::vector<caller*> left;
    const auto some_left = GENERATE(false, true);
    for (auto i = w.callers.size() - 101; i < w.callers.size() - 1; ++i) {
        auto& c = w.callers[i];
        CHECK_FALSE(w.goes(c, ready));
        if (some_left && i % 2 == 0)
            w.gate.give_back(c.place, ready);
        else
            left.push_back(&c);
    }
    const auto up = t0 + 24s;
    w.finish(probe, bide::succeeded, up);
    const auto took = some_left ? 10500ms : 21s;  // since the first wait began
    std::size_t in_half = 0;
    auto last = up;
    for (auto* c : left) {
        const auto until = w.ask(*c, up).until;
        if (until <= up + took / 2) ++in_half;
        last = std::max(last, until);
    }
    CHECK(left.size() == (some_left ? 50 : 100));
    CHECK((in_half > left.size() / 3 && in_half < left.size() * 2 / 3));
    CHECK((last > up + took * 8 / 10 && last <= up + took));
    CHECK(w.goes(w.make(), up));  // who comes later
}

TEST_CASE("cooldown: a lost probe is not waited for", "[gate][cooldown][probe]") {
    world w;
    w.park_for(30s, t0);
    auto& probe = w.make();
    auto& next = w.make();
    REQUIRE(w.goes(probe, t0 + 30s));
    REQUIRE_FALSE(w.goes(next, t0 + 30s));
    SECTION("the next goes before its own time has come") {
        w.gate.give_back(probe.place, t0 + 30s + 1ns);
        CHECK(next.woken == 1);
        CHECK(w.goes(next, t0 + 30s + 1ns));
    }
    SECTION("nor one whose end is told by a clock that is behind") {
        w.finish(probe, throttled(500ms), t0 + 29s);
        CHECK(w.gate.parked_until() == t0 + 30s);
        CHECK(next.woken == 1);
        CHECK(w.goes(next, t0 + 30s));
    }
}

TEST_CASE("cooldown: what counts as a long wait", "[gate][cooldown][probe]") {
    world w;
    auto expected = true;
    auto over = t0 + 10s;
    SECTION("one of ten seconds") { w.park_for(10s, t0); }
    SECTION("not a shorter one") {
        w.park_for(10s - 1ns, t0);
        expected = false;
    }
    SECTION("one that was extended to that") {
        auto& slow = w.make();
        CHECK(w.goes(slow, t0));
        w.park_for(8s, t0);
        w.finish(slow, throttled(5s), t0 + 6s);
        over = t0 + 11s;
    }
    SECTION("one by hand, until something succeeds") {
        w.gate.park(t0 + 12s, t0);
        auto& probe = w.make();
        CHECK(w.goes(probe, t0 + 12s));
        w.finish(probe, throttled(1s), t0 + 12s);
        over = t0 + 13s;
    }
    SECTION("not the second, if that is for a try from before the first") {
        auto& slow = w.make();
        CHECK(w.goes(slow, t0));
        w.park_for(1s, t0);
        w.finish(slow, throttled(1s), t0 + 2s);
        over = t0 + 3s;
        expected = false;
    }
    CHECK(w.goes(w.make(), over));
    CHECK(w.goes(w.make(), over) == !expected);
}

TEST_CASE("cooldown: two waits without a success between are an outage",
          "[gate][cooldown][probe]") {
    world w;
    auto& slow = w.make();
    CHECK(w.goes(slow, t0));
    w.park_for(1s, t0);
    auto& a = w.make();
    auto& b = w.make();
    CHECK(w.goes(a, t0 + 1s));
    CHECK(w.goes(b, t0 + 1s));
    const auto succeeded = GENERATE(true, false);
    if (succeeded) w.finish(b, bide::succeeded, t0 + 2s);
    w.finish(slow, bide::succeeded, t0 + 2s);  // from before, proves nothing
    w.finish(a, throttled(1s), t0 + 2s);
    CHECK(w.goes(w.make(), t0 + 3s));
    CHECK(w.goes(w.make(), t0 + 3s) == succeeded);
}

TEST_CASE("cooldown: parked and resumed by hand", "[gate][cooldown]") {
    world w;
    w.gate.park(bide::never, t0);
    auto& a = w.make();
    auto& b = w.make();
    CHECK(w.ask(a, t0).until == bide::never);
    CHECK_FALSE(w.goes(b, t0 + 10h));
    w.gate.park(t0 + 1s, t0);  // never shorter
    CHECK(w.gate.parked_until() == bide::never);
    w.gate.resume(t0 + 11h);
    CHECK(a.woken + b.woken == 1);
    (void)w.ask(a.woken == 1 ? a : b, t0 + 11h);
    CHECK(a.woken + b.woken == 2);
    w.gate.give_back(b.place, t0 + 11h);
    CHECK(w.goes(w.make(), t0 + 11h));
    w.gate.give_back(a.place, t0 + 11h);
    CHECK(w.gate.waiting() == 0);
}

TEST_CASE("cooldown: one that was woken but leaves strands nobody", "[gate][cooldown]") {
    world w;
    const auto now = w.after_outage(4);
    CHECK(w.goes(w.callers[1], now));
    for (std::size_t i = 2; i < 5; ++i) CHECK_FALSE(w.goes(w.callers[i], now));
    w.finish(w.callers[1], bide::succeeded, now + 1s);
    CHECK(w.callers[2].woken == 1);
    CHECK(w.callers[3].woken == 0);
    w.gate.give_back(w.callers[2].place, now + 1s);
    CHECK(w.callers[3].woken == 1);
    w.gate.give_back(w.callers[3].place, now + 1s);
    CHECK(w.callers[4].woken == 1);
    w.gate.give_back(w.callers[4].place, now + 1s);
}

TEST_CASE("cooldown: operations that share it", "[gate][cooldown]") {
    bide::virtual_clock clock;
    cooldown gate{{}, 7};
    support::event_log seen;
    constexpr auto rules = bide::policy(bide::constant(10ms), bide::max_attempts(3));
    auto calls = 0;
    CHECK(bide::retry(bide::with(clock, gate, rules), [&calls] {
              if (++calls == 1) throw bide::throttled(std::runtime_error{"slow"}, 2s);
          }).attempts() == 2);
    CHECK(clock.elapsed() >= 2s);
    clock.advance(1s);

    gate.park(clock.now() + 20s, clock.now());
    const auto other = bide::retry(bide::with(clock, seen, gate, bide::policy()), [] { return 7; });
    CHECK(other.value() == 7);
    CHECK(seen.kinds() == "gate attempt end");
    CHECK(seen.events[0].wait >= 20s);
    gate.park(clock.now() + 60s, clock.now());
    const auto late = bide::retry(bide::with(clock, gate, bide::policy()), [] { return 7; });
    CHECK(late.ended() == end::deferred);
    CHECK(late.retry_in().value_or(0s) >= 60s);
}

// Random answers, cancels, late timers and clocks that differ: nobody goes while it is parked, one
// probe at a time, nobody is left behind, and at rest it is as new.
TEST_CASE("cooldown: holds in random schedules", "[gate][cooldown][property]") {
    const auto n = support::schedules(120);
    for (std::uint64_t seed = 1; seed <= n; ++seed) {
        cooldown gate{{.probe_from = 1s, .probe_patience = 300ms}, seed};
        auto early = 0;
        auto first_after_outage = time_point{};
        auto herd = 0;
        support::gate_view watched{gate};
        const auto honest = watched.ask;
        auto probing = false;
        watched.ask = [&](ticket& t, const gate_request& request, time_point now) {
            const auto parked = now < gate.parked_until();
            const auto answer = honest(t, request, now);
            if (!answer.says_go()) return answer;
            early += parked ? 1 : 0;
            if (probing && now < first_after_outage + 300ms && first_after_outage != time_point{})
                ++herd;
            if (probing) first_after_outage = now;
            return answer;
        };
        watched.finish = [&](ticket& t, const bide::report& what, time_point now) {
            gate.finish(t, what, now);
            // Until something new is known, every wait of a second and more ends with a probe.
            probing = now < gate.parked_until() && gate.parked_until() - now >= 1s;
            first_after_outage = {};
        };
        watched.give_back = [&](ticket& t, time_point now) {
            if (t.granted) first_after_outage = {};
            gate.give_back(t, now);
        };
        support::gate_schedule schedule{
            {watched},
            {.seed = seed,
             .operations = 12,
             .late = seed % 2 == 0 ? 2ms : 0ms,
             .comes_to = [](bide::splitmix64& random) -> bide::report {
                 switch (random() % 5) {
                     case 0:
                         return {throttled(std::chrono::milliseconds{random() % 1500})};
                     case 1:
                         return {failed};
                     case 2:
                         return {not_found};
                     default:
                         return {bide::succeeded};
                 }
             }}};
        INFO("seed " << seed);
        REQUIRE(schedule.run() == "");
        REQUIRE(early == 0);
        REQUIRE(herd == 0);
        REQUIRE(gate.waiting() == 0);
        gate.resume(schedule.over());
        REQUIRE(gate.at_rest(schedule.over()));
        for (const auto& [says, until] : support::probe(gate, schedule.over(), 3))
            REQUIRE(says == gate_answer::kind::go);
    }
}

TEST_CASE("cooldown: 64 threads, of which none is stranded", "[gate][cooldown][threads]") {
    cooldown gate{{.least_spread = 0s, .probe_from = 1us, .probe_patience = 20us}};
    std::atomic<std::uint64_t> done = 0;
    std::atomic<std::int64_t> ticks = 0;
    std::vector<std::thread> crowd;
    for (auto i = 0; i < 64; ++i)
        crowd.emplace_back([&, i] {
            std::atomic<bool> rung = false;
            ticket t{[](void* its) noexcept { *static_cast<std::atomic<bool>*>(its) = true; },
                     &rung};
            for (auto n = 0; n < 10; ++n) {
                const auto now = [&ticks] { return t0 + duration{ticks += 100}; };
                while (!gate.ask(t, {}, now()).says_go()) std::this_thread::yield();
                switch ((i + n) % 4) {
                    case 0:
                        gate.finish(t, {throttled(2us)}, now());
                        break;
                    case 1:
                        gate.give_back(t, now());
                        break;
                    case 2:
                        gate.finish(t, {failed}, now());
                        break;
                    default:
                        gate.finish(t, {bide::succeeded}, now());
                }
                if (i == 0 && n % 4 == 0) gate.resume(now());
            }
            gate.give_back(t, t0);
            ++done;
        });
    // A failed probe parks for a second at least, which nobody wants to wait for.
    while (done < 64) {
        gate.resume(t0 + duration{ticks += 100});
        std::this_thread::yield();
    }
    for (auto& t : crowd) t.join();
    gate.resume(t0 + 1h);
    CHECK(gate.waiting() == 0);
    CHECK(gate.at_rest(t0 + 1h));
}
