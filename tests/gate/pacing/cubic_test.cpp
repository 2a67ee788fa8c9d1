// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/cubic.hpp>

#include "support/catch.hpp"

#include <cmath>

using bide::pacing::answer;
using bide::pacing::cubic_curve;
using bide::pacing::cubic_limiter;
using bide::pacing::rate_clock;

TEST_CASE("cubic_curve: back to the refused rate after k, then past it", "[gate][pacing][cubic]") {
    cubic_curve curve;
    CHECK(curve.throttled(10, 5) == Approx(7));
    CHECK(curve.succeeded(5) == Approx(7));  // it begins where the cut left off
    CHECK(curve.k() == Approx(1.95743));
    CHECK(curve.succeeded(5 + curve.k()) == Approx(10));
    CHECK(curve.succeeded(6) < 10);
    CHECK(curve.succeeded(9) > 13);
}

TEST_CASE("cubic_limiter: holds nothing back before the first throttled answer",
          "[gate][pacing][cubic]") {
    cubic_limiter its;
    CHECK(std::isinf(its.rate()));
    for (int i = 0; i != 100; ++i) CHECK(its.may_go(0, 1000));
    its.record({answer::accepted, 0, 1}, nullptr);
    CHECK(std::isinf(its.rate()));
    its.record({answer::limited, 1, 2}, nullptr);
    CHECK(its.rate() >= cubic_limiter::least_rate);
    CHECK_FALSE(its.may_go(2, 1));
    CHECK(its.opens_at(0, 1) == Approx(2 + 1 / its.rate()));
    CHECK(its.opens_at(2, 1) == Approx(2 + 3 / its.rate()));
    (void)its.take(4, 1);
    const auto opens = its.opens_at(0, 1);
    (void)its.take(4, 1);
    its.give_back(1);
    CHECK(its.opens_at(0, 1) == Approx(opens));
    CHECK(std::isfinite(its.opens_at(0, 1e6)));  // more than it holds: a debt
}

TEST_CASE("cubic_limiter: a server's wait closes", "[gate][pacing][cubic]") {
    cubic_limiter its;
    its.record({.what = answer::limited, .sent = 0, .now = 1, .retry_after = 30}, nullptr);
    CHECK(its.closed_until() == 31);
    CHECK(its.opens_at(0, 1) == 31);
    CHECK_FALSE(its.may_go(30.9, 1));
    CHECK(its.may_go(31, 1));
}

TEST_CASE("rate_clock: half seconds, smoothed", "[gate][pacing][cubic]") {
    rate_clock clock;
    for (const auto t : {0.1, 0.2, 0.3, 0.4, 0.49}) CHECK(clock.record(t) == 0);
    CHECK(clock.record(0.5) == Approx(9.6));
    CHECK(clock.record(1.0) == Approx(0.8 * 2 + 0.2 * 9.6));
    CHECK(clock.measured() == Approx(3.52));
}
