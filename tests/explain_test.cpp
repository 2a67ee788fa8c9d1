// SPDX-License-Identifier: MIT
#include <bide/explain.hpp>
#include <bide/testing.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

using namespace std::chrono_literals;
using bide::at_least;
using bide::constant;
using bide::decorrelated_jitter;
using bide::duration;
using bide::equal_jitter;
using bide::explain;
using bide::explanation;
using bide::exponential;
using bide::full_jitter;
using bide::max_attempts;
using bide::max_elapsed;
using bide::policy;
using bide::proportional_jitter;
using bide::sequence;
using bide::when_throttled;

namespace {

using mean_delay = explanation::mean_delay;

std::vector<duration> greatest(const explanation& e) {
    std::vector<duration> all;
    for (const auto& r : e.retries) all.push_back(r.max);
    return all;
}

std::vector<duration> least(const explanation& e) {
    std::vector<duration> all;
    for (const auto& r : e.retries) all.push_back(r.min);
    return all;
}

using delays = std::vector<duration>;

/// A user's own limit: no retry after an overloaded answer, and at most `n` attempts.
struct patience {
    std::uint64_t n;
    [[nodiscard]] bide::end check(const bide::next_try& t) const noexcept {
        if (t.because != nullptr && t.because->verdict == bide::verdict::overloaded)
            return bide::end::refused;
        return t.number <= n ? bide::end::done : bide::end::exhausted;
    }
};

/// A user's own backoff: each delay depends on the one before, at both ends.
struct growing {
    [[nodiscard]] bide::band band_of(const bide::attempt& a) const noexcept {
        return {a.previous + 1s, 2 * a.previous + 3s};
    }
};

}  // namespace

TEST_CASE("explain: the default policy", "[core][explain]") {
    const auto e = explain(policy());
    CHECK(e.attempts == std::uint64_t{4});
    REQUIRE(e.retries.size() == 3);
    CHECK(e.retries[0].number == 1);
    CHECK(e.retries[2].number == 3);
    CHECK(least(e) == delays{0s, 0s, 0s});
    CHECK(greatest(e) == delays{500ms, 1s, 2s});
    CHECK(e.retries[1].mean == mean_delay{500ms});
    CHECK(e.retries[1].mean_is_exact);
    CHECK(e.delays_max == duration{3500ms});
    CHECK(e.time_limit == duration{30s});
    CHECK(e.total_max == duration{39s});  // a try that begins in second 29 and is cut off after 10
}

TEST_CASE("explain: min, mean and max come from the band", "[core][explain]") {
    constexpr auto shape = exponential({.base = 1s, .factor = 3, .cap = 5s});
    const auto plain = explain(policy(shape, max_attempts(4)));
    CHECK(least(plain) == delays{1s, 3s, 5s});
    CHECK(greatest(plain) == delays{1s, 3s, 5s});
    CHECK(plain.retries[1].mean == mean_delay{3s});

    const auto equal = explain(policy(shape | equal_jitter, max_attempts(2)));
    CHECK(least(equal) == delays{500ms});
    CHECK(equal.retries[0].mean == mean_delay{750ms});

    const auto near = explain(policy(shape | proportional_jitter(0.25), max_attempts(4)));
    CHECK(least(near) == delays{750ms, 2250ms, 3750ms});
    CHECK(greatest(near) == delays{1250ms, 3750ms, 5s});
    CHECK(near.retries[2].mean == mean_delay{4375ms});

    const auto floor = explain(policy(shape | full_jitter | at_least(100ms), max_attempts(2)));
    CHECK(least(floor) == delays{100ms});
    CHECK(floor.retries[0].mean == mean_delay{550ms});
}

TEST_CASE("explain: a mean is not rounded to nanoseconds", "[core][explain]") {
    const auto e = explain(policy(constant(3ns) | full_jitter, max_attempts(2)));
    CHECK(e.retries[0].mean == mean_delay{1.5});
}

