// SPDX-License-Identifier: MIT
#include <bide/gate/circuit_breaker.hpp>

#include "support/catch.hpp"

#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

using bide::breaker_change;
using bide::breaker_counts;
using bide::breaker_state;
using bide::certainty;
using bide::circuit_breaker;
using bide::duration;
using bide::finding;
using bide::gate_answer;
using bide::ticket;
using bide::time_point;
using bide::verdict;
using failure_count = circuit_breaker::failure_count;
using failure_rate = circuit_breaker::failure_rate;
using namespace std::chrono_literals;

namespace {

constexpr time_point t0{1000s};
constexpr finding works = bide::succeeded;
constexpr finding fails{.verdict = verdict::transient, .certainty = certainty::ambiguous};
constexpr finding says_nothing{.verdict = verdict::throttled};

struct caller {
    ticket place{[](void*) noexcept {}, nullptr};
};

struct world {
    circuit_breaker gate{{}, 7};
    std::deque<caller> callers{};

    world() = default;
    explicit world(const circuit_breaker::options& its) : gate{its, 7} {}

    gate_answer ask(caller& c, time_point now) { return gate.ask(c.place, {}, now); }
    bool goes(time_point now) { return ask(callers.emplace_back(), now).says_go(); }
    /// A try that begins and ends now; nothing if it is refused.
    world& comes_to(const finding& f, time_point now, duration latency = {}) {
        auto& c = callers.emplace_back();
        if (ask(c, now).says_go()) finish(c, f, now, latency);
        return *this;
    }
    void finish(caller& c, const finding& f, time_point now, duration latency = {}) {
        gate.finish(c.place, {.found = f, .latency = latency}, now);
    }
    /// Fails as often as needed; when it lets a probe go.
    time_point opens(time_point now) {
        for (auto i = 0; i < 5; ++i) comes_to(fails, now);
        REQUIRE(gate.state(now) == breaker_state::open);
        return gate.open_until();
    }
};

static_assert(bide::gate<circuit_breaker>);
static_assert(!std::is_copy_constructible_v<circuit_breaker>);
static_assert(std::string_view{to_string(breaker_state::half_open)} == "half_open");

void make(const circuit_breaker::options& its) { static_cast<void>(circuit_breaker{its}); }

}  // namespace

TEST_CASE("circuit_breaker: rejects what has no meaning", "[gate][circuit_breaker][errors]") {
    CHECK_THROWS_WITH(make({.opens = failure_count{.failures = 0}}),
                      "bide::circuit_breaker: failures must be >= 1, got 0");
    CHECK_THROWS_WITH(
        make({.opens = failure_count{.failures = 3, .of_last = 2}}),
        "bide::circuit_breaker: of_last must be 0 or from failures to 1000000, got 2");
    CHECK_THROWS_WITH(make({.opens = failure_rate{.rate = 0}}),
                      "bide::circuit_breaker: rate must be > 0 and <= 1, got 0");
    CHECK_THROWS_WITH(make({.opens = failure_rate{.rate = 1.5}}),
                      "bide::circuit_breaker: rate must be > 0 and <= 1, got 1.5");
    CHECK_THROWS_AS(make({.opens = failure_rate{.rate = std::numeric_limits<double>::quiet_NaN()}}),
                    std::invalid_argument);
    CHECK_THROWS_WITH(make({.opens = failure_rate{.slow_rate = -1}}),
                      "bide::circuit_breaker: slow_rate must be > 0 and <= 1, got -1");
    CHECK_THROWS_WITH(make({.opens = failure_rate{.minimum = 0}}),
                      "bide::circuit_breaker: minimum must be >= 1, got 0");
    CHECK_THROWS_WITH(
        make({.opens = failure_rate{.of_last = 10}}),
        "bide::circuit_breaker: of_last must be 0 or from minimum to 1000000, got 10");
    CHECK_THROWS_WITH(make({.opens = failure_rate{.of_last = 1'000'001}}),
                      "bide::circuit_breaker: of_last must be 0 or from minimum to 1000000, got "
                      "1000001");
    CHECK_THROWS_WITH(make({.opens = failure_rate{.within = 0s}}),
                      "bide::circuit_breaker: within must be > 0, got 0s");
    CHECK_THROWS_WITH(make({.opens = failure_rate{.steps = 1001}}),
                      "bide::circuit_breaker: steps must be from 1 to 1000, got 1001");
    CHECK_THROWS_WITH(make({.opens = failure_rate{.slow_from = 0s}}),
                      "bide::circuit_breaker: slow_from must be > 0, got 0s");
    CHECK_THROWS_WITH(make({.longest_hint = -1s}),
                      "bide::circuit_breaker: longest_hint must be >= 0, got -1s");
    CHECK_THROWS_WITH(make({.probes = 0}), "bide::circuit_breaker: probes must be >= 1, got 0");
    CHECK_THROWS_WITH(make({.probes = 2, .failed_probes = 2}),
                      "bide::circuit_breaker: failed_probes must be < probes, got 2");
    CHECK_THROWS_WITH(make({.probe_patience = 0s}),
                      "bide::circuit_breaker: probe_patience must be > 0, got 0s");
    CHECK_NOTHROW(make({.opens = failure_rate{.rate = 1, .minimum = 5, .of_last = 5},
                        .longest_hint = 0s,
                        .probes = 2,
                        .failed_probes = 1}));
}

