// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/gate_schedule.hpp"

#include <bide/gate/concurrency_limit.hpp>
#include <bide/gate/cubic_pacer.hpp>
#include <bide/gate/leaky_bucket.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/sliding_window.hpp>
#include <bide/gate/token_bucket.hpp>
#include <bide/quota.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

// Properties of the gates that hold whatever happens, on random schedules.

using bide::concurrency_limit;
using bide::cubic_pacer;
using bide::duration;
using bide::leaky_bucket;
using bide::quota_pacer;
using bide::sliding_window;
using bide::time_point;
using bide::token_bucket;
using support::gate_schedule;
using support::gate_view;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t in_every_run = 300;

/// A schedule of one of several tempers: quiet or crowded, exact or sloppy clocks, costs or not.
gate_schedule::options temper(std::uint64_t seed, std::uint64_t most_cost) {
    bide::splitmix64 random{seed * 31};
    gate_schedule::options how{.seed = seed};
    how.operations = 4 + random() % 16;
    how.arrivals = 1ms * (random() % 2000);
    how.most_cost = random() % 2 == 0 ? 1 : most_cost;
    how.cancels = random() % 40;
    how.give_backs = random() % 60;
    how.longest_try = random() % 4 == 0 ? duration{} : duration{300ms};
    how.deadlines = random() % 3 == 0 ? 30 : 0;
    how.late = random() % 2 == 0 ? duration{} : duration{3ms};
    how.skew = random() % 3 == 0 ? duration{20us} : duration{};
    return how;
}