TEST_CASE("explain: decorrelated jitter goes the least and the greatest way", "[core][explain]") {
    const auto p =
        policy(exponential({.base = 1s, .cap = 20s}) | decorrelated_jitter, max_attempts(5));
    const auto e = explain(p);
    CHECK(least(e) == delays{1s, 1s, 1s, 1s});
    CHECK(greatest(e) == delays{3s, 9s, 20s, 20s});
    CHECK(e.delays_max == duration{52s});

    CHECK(e.retries[0].mean_is_exact);
    CHECK(e.retries[0].mean == mean_delay{2s});
    CHECK_FALSE(e.retries[1].mean_is_exact);
    // (base + 3 * the mean before) / 2, as long as no delay reaches the cap.
    CHECK(e.retries[1].mean.count() == Catch::Approx(3.5e9).epsilon(0.02));
}

TEST_CASE("explain: a user's own backoff", "[core][explain]") {
    const auto e = explain(policy(growing{}, max_attempts(4)));
    CHECK(least(e) == delays{1s, 2s, 3s});
    CHECK(greatest(e) == delays{3s, 9s, 21s});
}

TEST_CASE("explain: a walk counts the attempts", "[core][explain]") {
    // 1 s and [1, 3] s, then 2 s and [1, 3 * what was waited]: 2 + (1 + 3 * 3) / 2 on the average.
    const auto p =
        policy(exponential({.base = 1s}) + (exponential({.base = 1s}) | decorrelated_jitter),
               max_attempts(3));
    CHECK(explain(p).retries[1].mean.count() == Catch::Approx(7e9).epsilon(0.02));
}

