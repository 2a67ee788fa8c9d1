// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/slots.hpp>

#include "support/catch.hpp"

using bide::pacing::slots;

TEST_CASE("slots: one after another, by cost", "[gate][pacing][slots]") {
    slots s;
    s.take(0, 1, 10, 1);
    CHECK(s.opens_at() == Approx(0.1));
    s.take(0.1, 5, 10, 1);
    CHECK(s.opens_at() == Approx(0.6));
    s.give_back(5, 10);
    CHECK(s.opens_at() == Approx(0.1));
}

TEST_CASE("slots: make up for lateness, but no more than the burst", "[gate][pacing][slots]") {
    slots s;
    s.take(1, 1, 10, 1);
    CHECK(s.opens_at() == Approx(1.0));  // one slot early: the one that was missed
    s.take(1, 1, 10, 1);
    CHECK(s.opens_at() == Approx(1.1));
    slots bursty;
    bursty.take(1, 1, 10, 4);
    CHECK(bursty.opens_at() == Approx(0.7));
    slots fast;
    fast.take(1, 1, 10'000, 1);
    CHECK(fast.opens_at() == Approx(1 - 0.002 + 0.0001));  // 2 ms worth at a high pace
}

TEST_CASE("slots: a closed gate is no lateness", "[gate][pacing][slots]") {
    slots s;
    s.take(0, 1, 10, 1);
    s.close_until(2);
    s.close_until(1);  // never moves back
    CHECK(s.opens_at() == 2);
    CHECK(s.closed_until() == 2);
    s.take(2, 1, 10, 4);
    CHECK(s.opens_at() == Approx(2.1));
}

TEST_CASE("slots: a new pace moves the next slot, never beyond its cost", "[gate][pacing][slots]") {
    slots s;
    s.take(10, 4, 1, 1);
    CHECK(s.opens_at() == Approx(13));
    s.repace(10, 100);
    CHECK(s.opens_at() == Approx(10.04));
    s.repace(10, 1);  // slower: what was booked stays
    CHECK(s.opens_at() == Approx(10.04));
    s.move_to(20);
    CHECK(s.next() == 20);
}