TEST_CASE("circuit_breaker: opens at five failures in a row", "[gate][circuit_breaker]") {
    world w;
    for (auto i = 0; i < 4; ++i) w.comes_to(fails, t0);
    CHECK(w.gate.counts(t0) == breaker_counts{4, 4, 0});
    CHECK_FALSE(w.gate.at_rest(t0));
    w.comes_to(works, t0);
    CHECK(w.gate.counts(t0) == breaker_counts{});
    CHECK(w.gate.at_rest(t0));
    for (auto i = 0; i < 4; ++i) w.comes_to(fails, t0);
    CHECK(w.gate.state(t0) == breaker_state::closed);
    CHECK(w.gate.open_until() == bide::never);
    w.comes_to(fails, t0);
    CHECK(w.gate.state(t0) == breaker_state::open);
    CHECK(w.gate.open_until() == t0 + 5s);
    CHECK_FALSE(w.gate.at_rest(t0));
    const auto answer = w.ask(w.callers.emplace_back(), t0 + 1s);
    CHECK(answer.says_refuse());
    CHECK(answer.until == t0 + 5s);
    CHECK(std::string{answer.reason} == "the circuit breaker is open");
    CHECK_FALSE(w.goes(t0 + 5s - 1ns));
    CHECK(w.gate.refused() == 2);
    CHECK(w.gate.opened() == 1);
    CHECK(w.gate.state(t0 + 5s) == breaker_state::half_open);
}

TEST_CASE("circuit_breaker: what a try says of the server", "[gate][circuit_breaker]") {
    enum class expected { works, fails, nothing };
    struct row {
        verdict v;
        certainty c;
        expected says;
    };
    const auto its = GENERATE(values<row>({
        {verdict::success, certainty::answered, expected::works},
        {verdict::permanent, certainty::answered, expected::works},
        {verdict::permanent, certainty::rejected, expected::works},
        {verdict::permanent, certainty::ambiguous, expected::nothing},
        {verdict::permanent, certainty::not_sent, expected::nothing},
        {verdict::throttled, certainty::rejected, expected::nothing},
        {verdict::overloaded, certainty::rejected, expected::fails},
        {verdict::overloaded, certainty::ambiguous, expected::fails},
        {verdict::transient, certainty::not_sent, expected::fails},
        {verdict::transient, certainty::ambiguous, expected::fails},
    }));
    CAPTURE(to_string(its.v), to_string(its.c));
    world w({.opens = failure_count{.failures = 2}});
    w.comes_to(fails, t0).comes_to({.verdict = its.v, .certainty = its.c}, t0);
    CHECK((w.gate.state(t0) == breaker_state::open) == (its.says == expected::fails));
    CHECK(w.gate.counts(t0).failures == (its.says == expected::nothing ? 1 : 0));

    world strict({.opens = failure_count{.failures = 1}, .counts_throttled = true});
    strict.comes_to({.verdict = its.v, .certainty = its.c}, t0);
    CHECK((strict.gate.state(t0) == breaker_state::open) ==
          (its.says == expected::fails || its.v == verdict::throttled));
}

