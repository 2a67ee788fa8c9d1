// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/flight_cap.hpp>

#include "support/catch.hpp"

using bide::pacing::flight_cap;

namespace {

/// A server of ten at a time: refused are only those that find ten in flight before them.
void believe(flight_cap& cap) {
    for (int i = 0; i != 64; ++i) cap.accepted(1 + i % 10);
    for (int i = 0; i != 8; ++i) cap.refused(11);
}

}  // namespace

TEST_CASE("flight_cap: refusals only where many are in flight are a limit of concurrency",
          "[gate][pacing][flight_cap]") {
    flight_cap cap;
    for (int i = 0; i != 31; ++i) cap.accepted(1);
    for (int i = 0; i != 20; ++i) cap.refused(50);
    CHECK_FALSE(cap.believed());  // too little to compare with
    believe(cap);
    CHECK(cap.believed());
    CHECK(cap.cap() == 10);
}

TEST_CASE("flight_cap: refusals whatever is in flight are a limit of rates",
          "[gate][pacing][flight_cap]") {
    flight_cap cap;
    for (int i = 0; i != 64; ++i) cap.accepted(1 + i % 10);
    for (int i = 0; i != 400; ++i) cap.refused(1 + i % 10);
    CHECK_FALSE(cap.believed());
    flight_cap even;
    for (int i = 0; i != 64; ++i) even.accepted(5);
    for (int i = 0; i != 400; ++i) even.refused(5);
    CHECK_FALSE(even.believed());
    flight_cap few;
    for (int i = 0; i != 64; ++i) few.accepted(1);
    for (int i = 0; i != 400; ++i) few.refused(2);
    CHECK_FALSE(few.believed());  // two at a time is what any pace has now and then
}

TEST_CASE("flight_cap: where demand is high, many refusals near the top are the evidence",
          "[gate][pacing][flight_cap]") {
    flight_cap cap;
    for (int i = 0; i != 64; ++i) cap.accepted(i % 5 == 0 ? 11 : 9 + i % 2);
    int n = 0;
    for (; !cap.believed() && n != 100; ++n) cap.refused(11);  // a tenth of all, so not the top
    CHECK(cap.cap() == 10);
    CHECK(n > 10);
}

TEST_CASE("flight_cap: looks for more after ten caps of acceptances, and back at a refusal",
          "[gate][pacing][flight_cap]") {
    flight_cap cap;
    believe(cap);
    for (int i = 0; i != 99; ++i) cap.accepted(10);
    CHECK(cap.cap() == 10);
    cap.accepted(10);
    CHECK(cap.cap() == 11);
    cap.refused(11);
    CHECK(cap.cap() == 10);
    cap.refused(8);
    CHECK(cap.cap() == 7);
    CHECK(cap.believed());
    cap.refused(6);  // half of what it was: this is not about the number in flight
    CHECK_FALSE(cap.believed());
}
