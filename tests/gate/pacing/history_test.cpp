// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/history.hpp>

#include "support/catch.hpp"

using bide::pacing::history;

TEST_CASE("history: nothing yet", "[gate][pacing][history]") {
    const history h;
    CHECK(h.at(0) == 0);
    CHECK(h.at(5) == 0);
}

TEST_CASE("history: the near past to the request, the far past to a percent",
          "[gate][pacing][history]") {
    history h;
    for (int i = 0; i <= 200'000; ++i) h.record(i * 0.01, i);  // 100/s for 2000 s
    CHECK(h.at(3000) == 200'000);
    CHECK(h.at(2000) == 200'000);
    for (const auto age : {0.001, 0.01, 0.5, 0.9, 5.0, 50.0, 400.0, 1900.0}) {
        CAPTURE(age);
        CHECK(200'000 - h.at(2000 - age) == Approx(100 * age).epsilon(0.01).margin(1));
    }
}

TEST_CASE("history: a pause is seen", "[gate][pacing][history]") {
    history h;
    for (int i = 1; i <= 100; ++i) h.record(i * 0.01, i);
    h.record(1.5, 101);
    CHECK(h.at(1.0) == Approx(100).margin(4));
    CHECK(h.at(0.5) == Approx(50).margin(1));
    CHECK(h.at(1.25) == Approx(100).margin(4));
    CHECK(h.at(-1) == Approx(1));  // before its begin
}
