// SPDX-License-Identifier: MIT
#include <bide/gate/detail/breaker_core.hpp>

#include "support/catch.hpp"
#include "support/gate_schedule.hpp"

#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/gate/circuit_breaker.hpp>
#include <bide/gate/concurrency_limit.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>
#include <vector>

using bide::breaker_change;
using bide::breaker_state;
using bide::circuit_breaker;
using bide::finding;
using bide::ticket;
using bide::time_point;
using bide::verdict;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 400ms;

circuit_breaker::options settings(std::uint64_t seed) {
    circuit_breaker::options its;
    if (seed % 3 == 0)
        its.opens = circuit_breaker::failure_count{.failures = 2};
    else if (seed % 3 == 1)
        its.opens = circuit_breaker::failure_count{.failures = 2, .of_last = 4};
    else
        its.opens = circuit_breaker::failure_rate{.rate = 0.4, .minimum = 3, .within = 500ms};
    its.open_for = bide::exponential({.base = 50ms, .factor = 2, .cap = 400ms});
    its.probes = 1 + seed % 4;
    its.failed_probes = its.probes > 1 ? seed % 2 : 0;
    its.hears_all_probes = seed % 5 == 0;
    its.probe_patience = patience;
    return its;
}

/// Half-open once more, by sets: who is out, and how many came back with something to say.
struct watched_breaker {
    explicit watched_breaker(std::uint64_t seed) : its{settings(seed)}, gate{told(), seed} {
        view.ask = [this](ticket& t, const bide::gate_request& r, time_point now) {
            const auto before = gate.state(now);
            const auto until = gate.open_until();
            const auto answer = gate.ask(t, r, now);
            if (answer.says_go()) {
                early += before == breaker_state::open ? 1 : 0;
                if (before == breaker_state::half_open) went(t, now);
            } else {
                silent += answer.says_refuse() && answer.until > now && answer.reason ? 0 : 1;
                if (before == breaker_state::open) silent += answer.until == until ? 0 : 1;
            }
            return answer;
        };
        view.finish = [this](ticket& t, const bide::report& what, time_point now) {
            // Of some nobody hears again, and they are not given back either.
            if (random() % 8 == 0) {
                t.granted = false;
                return;
            }
            const auto is_probe = out.contains(&t) && t.generation == generation;
            gate.finish(t, what, now);
            out.erase(&t);
            if (is_probe && what.found.verdict != verdict::throttled) ++heard;
        };
        view.give_back = [this](ticket& t, time_point now) {
            if (t.granted) out.erase(&t);
            gate.give_back(t, now);
        };
    }

    circuit_breaker::options told() {
        auto with_ear = its;
        with_ear.on_change = [this](const breaker_change& c) {
            strange += c.from == c.to || c.from == breaker_state::isolated ? 1 : 0;
            strange += c.to == breaker_state::half_open && c.from != breaker_state::open ? 1 : 0;
            out.clear();
            heard = 0;
        };
        return with_ear;
    }

    void went(ticket& t, time_point now) {
        if (t.generation != generation) {
            // A new time of probes, or the old one without those that were given up.
            strange += !out.empty() && now < newest + patience ? 1 : 0;
            out.clear();
            generation = t.generation;
        }
        out.insert(&t);
        newest = now;
        most = std::max(most, out.size() + heard);
        too_many += out.size() + heard > its.probes ? 1 : 0;
    }

    circuit_breaker::options its;
    bide::splitmix64 random{99};
    std::set<const ticket*> out{};
    std::uint64_t heard = 0;
    std::uint64_t generation = 0;
    time_point newest{};
    std::size_t most = 0;
    int early = 0;
    int silent = 0;
    int strange = 0;
    int too_many = 0;
    circuit_breaker gate;
    support::gate_view view{gate};
};

bide::report any_result(bide::splitmix64& random) {
    constexpr finding fails{.verdict = verdict::transient};
    constexpr finding busy{.verdict = verdict::throttled};
    const auto n = random() % 8;
    if (n == 0) return {.found = busy};
    return {.found = n < 5 ? fails : bide::succeeded};
}

}  // namespace

// Random results, cancels, lost probes and late timers: nobody goes while it is open, probes are as
// many as they may be, and whatever happened it closes again as soon as the server works.
TEST_CASE("breaker_core: holds in random schedules", "[gate][circuit_breaker][property]") {
    std::set<std::size_t> most;
    std::uint64_t opened = 0;
    for (std::uint64_t seed = 1; seed <= support::schedules(200); ++seed) {
        CAPTURE(seed);
        watched_breaker w(seed);
        bide::concurrency_limit other({.in_flight = 3});
        std::vector<support::gate_view> gates{w.view};
        if (seed % 4 == 0) gates.insert(gates.begin() + (seed % 8 == 0 ? 1 : 0), other);
        support::gate_schedule schedule{gates,
                                        {.seed = seed,
                                         .operations = 60,
                                         .arrivals = 4s,
                                         .longest_try = 300ms,
                                         .retries = 60,
                                         .late = seed % 2 == 0 ? 2ms : 0ms,
                                         .comes_to = any_result}};
        const auto wrong = schedule.run();
        CAPTURE(wrong);
        REQUIRE(wrong.empty());
        REQUIRE(w.early == 0);
        REQUIRE(w.silent == 0);
        REQUIRE(w.strange == 0);
        REQUIRE(w.too_many == 0);
        REQUIRE(other.in_flight() == 0);
        if (w.most != 0) most.insert(w.most);
        opened += w.gate.opened();

        // Lost probes block nobody for longer than their time. What was heard before may open it
        // once more.
        auto now = schedule.over() + patience;
        for (std::uint64_t i = 0; i < 2 * w.its.probes + 3; ++i) {
            ticket t{[](void*) noexcept {}, nullptr};
            if (const auto answer = w.gate.ask(t, {}, now); !answer.says_go()) {
                REQUIRE(answer.until > now);
                now = answer.until;
                REQUIRE(w.gate.ask(t, {}, now).says_go());
            }
            w.gate.finish(t, {.found = bide::succeeded}, now);
        }
        REQUIRE(w.gate.state(now) == breaker_state::closed);
        w.gate.reset(now);
        REQUIRE(w.gate.counts(now) == bide::breaker_counts{});
    }
    CHECK(most == std::set<std::size_t>{1, 2, 3, 4});
    CHECK(opened > 200);
}