TEST_CASE("circuit_breaker: windows of calls and of time", "[gate][circuit_breaker]") {
    SECTION("so many of the last") {
        world w({.opens = failure_count{.failures = 2, .of_last = 3}});
        w.comes_to(fails, t0).comes_to(works, t0).comes_to(works, t0).comes_to(fails, t0);
        CHECK(w.gate.counts(t0) == breaker_counts{3, 1, 0});
        CHECK(w.gate.state(t0) == breaker_state::closed);
        w.comes_to(works, t0).comes_to(fails, t0);
        CHECK(w.gate.state(t0) == breaker_state::open);
        CHECK(w.gate.counts(t0) == breaker_counts{});
    }
    SECTION("a share of the last") {
        world w({.opens = failure_rate{.rate = 0.6, .minimum = 5, .of_last = 5}});
        w.comes_to(fails, t0).comes_to(fails, t0).comes_to(fails, t0).comes_to(works, t0);
        CHECK(w.gate.state(t0) == breaker_state::closed);  // too few
        w.comes_to(works, t0);
        CHECK(w.gate.state(t0) == breaker_state::open);  // a success made it five
    }
    SECTION("a share of a time") {
        world w({.opens = failure_rate{.rate = 0.5, .minimum = 4, .within = 10s}});
        w.comes_to(fails, t0).comes_to(fails, t0 + 1s).comes_to(fails, t0 + 9s);
        CHECK(w.gate.counts(t0 + 10s - 1ns) == breaker_counts{3, 3, 0});
        CHECK(w.gate.counts(t0 + 10s) == breaker_counts{2, 2, 0});
        w.comes_to(fails, t0 + 10s);
        CHECK(w.gate.state(t0 + 10s) == breaker_state::closed);
        w.comes_to(works, t0 + 9s);  // a clock that is behind
        CHECK(w.gate.opened() == 1);
    }
    SECTION("slow ones, failed or not") {
        world w({.opens = failure_rate{
                     .minimum = 4, .within = 10s, .slow_from = 2s, .slow_rate = 0.75}});
        w.comes_to(works, t0, 2s).comes_to(works, t0, 2s - 1ns).comes_to(fails, t0, 3s);
        CHECK(w.gate.counts(t0) == breaker_counts{3, 1, 2});
        w.comes_to(works, t0, 2s);
        CHECK(w.gate.state(t0) == breaker_state::open);
        w.comes_to(works, t0 + 5s, 2s);  // a slow probe is none that succeeded
        CHECK(w.gate.open_until() == t0 + 15s);
    }
}

