// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/header_model.hpp>

#include "support/catch.hpp"

using bide::pacing::answer;
using bide::pacing::header_model;
using bide::pacing::round_trip;
using bide::pacing::sample;

namespace {

/// A server with a window of `window` seconds, seen through 1 ms of network.
struct feed {
    header_model model;
    round_trip trip;
    double limit = 100;
    double window = 1;
    double began = 0;
    double used = 0;

    feed() { trip.record(0.001); }
    void request(double at, double others = 0) {
        if (at >= began + window) {
            began = at;
            used = 0;
        }
        const auto good = used + 1 + others <= limit;
        used += 1 + others;
        const sample s{good ? answer::accepted : answer::limited, at, at + 0.001};
        model.record(s, {limit, limit > used ? limit - used : 0, 1, window}, trip, 0);
    }
    void run(double from, double to, double pace, double others = 0) {
        const auto n = static_cast<int>((to - from) * pace);
        for (int i = 0; i != n; ++i) request(from + i / pace, others);
    }
};

}  // namespace

TEST_CASE("header_model: the limit over the window, from the first response on",
          "[gate][pacing][header_model]") {
    feed f;
    CHECK_FALSE(f.model.sets_pace());
    f.request(0);
    CHECK(f.model.sets_pace());
    CHECK(f.model.rate() == Approx(100 * 0.995).epsilon(0.01));
    f.run(0.01, 5, 99);
    CHECK(f.model.others() == 0);
    f.limit = 50;  // followed at once
    f.request(5.01);
    CHECK(f.model.rate() == Approx(50 * 0.995).epsilon(0.01));
    CHECK(f.model.limit() == 50);
}

TEST_CASE("header_model: what others use is left to them", "[gate][pacing][header_model]") {
    feed f;
    f.run(0, 5, 45, 1);  // another client as fast as we are
    CHECK(f.model.others() == Approx(45).epsilon(0.1));
    CHECK(f.model.rate() == Approx(55).epsilon(0.1));
}

TEST_CASE("header_model: joined within a window, it makes do with what is left",
          "[gate][pacing][header_model]") {
    header_model m;
    round_trip trip;
    m.record({.sent = 0, .now = 0.1}, {.limit = 6000, .remaining = 30, .reset = 30, .window = 60},
             trip, 0);
    CHECK(m.rate() == Approx(1));
}

TEST_CASE("header_model: without a length, the longest reset is the window",
          "[gate][pacing][header_model]") {
    header_model m;
    round_trip trip;
    m.record({.sent = 0, .now = 0.1}, {.limit = 600, .remaining = 599, .reset = 60}, trip, 0);
    CHECK(m.window() == 60);
    CHECK(m.rate() == Approx(10 * 0.995));
    m.record({.sent = 1, .now = 1.1}, {.limit = 600, .remaining = 590, .reset = 59}, trip, 0);
    CHECK(m.window() == 60);
}

TEST_CASE("header_model: nothing left closes until the edge", "[gate][pacing][header_model]") {
    feed f;
    f.run(0, 2.5, 99);
    CHECK(f.model.closed_until() == 0);
    f.limit = f.used + 1;
    f.request(2.6);
    CHECK(f.model.closed_until() == Approx(f.began + 1).margin(0.02));
}

TEST_CASE("header_model: a refusal makes it more careful, up to a bound",
          "[gate][pacing][header_model]") {
    feed f;
    f.request(0);
    const auto before = f.model.rate();
    f.used = 200;
    f.request(0.1);
    const auto once = f.model.rate();
    f.request(0.1005);  // sent before the answer to the other: an echo
    CHECK(f.model.rate() == Approx(100 * (1 - 0.005 - 0.002)).epsilon(0.01));
    for (int i = 2; i != 90; ++i) f.request(0.01 * i + 0.1);
    f.request(0.999);
    CHECK(f.model.rate() < once);
    CHECK(f.model.rate() >= 100 * (1 - header_model::most_margin) * 0.995);
    CHECK(once <= before);
}

TEST_CASE("header_model: a limit of a day is used, not spread", "[gate][pacing][header_model]") {
    header_model m;
    round_trip trip;
    m.record({.sent = 0, .now = 0.1},
             {.limit = 5000, .remaining = 4000, .reset = 9000, .window = 86400}, trip, 10);
    CHECK_FALSE(m.sets_pace());
    CHECK(m.closed_until() == 0);
    m.record({.sent = 1, .now = 1.5},
             {.limit = 5000, .remaining = 10, .reset = 8999, .window = 86400}, trip,
             10);  // all that is left is on its way
    CHECK(m.closed_until() == Approx(9000.5));
}
