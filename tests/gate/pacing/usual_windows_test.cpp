// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/usual_windows.hpp>

#include "support/catch.hpp"

#include <cmath>

using bide::pacing::usual_window_after;
using bide::pacing::usual_window_before;
using bide::pacing::usual_window_in;

TEST_CASE("usual_windows: the one in, before or after a time", "[gate][pacing][usual_windows]") {
    CHECK(usual_window_in(0.9, 1.1) == 1);
    CHECK(usual_window_in(1, 1) == 1);
    CHECK(usual_window_in(3, 9) == 5);
    CHECK(usual_window_in(6, 9) == 0);
    CHECK(usual_window_after(0) == 1);
    CHECK(usual_window_after(1) == 2);
    CHECK(usual_window_after(59) == 60);
    CHECK(std::isinf(usual_window_after(1e6)));
    CHECK(usual_window_before(0.9) == 0);
    CHECK(usual_window_before(1) == 1);
    CHECK(usual_window_before(59) == 30);
}