TEST_CASE("circuit_breaker: one probe goes first", "[gate][circuit_breaker][probe]") {
    world w;
    const auto now = w.opens(t0);
    REQUIRE(w.goes(now));
    auto& probe = w.callers.back();
    const auto answer = w.ask(w.callers.emplace_back(), now + 1s);
    CHECK(answer.says_refuse());
    CHECK(answer.until == now + 15s);
    CHECK(std::string{answer.reason} == "the circuit breaker waits for its probes");

    SECTION("its success closes, and all is forgotten") {
        w.finish(probe, works, now + 1s);
        CHECK(w.gate.state(now + 1s) == breaker_state::closed);
        CHECK(w.opens(now + 1s) == now + 6s);
    }
    SECTION("its failure opens for longer, up to a minute, until it closes") {
        w.finish(probe, fails, now + 1s);
        auto until = w.gate.open_until();
        CHECK(until == now + 11s);
        for (const auto more : {20s, 40s, 60s, 60s}) {
            w.comes_to(fails, until);
            CHECK(w.gate.open_until() == until + more);
            until = w.gate.open_until();
        }
        CHECK(w.gate.opened() == 6);
        w.comes_to(works, until);
        CHECK(w.opens(until) == until + 5s);
    }
    SECTION("one that says nothing, or is given back, is replaced") {
        w.finish(probe, says_nothing, now + 1s);
        REQUIRE(w.goes(now + 1s));
        auto& second = w.callers.back();
        CHECK_FALSE(w.goes(now + 1s));
        w.gate.give_back(second.place, now + 1s);
        CHECK(w.gate.state(now + 1s) == breaker_state::half_open);
        CHECK(w.goes(now + 1s));
        w.gate.give_back(second.place, now + 1s);  // twice is once
        CHECK_FALSE(w.goes(now + 1s));
    }
    SECTION("one that is lost is replaced in time, and not heard any more") {
        CHECK_FALSE(w.goes(now + 15s - 1ns));
        CHECK(w.goes(now + 15s));
        CHECK_FALSE(w.goes(now + 15s));
        w.finish(probe, works, now + 16s);
        CHECK(w.gate.state(now + 16s) == breaker_state::half_open);
        w.gate.give_back(probe.place, now + 16s);
        CHECK_FALSE(w.goes(now + 16s));
        CHECK(w.goes(now + 30s));
    }
}

TEST_CASE("circuit_breaker: several probes", "[gate][circuit_breaker][probe]") {
    const auto waits = GENERATE(false, true);
    world w({.probes = 3, .failed_probes = 1, .hears_all_probes = waits});
    const auto now = w.opens(t0);
    std::array<caller, 4> c;
    for (std::size_t i = 0; i < 3; ++i) CHECK(w.ask(c[i], now).says_go());
    CHECK_FALSE(w.ask(c[3], now).says_go());
    w.finish(c[0], works, now);
    CHECK_FALSE(w.ask(c[3], now).says_go());  // what is back still counts
    CHECK(w.gate.counts(now) == breaker_counts{1, 0, 0});
    SECTION("as many as needed succeed") {
        w.finish(c[1], works, now);
        CHECK((w.gate.state(now) == breaker_state::half_open) == waits);
        w.finish(c[2], fails, now);
        CHECK(w.gate.state(now) == breaker_state::closed);
        CHECK(w.gate.counts(now).failures == 0);  // a failure of a probe is none of the closed one
    }
    SECTION("more fail than may") {
        w.finish(c[1], fails, now);
        CHECK(w.gate.state(now) == breaker_state::half_open);
        w.finish(c[2], fails, now);
        CHECK(w.gate.state(now) == breaker_state::open);
    }
    SECTION("what was heard stays when the others are lost") {
        CHECK(w.ask(c[3], now + 15s).says_go());
        w.finish(c[3], works, now + 15s);
        CHECK((w.gate.state(now) == breaker_state::half_open) == waits);
        w.comes_to(works, now + 15s);
        CHECK(w.gate.state(now + 15s) == breaker_state::closed);
    }
}

