// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/crowd.hpp"

#include <bide/bide.hpp>
#include <bide/limit/concurrent_retries.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/limit/retry_quota.hpp>
#include <bide/limit/retry_throttle.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

// What retries do to a server in trouble, with a budget and without: clients that each begin an
// operation a second, on a virtual time line. `BIDE_CLIENTS=1000` prints the whole table.

namespace {

using bide::duration;
using bide::time_point;
using bide::with;
using namespace std::chrono_literals;

constexpr time_point start{1000s};
constexpr auto rules = bide::policy(
    bide::exponential({.base = 100ms, .cap = 2s}) | bide::full_jitter, bide::max_attempts(4));
constexpr bide::finding overloaded{.verdict = bide::verdict::overloaded};
constexpr bide::finding throttled{.verdict = bide::verdict::throttled};
constexpr bide::finding timed_out{.verdict = bide::verdict::transient,
                                  .certainty = bide::certainty::ambiguous};

std::uint64_t clients() {
    const char* said = std::getenv("BIDE_CLIENTS");
    return said == nullptr ? 100 : std::strtoull(said, nullptr, 10);
}
bool prints() { return std::getenv("BIDE_CLIENTS") != nullptr; }

struct load {
    double tries;    ///< Per operation.
    double success;  ///< Of the operations.
};

void print(std::uint64_t percent, const char* how, const load& l) {
    if (prints())
        std::printf("%3d %% fail, %-20s %.2f tries, %5.1f %% succeed\n", static_cast<int>(percent),
                    how, l.tries, 100 * l.success);
}

template <class Crowd>
void arrive(Crowd& all, duration during) {
    const auto operations = clients() * static_cast<std::uint64_t>(during / 1s);
    for (std::uint64_t i = 0; i < operations; ++i)
        all.begin(start +
                  during / static_cast<std::int64_t>(operations) * static_cast<std::int64_t>(i));
}

/// A server that fails `percent` of all tries.
template <class Plan>
load under_failures(const Plan& plan, std::uint64_t percent, duration lasts,
                    const bide::finding& failure = overloaded) {
    bide::splitmix64 dice{percent + 1};
    support::crowd all{plan,
                       [&](time_point now) -> support::served {
                           return {dice() % 100 < percent ? failure : bide::succeeded, now + 50ms};
                       },
                       7};
    arrive(all, lasts);
    all.run();
    const auto operations = static_cast<double>(all.fates.size());
    const auto good = std::count_if(all.fates.begin(), all.fates.end(),
                                    [](const auto& f) { return f.succeeded; });
    return {static_cast<double>(all.tries) / operations, static_cast<double>(good) / operations};
}

/// A server that can do twice what is asked of it, in order, and stands still for ten seconds; who
/// waits for a second goes away, but the work stays in its queue. How long it takes after that
/// until 99 of 100 operations succeed again; the longest duration if they do not within 40 s.
template <class Plan>
duration recovery(const Plan& plan) {
    constexpr auto stands = start + 10s;
    constexpr auto goes_on = stands + 10s;
    const auto work = duration{1s} / static_cast<std::int64_t>(2 * clients());
    time_point busy_until{};
    support::crowd all{plan,
                       [&](time_point now) -> support::served {
                           auto begins = (std::max)(now, busy_until);
                           if (begins >= stands && begins < goes_on) begins = goes_on;
                           busy_until = begins + work;
                           if (busy_until - now > 1s) return {timed_out, now + 1s};
                           return {bide::succeeded, busy_until};
                       },
                       7};
    arrive(all, 60s);
    all.run();
    std::vector<std::uint64_t> lost(60);
    for (const auto& f : all.fates)
        lost.at(static_cast<std::size_t>((f.start - start) / 1s)) += f.succeeded ? 0 : 1;
    const auto well = [&](std::uint64_t n) { return 100 * n <= clients(); };
    auto second = lost.size();
    while (second > 0 && well(lost[second - 1])) --second;
    if (second == lost.size()) return duration::max();
    return start + std::chrono::seconds{second} - goes_on;
}

double in_seconds(duration d) { return std::chrono::duration<double>{d}.count(); }

}  // namespace

TEST_CASE("retry_budget: a failing server gets a fifth more, not four times as much",
          "[limit][retry_budget][amplification]") {
    constexpr auto lasts = 20s;
    const auto reserve = 10.0 * 30 / (20.0 * static_cast<double>(clients()));
    for (const std::uint64_t percent : {1U, 10U, 20U, 50U, 100U}) {
        bide::retry_budget budget;
        const auto without = under_failures(rules, percent, lasts);
        const auto bounded = under_failures(with(budget, rules), percent, lasts);
        CAPTURE(percent, without.tries, bounded.tries, without.success, bounded.success);
        CHECK(bounded.tries <= 1.2 + reserve);
        if (percent <= 10) CHECK(bounded.success > without.success - 0.002);
        print(percent, "no budget", without);
        print(percent, "retry_budget", bounded);
        if (percent < 100 && !prints()) continue;

        bide::retry_quota quota{bide::retry_quota::aws_2_1()};
        bide::retry_throttle throttle;
        bide::concurrent_retries concurrent;
        const auto by_quota = under_failures(with(quota, rules), percent, lasts);
        const auto by_throttle = under_failures(with(throttle, rules), percent, lasts);
        const auto by_concurrency = under_failures(with(concurrent, rules), percent, lasts);
        print(percent, "retry_quota", by_quota);
        print(percent, "retry_throttle", by_throttle);
        print(percent, "concurrent_retries", by_concurrency);
        if (percent < 100) continue;
        CHECK(without.tries == 4);
        CHECK(bounded.tries > 1.15);

        // What curl::pool applies unless it is told otherwise.
        bide::retry_budget for_http{bide::retry_budget::for_http()};
        const auto by_default = under_failures(with(for_http, rules), percent, lasts);
        const auto at_limit = under_failures(with(for_http, rules), percent, lasts, throttled);
        print(percent, "for_http", by_default);
        print(percent, "for_http, throttled", at_limit);
        CHECK(by_default.tries > 1.15);
        CHECK(by_default.tries <= 1.2 + reserve);
        CHECK(at_limit.tries == 4);
        CHECK(by_quota.tries < 1.2);
        CHECK(by_throttle.tries < 1.2);
        CHECK(by_concurrency.tries < 1.2);
    }
}

TEST_CASE("retry_budget: after an outage the server comes back",
          "[limit][retry_budget][amplification]") {
    bide::retry_budget budget;
    const auto without = recovery(rules);
    const auto with_budget = recovery(with(budget, rules));
    if (prints())
        std::printf("recovery: without %s%.1f s, with %.1f s\n",
                    without == duration::max() ? "not within 40, " : "",
                    without == duration::max() ? 0.0 : in_seconds(without),
                    in_seconds(with_budget));
    CAPTURE(in_seconds(without), in_seconds(with_budget));
    CHECK(without == duration::max());
    CHECK(with_budget <= 30s);
    CHECK(with_budget > 0s);
}
