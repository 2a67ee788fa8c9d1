// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/sample.hpp>

#include "support/catch.hpp"

using bide::pacing::round_trip;

TEST_CASE("round_trip: mean and deviation follow slowly", "[gate][pacing][sample]") {
    round_trip trip;
    CHECK(trip.mean() == 0);
    trip.record(0.1);
    CHECK(trip.mean() == Approx(0.1));
    CHECK(trip.deviation() == Approx(0.025));
    trip.record(0.26);
    CHECK(trip.mean() == Approx(0.11));
    CHECK(trip.deviation() == Approx(0.025 + (0.16 - 0.025) / 16));
    for (int i = 0; i != 500; ++i) trip.record(0.2);
    CHECK(trip.mean() == Approx(0.2));
    CHECK(trip.deviation() < 1e-4);
    trip.record(0.04);  // below the mean deviates as well
    CHECK(trip.mean() == Approx(0.19));
    CHECK(trip.deviation() == Approx(0.01).epsilon(0.01));
}