TEST_CASE("circuit_breaker: the open time", "[gate][circuit_breaker]") {
    const failure_count first{.failures = 1};
    SECTION("a server's wait is the least") {
        world w({.opens = first});
        w.comes_to({.verdict = verdict::overloaded, .hint = duration{20s}}, t0);
        CHECK(w.gate.open_until() == t0 + 20s);
        w.comes_to({.verdict = verdict::overloaded, .hint = duration{3s}}, t0 + 20s);
        CHECK(w.gate.open_until() == t0 + 30s);
        w.comes_to({.verdict = verdict::overloaded, .hint = duration{24h}}, t0 + 30s);
        CHECK(w.gate.open_until() == t0 + 30s + 1h);
    }
    SECTION("a backoff that ends stays at its last") {
        world w({.opens = first, .open_for = bide::sequence(1s, 2s).then_stop()});
        for (const auto at : {0s, 1s, 3s, 5s}) w.comes_to(fails, t0 + at);
        CHECK(w.gate.open_until() == t0 + 7s);
    }
    SECTION("a spread one is drawn, the same for a seed") {
        const circuit_breaker::options its{.opens = first,
                                           .open_for = bide::constant(10s) | bide::full_jitter};
        world a(its), b(its);
        CHECK(a.comes_to(fails, t0).gate.open_until() == b.comes_to(fails, t0).gate.open_until());
        CHECK(a.gate.open_until() < t0 + 10s);
        CHECK(a.gate.open_until() > t0);
    }
}

TEST_CASE("circuit_breaker: late results are not heard", "[gate][circuit_breaker]") {
    world w;
    std::array<caller, 6> early;
    for (auto& c : early) REQUIRE(w.ask(c, t0).says_go());
    const auto now = w.opens(t0);
    w.finish(early[0], fails, t0 + 1s);
    CHECK(w.gate.open_until() == now);
    w.finish(early[1], works, now);
    CHECK(w.gate.state(now) == breaker_state::half_open);
    REQUIRE(w.goes(now));
    auto& probe = w.callers.back();
    w.finish(early[2], works, now);
    w.gate.give_back(early[3].place, now);
    CHECK_FALSE(w.goes(now));
    w.finish(probe, works, now);
    for (auto i = 0; i < 4; ++i) w.comes_to(fails, now);
    w.finish(early[4], works, now);
    w.finish(early[5], fails, now);
    CHECK(w.gate.counts(now) == breaker_counts{4, 4, 0});
}

TEST_CASE("circuit_breaker: by hand", "[gate][circuit_breaker]") {
    world w;
    REQUIRE(w.goes(t0));
    auto& slow = w.callers.back();
    w.gate.isolate(t0);
    const auto answer = w.ask(w.callers.emplace_back(), t0 + 24h);
    CHECK(answer.says_refuse());
    CHECK(answer.until == bide::never);
    CHECK(std::string{answer.reason} == "the circuit breaker is isolated");
    w.finish(slow, works, t0);
    CHECK(w.gate.state(t0 + 24h) == breaker_state::isolated);
    CHECK(w.gate.opened() == 0);
    w.gate.reset(t0);
    CHECK(w.gate.state(t0) == breaker_state::closed);
    CHECK(w.goes(t0));

    w.gate.trip(t0);
    CHECK(w.gate.open_until() == t0 + 5s);
    w.gate.probe(t0 + 1s);
    CHECK(w.goes(t0 + 1s));
    CHECK_FALSE(w.goes(t0 + 1s));
    w.gate.probe(t0 + 1s);  // anew
    CHECK(w.goes(t0 + 1s));
    w.gate.trip(t0 + 2s);
    CHECK(w.gate.open_until() == t0 + 12s);
    w.gate.reset(t0 + 2s);
    CHECK(w.opens(t0 + 2s) == t0 + 7s);
}

TEST_CASE("circuit_breaker: tells of each change, without a lock", "[gate][circuit_breaker]") {
    std::vector<breaker_change> seen;
    const circuit_breaker* its = nullptr;
    world w({.on_change = [&](const breaker_change& c) {
        CHECK(its->state(c.at) == c.to);
        seen.push_back(c);
        throw std::runtime_error{"is dropped"};
    }});
    its = &w.gate;
    const auto now = w.opens(t0);
    w.comes_to(works, now);
    w.gate.isolate(now);
    w.gate.isolate(now);
    w.gate.reset(now);
    std::string path;
    for (const auto& c : seen) path += std::string{to_string(c.from)} + ">" + to_string(c.to) + " ";
    CHECK(path == "closed>open open>half_open half_open>closed closed>isolated isolated>closed ");
    CHECK(seen[0].at == t0);
    CHECK(seen[0].until == now);
    CHECK(seen[0].because == breaker_counts{5, 5, 0});
    CHECK(seen[1].at == now);
    CHECK(seen[1].until == bide::never);
    CHECK(seen[2].because == breaker_counts{1, 0, 0});
    for (std::size_t i = 1; i < seen.size(); ++i)
        CHECK(seen[i].generation > seen[i - 1].generation);
}