/// The worst excess over `burst + rate * w / per` of any window, in units of 1 / per.
std::int64_t excess(const std::vector<gate_schedule::grant>& grants,
                    const token_bucket::options& its) {
    auto worst = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < grants.size(); ++i) {
        std::int64_t cost = 0;
        for (auto j = i; j < grants.size(); ++j) {
            cost += static_cast<std::int64_t>(grants[j].cost);
            const auto span = (grants[j].at - grants[i].at).count();
            worst = std::max(worst,
                             (cost - static_cast<std::int64_t>(its.burst)) * its.per.get().count() -
                                 static_cast<std::int64_t>(its.rate) * span);
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("schedules: a token bucket", "[gate][token_bucket][property]") {
    auto closest = std::numeric_limits<std::int64_t>::min();
    for (std::uint64_t seed = 1; seed <= support::schedules(in_every_run); ++seed) {
        CAPTURE(seed);
        const token_bucket::options its{.rate = 1 + seed % 13, .burst = 1 + seed % 5};
        token_bucket gate(its);
        auto how = temper(seed, its.burst);
        auto least = std::int64_t{0};
        auto most = std::int64_t{0};
        how.inspect = [&](time_point now) {
            const auto left = gate.available(now);
            if (gate.waiting() == 0) least = std::min(least, left);
            most = std::max(most, left);
        };
        gate_schedule schedule({gate}, how);
        REQUIRE(schedule.run() == "");
        const auto worst = excess(schedule.used(), its);
        REQUIRE(worst <= 0);
        closest = std::max(closest, worst);
        REQUIRE(least == 0);
        REQUIRE(most <= static_cast<std::int64_t>(its.burst));
        REQUIRE(gate.waiting() == 0);

        token_bucket fresh(its);
        const auto rest = schedule.over() + 1h;
        REQUIRE(gate.at_rest(rest));
        REQUIRE(support::probe(gate, rest, 12) == support::probe(fresh, rest, 12));
        REQUIRE(support::probe(gate, rest, 12) == support::probe(fresh, rest, 12));
    }
    CHECK(closest == 0);  // not only below the limit, but at it
}

TEST_CASE("schedules: a leaky bucket", "[gate][leaky_bucket][property]") {
    auto least = duration::max();
    for (std::uint64_t seed = 1; seed <= support::schedules(in_every_run); ++seed) {
        CAPTURE(seed);
        const std::uint64_t rate = 1 + seed % 13;
        leaky_bucket gate({.rate = rate});
        gate_schedule schedule({gate}, temper(seed, 4));
        REQUIRE(schedule.run() == "");
        const auto used = schedule.used();
        for (std::size_t i = 1; i < used.size(); ++i) {
            const auto apart = (used[i].at - used[i - 1].at) * static_cast<std::int64_t>(rate) -
                               duration{1s} * static_cast<std::int64_t>(used[i - 1].cost);
            REQUIRE(apart >= 0s);
            least = std::min(least, apart);
        }
        leaky_bucket fresh({.rate = rate});
        const auto rest = schedule.over() + 1h;
        REQUIRE(support::probe(gate, rest, 6) == support::probe(fresh, rest, 6));
    }
    CHECK(least == 0s);
}

TEST_CASE("schedules: a sliding window", "[gate][sliding_window][property]") {
    auto least = duration::max();
    for (std::uint64_t seed = 1; seed <= support::schedules(in_every_run); ++seed) {
        CAPTURE(seed);
        const sliding_window::options its{.limit = 1 + seed % 7, .window = 400ms};
        sliding_window gate(its);
        gate_schedule schedule({gate}, temper(seed, its.limit));
        REQUIRE(schedule.run() == "");
        const auto used = schedule.used();
        for (std::size_t i = 0; i < used.size(); ++i) {
            std::uint64_t cost = 0;
            for (auto j = i; j < used.size(); ++j) {
                cost += used[j].cost;
                if (cost <= its.limit) continue;
                const auto apart = used[j].at - used[i].at;
                REQUIRE(apart >= its.window.get());
                least = std::min(least, apart);
            }
        }
        sliding_window fresh(its);
        const auto rest = schedule.over() + 1h;
        REQUIRE(gate.at_rest(rest));
        REQUIRE(support::probe(gate, rest, 12) == support::probe(fresh, rest, 12));
    }
    CHECK(least == 400ms);
}

TEST_CASE("schedules: a concurrency limit", "[gate][concurrency_limit][property]") {
    std::uint64_t highest = 0;
    for (std::uint64_t seed = 1; seed <= support::schedules(in_every_run); ++seed) {
        CAPTURE(seed);
        const auto most = 1 + seed % 5;
        concurrency_limit gate({.in_flight = most});
        auto how = temper(seed, most);
        auto changes = bide::splitmix64{seed};
        auto allowed = most;
        auto before = std::uint64_t{0};
        auto grew = false;
        how.inspect = [&](time_point) {
            const auto now = gate.in_flight();
            grew = grew || (now > allowed && now > before);
            before = now;
            highest = std::max(highest, now);
            if (how.most_cost != 1 || changes() % 8 != 0) return;
            allowed = 1 + changes() % most;
            gate.set_in_flight(allowed);
        };
        gate_schedule schedule({gate}, how);
        REQUIRE(schedule.run() == "");
        REQUIRE_FALSE(grew);
        REQUIRE(gate.in_flight() == 0);
        REQUIRE(gate.at_rest(schedule.over()));

        gate.set_in_flight(most);
        concurrency_limit fresh({.in_flight = most});
        REQUIRE(support::probe(gate, schedule.over(), 8) ==
                support::probe(fresh, schedule.over(), 8));
    }
    CHECK(highest == 5);
}

TEST_CASE("schedules: pairs of gates", "[gate][property]") {
    for (std::uint64_t seed = 1; seed <= support::schedules(in_every_run); ++seed) {
        CAPTURE(seed);
        const token_bucket::options its{.rate = 20, .burst = 3};
        token_bucket bucket(its);
        leaky_bucket even({.rate = 30});
        sliding_window window({.limit = 4, .window = 200ms});
        concurrency_limit limit({.in_flight = 3});
        const std::vector<gate_view> all{bucket, even, window, limit};
        const auto first = seed % 4;
        const auto second = (first + 1 + seed / 4 % 3) % 4;
        CAPTURE(first, second);
        gate_schedule schedule({all[first], all[second]}, temper(seed, 3));
        REQUIRE(schedule.run() == "");
        if (first == 0 || second == 0) REQUIRE(excess(schedule.used(), its) <= 0);
        REQUIRE(bucket.waiting() + even.waiting() + window.waiting() + limit.waiting() == 0);
        REQUIRE(limit.in_flight() == 0);
        token_bucket fresh(its);
        const auto rest = schedule.over() + 1h;
        REQUIRE(support::probe(bucket, rest, 6) == support::probe(fresh, rest, 6));
    }
}

namespace {

/// What servers say to a pacer: mostly yes; at times to come back later; at times what is left.
struct server {
    static constexpr int moods = 4;

    explicit server(std::uint64_t seed) : mood{static_cast<int>(seed % moods)} {
        told.keep({.limit = 8, .remaining = 4, .reset = 1s, .window = 1s});
    }

    bide::report answer(bide::splitmix64& random) {
        bide::report what{.found = bide::succeeded};
        const auto drawn = random() % 100;
        if (mood == 0 || drawn >= 40) {
            if (mood == 3) what.told = &told;
            return what;
        }
        if (drawn >= 30) {
            what.found = {bide::verdict::transient, bide::certainty::ambiguous};
            return what;
        }
        what.found = {bide::verdict::throttled, bide::certainty::rejected};
        if (mood == 2) what.found.hint = hint = 1ms * (1 + random() % 300);
        return what;
    }

    int mood;  // 0: yes to all
    bide::quotas told{};
    std::optional<duration> hint{};  ///< That was just given.
};

/// How many may be in flight at a time, asked far apart; `most` if there is no limit.
template <class Gate>
std::size_t room(Gate& gate, time_point at, std::size_t most) {
    std::deque<bide::ticket> tickets;
    std::size_t n = 0;
    for (; n < most; ++n, at += 1s)
        if (!gate.ask(tickets.emplace_back([](void*) noexcept {}, nullptr), {}, at).says_go())
            break;
    for (auto& t : tickets) gate.give_back(t, at);
    return n;
}

/// `n` requests, one after the other, the last before the schedule begins.
template <class Gate>
void warm_up(Gate& gate, std::uint64_t n) {
    for (auto i = n; i > 0; --i) {
        const auto at = time_point{1h} - 500ms * static_cast<std::int64_t>(i);
        bide::ticket t{[](void*) noexcept {}, nullptr};
        REQUIRE(gate.ask(t, {}, at).says_go());
        gate.finish(t, {.found = bide::succeeded}, at + 100ms);
    }
}

/// Nobody starves or is left waiting, no permit is lost, and no one goes while a server's wait
/// lasts.
template <class Gate>
void check_pacer(std::uint64_t seed, Gate& gate, bool starts_slowly) {
    // After the first of them, acceptances that nobody waits for are but counted.
    const auto before = seed / 4 % 2 * 80;
    warm_up(gate, before);
    auto how = temper(seed, 3);
    how.skew = 0s;                                         // else waits end before they have begun
    how.arrivals = 1ms * (seed % 3 == 0 ? 30'000 : 2000);  // often nobody waits
    server says{seed};
    how.comes_to = [&](bide::splitmix64& random) { return says.answer(random); };
    std::vector<std::pair<time_point, time_point>> closed;
    how.inspect = [&](time_point now) {
        if (says.hint) closed.emplace_back(now, now + *says.hint);
        says.hint.reset();
    };
    gate_schedule schedule({gate}, how);
    REQUIRE(schedule.run() == "");
    REQUIRE(gate.waiting() == 0);
    for (const auto& g : schedule.used())
        for (const auto& [from, to] : closed) REQUIRE((g.at <= from || g.at >= to));
    if (!starts_slowly || says.mood != 0) return;
    // Twenty, and one more for each eight that were accepted: each was counted once.
    const auto rest = schedule.over() + 10s;
    const auto all = 20 + (before + schedule.finished + 7) / 8;
    REQUIRE(room(gate, rest, 100) == all);
    REQUIRE(room(gate, rest + 1min, 100) == all);
}

}  // namespace

TEST_CASE("schedules: pacers", "[gate][quota_pacer][cubic_pacer][property]") {
    for (std::uint64_t seed = 1; seed <= support::schedules(in_every_run); ++seed) {
        CAPTURE(seed);
        quota_pacer unknown;
        check_pacer(seed, unknown, true);
        quota_pacer told({.start_rate = 50, .utilisation = 0.7});
        check_pacer(seed, told, false);
        cubic_pacer cubic;
        check_pacer(seed, cubic, false);
    }
}
