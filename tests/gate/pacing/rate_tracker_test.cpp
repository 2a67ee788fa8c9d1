// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/rate_tracker.hpp>

#include "support/catch.hpp"

using bide::pacing::answer;
using bide::pacing::rate_tracker;
using bide::pacing::sample;

namespace {

sample limited(double sent) { return {answer::limited, sent, sent + 0.01}; }

}  // namespace

TEST_CASE("rate_tracker: slow start doubles once per round and round trip",
          "[gate][pacing][rate_tracker]") {
    rate_tracker t{20, false};
    t.first_sent(0);
    CHECK(t.is_starting());
    CHECK_FALSE(t.grow_in_start({.sent = 0, .now = 0.01}));  // the round is not over
    CHECK_FALSE(t.grow_in_start({.sent = 0, .now = 0.05, .paced = false}));  // nobody waited
    CHECK(t.rate() == 20);
    CHECK(t.grow_in_start({.sent = 0, .now = 0.05}));
    CHECK(t.rate() == 40);
    CHECK_FALSE(t.grow_in_start({.sent = 0.04, .now = 0.2}));  // of the round before
    CHECK(t.grow_in_start({.sent = 0.05, .now = 0.2}));
    CHECK(t.rate() == 80);
    auto far = t;
    t.end_start(limited(0.3));
    CHECK_FALSE(t.is_starting());
    CHECK(t.rate() == 40);  // half of the pace that was refused
    CHECK(t.rate_before() == 80);
    far.end_start(limited(0.19));  // sent before the pace was doubled for the last time
    CHECK(far.rate() == 20);
    CHECK_FALSE(rate_tracker(100, true).is_starting());
    CHECK(rate_tracker(0, true).rate() == rate_tracker::least_rate);
}

TEST_CASE("rate_tracker: between two refusals the accepted rate is the limit",
          "[gate][pacing][rate_tracker]") {
    rate_tracker t{150, true};
    t.first_sent(0);
    t.count(10, 10);
    t.isolated(limited(0), 0, true, 1);
    CHECK_FALSE(t.is_settled());
    t.count(200, 200);
    CHECK(t.is_quiet());
    t.isolated(limited(2), 0, true, 1);  // 200 in 2 s
    CHECK(t.rate() == Approx(100));
    CHECK(t.is_settled());
    CHECK_FALSE(t.is_quiet());

    SECTION("a run of refusals contradicts the old rate within a few messages") {
        t.count(5, 5);
        t.in_a_run(limited(2.1), 1, true);
        CHECK(t.rate() == Approx(60));
        CHECK(t.learnt() == 20);  // steps are large again
        CHECK(t.run() == 2);
        t.in_a_run(limited(2.2), 1, false);  // a window explains it
        CHECK(t.rate() == Approx(60));
        t.in_a_run(limited(2.0), 1, true);  // no time has passed since the anchor
        CHECK(t.rate() == Approx(60));
    }
    SECTION("an estimate never raises the rate") {
        t.count(1000, 1000);
        t.isolated(limited(3), 0, true, 1);
        CHECK(t.rate() < 100);
        CHECK(t.rate() > 99);
    }
}

TEST_CASE("rate_tracker: in equilibrium the budget is refused", "[gate][pacing][rate_tracker]") {
    rate_tracker t{100, true};
    t.set_learnt(1e6);
    // A limiter that refuses each time the pace has passed 100.
    int refused = 0;
    constexpr int n = 20'000;
    for (int i = 0; i != n; ++i) {
        const auto now = i * 0.01;
        t.count(1, 1);
        if (t.rate() > 100 && t.is_quiet()) {
            ++refused;
            t.isolated(limited(now), 1e9, true, 1);
        } else {
            t.grow(1, 0);
        }
    }
    CHECK(t.rate() == Approx(100).epsilon(0.006));
    CHECK(refused == Approx(n * rate_tracker::budget).epsilon(0.1));
}

TEST_CASE("rate_tracker: dear refusals and a lower budget make it careful",
          "[gate][pacing][rate_tracker]") {
    rate_tracker plain{100, true};
    rate_tracker dear{100, true};
    rate_tracker bound{100, true};
    for (int i = 0; i != 100; ++i) {
        for (auto* t : {&plain, &dear, &bound}) t->count(1, 1);
        plain.grow(1, 0);
        dear.grow(1, 9);
        bound.grow(0.0005, 0);
    }
    CHECK(plain.rate() > 100);
    CHECK(dear.rate() - 100 == Approx((plain.rate() - 100) / 10).epsilon(0.05));
    CHECK(bound.rate() < dear.rate());
    CHECK(bound.rate() > 100);
}

TEST_CASE("rate_tracker: after a long quiet it looks for a limit that rose",
          "[gate][pacing][rate_tracker]") {
    rate_tracker t{100, true};
    t.set_learnt(1e6);
    int n = 0;
    for (; t.rate() < 200; ++n) {
        t.count(1, 1);
        t.grow(1, 0);
        REQUIRE(n < 3000);
    }
    CHECK(n > 500);
    const auto before = t.rate();
    t.count(1, 1);
    t.grow(1, 0);
    CHECK(t.rate() <= before * 1.02 + 1e-9);  // but never faster than that
    t.isolated(limited(n), 1e9, true, 1);
    CHECK(t.learnt() > 1e6);
    t.grow_by(3);
    t.isolated(limited(n + 1), 1e9, true, 1);  // far above the last: learn anew
    CHECK(t.learnt() == 0);
}

TEST_CASE("rate_tracker: quickly back to the pace that was refused, and no further",
          "[gate][pacing][rate_tracker]") {
    rate_tracker t{100, true};
    t.count(10, 10);
    t.isolated(limited(0.1), 1e9, true, 1);
    const auto known = t.rate();
    t.in_a_run(limited(0.2), 4, true);
    CHECK(t.rate() == Approx(40));
    int n = 0;
    for (; t.rate() < 0.96 * known; ++n) {
        t.count(1, 1);
        t.grow(1, 0);
        REQUIRE(n < 200);
    }
    CHECK(n > 50);  // a percent each
    for (int i = 0; i != 5; ++i) t.grow(1, 0);
    CHECK(t.rate() < known);
    t.adopt(30);  // another layer knows better: that is the known pace now
    t.grow(1, 0);
    CHECK(t.rate() < 30.1);
}

TEST_CASE("rate_tracker: never slower than its floor, and a restart keeps the count",
          "[gate][pacing][rate_tracker]") {
    rate_tracker t{1, true};
    t.count(7, 7);
    t.adopt(0);
    CHECK(t.rate() == rate_tracker::least_rate);
    t.raise_to(5);
    t.raise_to(3);
    CHECK(t.rate() == 5);
    t.restart(50, 100);
    CHECK(t.rate() == 50);
    CHECK(t.accepted() == 7);
    CHECK_FALSE(t.is_starting());
    t.count(60, 60);
    t.isolated(limited(101), 0, true, 1);
    CHECK(t.rate() == Approx(50).epsilon(0.01));  // counted from the restart
}

TEST_CASE("rate_tracker: what slow start took beyond the rate is the burst",
          "[gate][pacing][rate_tracker]") {
    rate_tracker t{100, false};
    t.first_sent(1);
    t.count(70, 70);
    t.end_start(limited(1.5));
    t.adopt(100);
    CHECK(t.burst() == Approx(20));
}