TEST_CASE("explain: samples are walks of a seed", "[core][explain]") {
    constexpr auto backoff = exponential({.base = 1s, .cap = 20s}) | decorrelated_jitter;
    const auto p = policy(backoff, max_attempts(4));
    const auto one = explain(p, {.samples = 1, .seed = 7});

    bide::splitmix64 g{7};
    bide::attempt failed{};
    for (std::size_t i = 0; i < 3; ++i, ++failed.number) {
        failed.previous = bide::delay_of(backoff, failed, g);
        if (i > 0) CHECK(one.retries[i].mean == mean_delay{failed.previous});
    }
    CHECK(one.retries[0].mean == mean_delay{2s});  // known without a walk

    CHECK(explain(p).retries[1].mean == explain(p, {.seed = 1}).retries[1].mean);
    CHECK(explain(p).retries[1].mean != explain(p, {.seed = 2}).retries[1].mean);
    CHECK(explain(p).retries[1].mean != explain(p, {.samples = 9'999}).retries[1].mean);
}

TEST_CASE("explain: a retry that cannot happen is not listed", "[core][explain][limit]") {
    CHECK(greatest(explain(policy(constant(1s), max_attempts(1)))).empty());
    CHECK(greatest(explain(policy(sequence(1s, 5s).then_stop(), max_attempts(9)))) ==
          delays{1s, 5s});

    // No try starts in the last second: 1 + 2 + 4 = 7 s fit, 8 s more do not.
    const auto timed = explain(policy(exponential({.base = 1s}), max_elapsed(16s)));
    CHECK(greatest(timed) == delays{1s, 2s, 4s, 8s});
    const auto tight = explain(policy(exponential({.base = 1s}), max_elapsed(15999ms)));
    CHECK(greatest(tight) == delays{1s, 2s, 4s});
    CHECK(tight.delays_max == duration{7s});

    // The least delays decide what can happen.
    const auto spread = explain(policy(exponential({.base = 1s}) | equal_jitter, max_elapsed(17s)));
    CHECK(greatest(spread) == delays{1s, 2s, 4s, 8s, 16s});
    CHECK(least(spread) == delays{500ms, 1s, 2s, 4s, 8s});
}

TEST_CASE("explain: attempts are those allowed by number", "[core][explain][limit]") {
    CHECK(explain(policy(constant(1s), max_attempts(1))).attempts == std::uint64_t{1});
    CHECK(explain(policy(constant(1s), max_attempts(123'456'789'012))).attempts ==
          std::uint64_t{123'456'789'012});
    CHECK(explain(policy(sequence(1s, 5s).then_stop(), max_attempts(9))).attempts ==
          std::uint64_t{3});
    CHECK(explain(policy(constant(10s), max_attempts(9) | max_elapsed(15s))).attempts ==
          std::uint64_t{9});  // of which time allows two
    CHECK_FALSE(explain(policy(constant(10s), max_elapsed(15s))).attempts);
    CHECK_FALSE(explain(policy(sequence(1s, 5s), max_elapsed(15s))).attempts);
    CHECK(explain(policy(constant(1s), patience{5})).attempts == std::uint64_t{5});

    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    CHECK_FALSE(explain(policy(constant(1s), max_attempts(most))).attempts);
    CHECK(explain(policy(constant(1s), max_attempts(most - 1))).attempts == most - 1);
}

TEST_CASE("explain: a list that is cut says so", "[core][explain]") {
    const auto e = explain(policy(constant(1s), max_attempts(30)));
    CHECK(e.retries.size() == 20);
    CHECK_FALSE(e.delays_max);
    CHECK_FALSE(e.total_max);

    const auto whole = explain(policy(constant(1s), max_attempts(30)), {.most_retries = 29});
    CHECK(whole.retries.size() == 29);
    CHECK(whole.delays_max == duration{29s});
    CHECK(whole.total_max == duration{29s + 300s});

    const auto none = explain(policy(constant(1s), max_attempts(2)), {.most_retries = 0});
    CHECK(none.retries.empty());
    CHECK_FALSE(none.delays_max);

    const auto endless = explain(policy(constant(0s), max_elapsed(16s)));
    CHECK(endless.retries.size() == 20);
    CHECK_FALSE(endless.delays_max);
    CHECK(endless.time_limit == duration{16s});
    CHECK(endless.total_max == duration{25s});
}

TEST_CASE("explain: the longest operation", "[core][explain]") {
    const auto total = [](auto limit, bool grace, bide::timespan try_timeout = 10s) {
        return explain(policy(constant(1s), limit, {.try_timeout = try_timeout, .grace = grace}))
            .total_max;
    };
    // Delays and timeouts, where they are less than what time allows.
    CHECK(total(max_attempts(3), true) == duration{32s});
    CHECK(total(max_attempts(3) | max_elapsed(60s), true) == duration{32s});
    CHECK(total(max_attempts(3) | max_elapsed(60s), false) == duration{32s});
    // A try that begins at the last instant, cut off by its timeout or, without grace, by the end.
    CHECK(total(max_attempts(3) | max_elapsed(20s), true) == duration{29s});
    CHECK(total(max_attempts(3) | max_elapsed(20s), false) == duration{20s});
    CHECK(total(max_attempts(99) | max_elapsed(20s), false, 300ms) == duration{19s + 300ms});
    CHECK_FALSE(total(max_attempts(99), false));
    CHECK(total(max_attempts(1), true) == duration{10s});
}

TEST_CASE("explain: a deadline is seen from the beginning", "[core][explain][limit]") {
    const bide::time_point noon{12h};
    const auto p = policy(constant(4s), bide::deadline(noon + 10s));
    const auto e = explain(p, {.start = bide::beginning{.steady = noon}});
    CHECK(e.retries.size() == 2);  // after 4 and 8 s; 12 s are too many
    CHECK_FALSE(e.attempts);
    CHECK(e.time_limit == duration{10s});
    CHECK(e.total_max == duration{19s});  // last start after 9 s, 10 s for that try

    const auto late = explain(p, {.start = bide::beginning{.steady = noon + 12s}});
    CHECK(late.attempts == std::uint64_t{0});
    CHECK(late.retries.empty());
    CHECK(late.delays_max == duration{0s});
    CHECK(late.time_limit == duration{0s});
    CHECK(late.total_max == duration{0s});

    const bide::wall_time wall{1000h};
    const auto by_wall = policy(constant(4s), bide::deadline(wall + 10s));
    const bide::beginning start{.steady = noon, .wall = wall};
    CHECK(explain(by_wall, {.start = start}).retries.size() == 2);

    // Without a beginning it is now: an hour ago was too late, in an hour there is time.
    const auto now = std::chrono::system_clock::now();
    CHECK(explain(policy(constant(4s), bide::deadline(now - 1h))).attempts == std::uint64_t{0});
    CHECK(explain(policy(constant(4s), bide::deadline(now + 1h))).retries.size() == 20);
}

TEST_CASE("explain: the verdict chooses the backoff", "[core][explain]") {
    const auto p = policy(constant(1s) | when_throttled(constant(9s)), max_attempts(3));
    CHECK(greatest(explain(p)) == delays{1s, 1s});
    CHECK(greatest(explain(p, {.because = bide::verdict::throttled})) == delays{9s, 9s});

    // A limit hears of it too.
    const auto own = policy(constant(1s), patience{3});
    CHECK(explain(own, {.because = bide::verdict::throttled}).retries.size() == 2);
    const auto refused = explain(own, {.because = bide::verdict::overloaded});
    CHECK(refused.retries.empty());
    CHECK(refused.attempts == std::uint64_t{1});
}

TEST_CASE("explain: walks see the verdict too", "[core][explain]") {
    const auto p = policy(
        constant(1ns) | when_throttled(exponential({.base = 1s, .cap = 20s}) | decorrelated_jitter),
        max_attempts(3));
    const auto e = explain(p, {.because = bide::verdict::throttled});
    CHECK(e.retries[1].mean.count() == Catch::Approx(3.5e9).epsilon(0.02));
}

TEST_CASE("explain: sums saturate", "[core][explain]") {
    const auto e = explain(policy(constant(std::chrono::hours::max()), max_attempts(4)));
    CHECK(greatest(e) == delays{duration::max(), duration::max(), duration::max()});
    CHECK(e.delays_max == duration::max());
    CHECK_FALSE(e.total_max);
    CHECK(e.retries[0].mean.count() == Catch::Approx(9.223372036854775807e18));
}

TEST_CASE("explain: no samples make no mean", "[core][explain][errors]") {
    CHECK_THROWS_WITH(explain(policy(), {.samples = 0}),
                      "bide::explain: samples must be >= 1, got 0");
    CHECK_THROWS_AS(explain(policy(), {.samples = 0}), std::invalid_argument);
}

TEST_CASE("explain: a policy and a record are told apart", "[core][explain]") {
    STATIC_REQUIRE(std::is_same_v<decltype(explain(policy())), explanation>);
    STATIC_REQUIRE(std::is_same_v<decltype(explain(bide::record{})), std::string>);
}

TEST_CASE("explain: what happens was foretold", "[core][explain]") {
    const auto hold = [](const auto& p) {
        const auto e = explain(p);
        std::size_t most = 0;
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            bide::virtual_clock clock{seed};
            const auto try_takes = seed % 3 == 0   ? duration{0}
                                   : seed % 3 == 1 ? p.options().try_timeout.get()
                                                   : duration{1700ms};
            const auto outcome = bide::retry(bide::with(clock, p), [&] {
                clock.advance(try_takes);
                throw std::runtime_error{"down"};
            });
            REQUIRE(clock.waits().size() <= e.retries.size());
            for (std::size_t i = 0; i < clock.waits().size(); ++i) {
                REQUIRE(clock.waits()[i] >= e.retries[i].min);
                REQUIRE(clock.waits()[i] <= e.retries[i].max);
            }
            REQUIRE(clock.elapsed() <= *e.total_max);
            most = std::max(most, clock.waits().size());
        }
        CHECK(most == e.retries.size());
    };
    hold(policy());
    hold(policy(exponential({.base = 2s}) | equal_jitter, max_attempts(7) | max_elapsed(20s)));
    hold(policy(exponential({.base = 1s}) | decorrelated_jitter, max_attempts(6)));
    hold(policy(sequence(1s, 2s, 3s).then_stop() | proportional_jitter(0.5), max_elapsed(60s)));
}
