// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/learner.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <vector>

using bide::pacing::answer;
using bide::pacing::learner;
using bide::pacing::round_trip;
using bide::pacing::sample;
using bide::pacing::slots;

namespace {

/// A learner that sends as soon as it may, one request at a time, 4 ms away.
struct feed {
    learner core;
    slots next;
    round_trip trip;
    double now = 0;

    explicit feed(double rate = 0) : core{rate > 0 ? rate : 20, rate > 0, true} { core.begin(0); }
    void answered(answer what, double retry_after = 0, double in_flight = 1) {
        now = std::max(now + 1e-6, next.opens_at());
        const auto sent = now;
        next.take(now, 1, core.rate(), core.burst());
        now += 0.004;
        trip.record(0.004);
        const sample s{.what = what,
                       .sent = sent,
                       .now = now,
                       .in_flight = in_flight,
                       .retry_after = retry_after};
        what == answer::accepted ? core.accepted(s, next, trip) : core.limited(s, next, trip);
    }
    /// A server with so many per window.
    void run_windows(double until, double limit, double window) {
        double began = -window;
        double used = 0;
        while (now < until) {
            const auto at = std::max(now, next.opens_at()) + 0.002;
            if (at >= began + window) {
                began = at;
                used = 0;
            }
            answered(used++ < limit ? answer::accepted : answer::limited);
        }
    }
};

}  // namespace

TEST_CASE("learner: finds the windows of a server that tells nothing", "[gate][pacing][learner]") {
    feed f;
    f.run_windows(20, 100, 1);
    CHECK(f.core.window() == 1);
    CHECK(f.core.knows_limit());
    CHECK(f.core.rate() == Approx(100).epsilon(0.02));
    CHECK(f.core.burst() == Approx(5).epsilon(0.02));
    f.run_windows(40, 50, 1);
    CHECK(f.core.rate() == Approx(50).epsilon(0.02));
    CHECK(f.core.window() == 1);
    f.core.restart(f.core.rate(), f.now);
    CHECK(f.core.window() == 0);
    CHECK(f.core.rate() == Approx(50).epsilon(0.02));
}

TEST_CASE("learner: after the first refusal it leaves room, in a block it waits longer and longer",
          "[gate][pacing][learner]") {
    feed f{100};
    for (int i = 0; i != 200; ++i) f.answered(answer::accepted);
    const auto before = f.next.next();
    f.answered(answer::limited);
    CHECK(f.next.next() - before == Approx(0.01).margin(0.011));
    double last = 0;
    for (int i = 0; i != 8; ++i) {
        f.answered(answer::limited);
        const auto wait = f.next.next() - f.now;
        CHECK(wait >= last * 0.99);
        last = wait;
    }
    CHECK(last > 0.05);
}

TEST_CASE("learner: in a limit of concurrency the number in flight is what is bounded",
          "[gate][pacing][learner]") {
    feed f{100};
    CHECK_FALSE(f.core.is_full(1000));
    for (int i = 0; i != 64; ++i) f.answered(answer::accepted, 0, 1 + i % 10);
    for (int i = 0; i != 12; ++i) {
        f.answered(answer::limited, 0, 11);
        f.answered(answer::accepted, 0, 5);
    }
    CHECK_FALSE(f.core.is_full(9));
    CHECK(f.core.is_full(10));
    CHECK(f.core.rate() > 1000);
    const auto rate = f.core.rate();
    f.answered(answer::limited, 0, 10);  // is no word about rates
    CHECK(f.core.rate() == rate);
    CHECK(f.core.is_full(9));
    f.answered(answer::limited, 0, 3);  // far below: the rates are limited after all
    CHECK_FALSE(f.core.is_full(1000));
    CHECK(f.core.rate() < 500);
}

TEST_CASE("learner: slow start has no more in flight than it has proof for",
          "[gate][pacing][learner]") {
    feed f;
    CHECK(f.core.is_full(20));
    CHECK_FALSE(f.core.is_full(19));
    for (int i = 0; i != 16; ++i) f.answered(answer::accepted);
    CHECK_FALSE(f.core.is_full(21));
    CHECK(f.core.is_full(22));
    CHECK(f.core.burst() == 1);
    f.answered(answer::limited);
    CHECK_FALSE(f.core.is_full(1000));
}

TEST_CASE("learner: a rate that is told ends slow start", "[gate][pacing][learner]") {
    feed f;
    f.core.told(70, {});
    CHECK(f.core.rate() == 70);
    CHECK_FALSE(f.core.is_full(1000));
}

TEST_CASE("learner: what nobody waited for is no measure of a limit", "[gate][pacing][learner]") {
    const auto plainly = GENERATE(false, true);
    CAPTURE(plainly);
    feed f{100};
    for (int i = 0; i != 360; ++i) {  // an hour of one request in ten seconds
        f.now += 10;
        const sample s{.sent = f.now, .now = f.now + 0.004, .paced = false};
        plainly ? f.core.accepted_plainly(1, f.now) : f.core.accepted(s, f.next, f.trip);
    }
    for (int i = 0; i != 200; ++i) f.answered(answer::accepted);
    const auto before = f.core.rate();
    f.answered(answer::limited);
    CHECK(f.core.rate() < before);
    CHECK(f.core.rate() > 0.97 * before);
}

TEST_CASE("learner: after slow start, what is on its way is waited for",
          "[gate][pacing][learner]") {
    feed f;
    for (int i = 0; i != 100; ++i) f.trip.record(0.2);
    f.answered(answer::limited);
    CHECK(f.next.next() == Approx(f.now + f.trip.mean()));
    CHECK(f.trip.mean() > 0.18);
}

TEST_CASE("learner: a limit that costs a wait in each window is left in growing steps",
          "[gate][pacing][learner]") {
    feed f{125};
    const auto window_of = [&](int accepted) {
        for (int i = 0; i != accepted; ++i) f.answered(answer::accepted);
        f.answered(answer::limited, 1);
        const auto rate = f.core.rate();
        f.next.close_until(f.now + 1);
        return rate;
    };
    for (int i = 0; i != 4; ++i) window_of(125);
    REQUIRE(f.core.window() > 0);
    REQUIRE(f.core.knows_limit());
    window_of(400);  // it has been quiet for long
    std::vector<double> cuts;
    for (auto before = f.core.rate(); cuts.size() != 6;) {
        const auto rate = window_of(110);
        cuts.push_back(1 - rate / before);
        before = rate;
    }
    CHECK(cuts[0] < 0.01);
    CHECK(cuts[2] > 1.9 * cuts[1]);
    CHECK(cuts[5] < 0.05);  // up to eight steps at once
}