TEST_CASE("circuit_breaker: operations that share it", "[gate][circuit_breaker]") {
    bide::virtual_clock clock;
    circuit_breaker gate({.opens = failure_count{.failures = 3}}, 7);
    const auto plan =
        bide::with(clock, gate, bide::policy(bide::constant(10ms), bide::max_attempts(7)));
    auto calls = 0;
    const auto broken = [&calls] {
        ++calls;
        throw std::runtime_error{"broken"};
    };
    CHECK(bide::retry(plan, broken).attempts() == 3);
    const auto next = bide::retry(plan, broken);
    CHECK(calls == 3);
    CHECK(next.attempts() == 0);
    CHECK(next.ended() == bide::end::refused);
    CHECK(next.retry_in().value_or(0s) == gate.open_until() - clock.now());
    CHECK(next.explain().find("the circuit breaker is open") != std::string::npos);
    clock.advance(5s);
    CHECK(bide::retry(plan, [] { return 7; }).value() == 7);
    CHECK(gate.state(clock.now()) == breaker_state::closed);
    gate.isolate(clock.now());
    const auto isolated = bide::retry(plan, [] { return 7; });
    CHECK(isolated.ended() == bide::end::refused);
    CHECK_FALSE(isolated.retry_in());
}

TEST_CASE("circuit_breaker: 64 threads", "[gate][circuit_breaker][threads]") {
    constexpr int probes = 3;
    circuit_breaker half_open({.probes = probes, .probe_patience = 24h});
    half_open.probe(t0);
    std::atomic<std::uint64_t> told = 0;
    circuit_breaker mixed({.opens = failure_rate{.rate = 0.3, .minimum = 5},
                           .open_for = bide::constant(300ns),
                           .probe_patience = 5us,
                           .on_change = [&](const breaker_change& c) {
                               told += c.to == breaker_state::open ? 1U : 0U;
                           }});
    std::atomic<int> out = 0;
    std::atomic<int> worst = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::int64_t> clock = 0;
    std::vector<std::thread> crowd;
    for (std::uint64_t i = 0; i < 64; ++i)
        crowd.emplace_back([&, i] {
            const auto now = [&] { return t0 + duration{clock.fetch_add(100)}; };
            for (std::uint64_t k = 0; k < 100; ++k) {
                caller c;
                if (half_open.ask(c.place, {}, now()).says_go()) {
                    const auto n = ++out;
                    for (auto w = worst.load(); n > w && !worst.compare_exchange_weak(w, n);) {
                    }
                    std::this_thread::yield();
                    --out;
                    if (k % 2 == 0)
                        half_open.give_back(c.place, now());
                    else
                        half_open.finish(c.place, {.found = says_nothing}, now());
                }
                caller d;
                if (!mixed.ask(d.place, {}, now()).says_go())
                    ++refused;
                else if ((i + k) % 7 == 0)
                    mixed.give_back(d.place, now());
                else if ((i + k) % 11 != 0)  // the rest is lost
                    mixed.finish(d.place, {.found = (i + k) % 3 == 0 ? fails : works}, now());
            }
        });
    for (auto& t : crowd) t.join();
    CHECK(worst <= probes);
    CHECK(worst > 0);
    CHECK(mixed.opened() == told);
    CHECK(mixed.opened() > 0);
    CHECK(mixed.refused() == refused);
    caller last;
    CHECK(mixed.ask(last.place, {}, t0 + 1h).says_go());
}
