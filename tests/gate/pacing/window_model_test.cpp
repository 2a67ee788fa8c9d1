// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/window_model.hpp>

#include "support/catch.hpp"

#include <cmath>

using bide::pacing::answer;
using bide::pacing::block;
using bide::pacing::window_model;
using ending = window_model::ending;
using verdict = window_model::verdict;

namespace {

/// Sends at `pace` from `from` to `to`, all accepted.
struct feed {
    window_model model;
    double accepted = 0;

    feed() { model.first_sent(0, 0); }
    void send(double from, double to, double pace) {
        const auto n = static_cast<int>(std::lround((to - from) * pace));
        for (int i = 0; i != n; ++i) record(from + i / pace);
    }
    void record(double at) { model.record_accepted({.sent = at, .now = at}, accepted += 1); }
    /// A block that our polls found out to 10 ms.
    ending blocked(double from, double to, int episodes = 5) {
        return model.block_ended({from, to - 0.01, to, episodes}, accepted);
    }
    verdict refused(double sent) {
        return model.first_refusal({.what = answer::limited, .sent = sent, .now = sent}, accepted);
    }
};

}  // namespace

TEST_CASE("window_model: a long block is the rest of a window", "[gate][pacing][window_model]") {
    feed f;
    f.send(0, 0.3, 333);  // 100
    CHECK(f.blocked(0.3, 1.005) == ending::new_pace);
    CHECK(f.model.believed());
    CHECK(f.model.window() == 1);
    CHECK(f.model.limit() == 100);
    CHECK(f.model.pace() == Approx(99.5));
    CHECK_FALSE(f.model.is_confirmed());

    SECTION("the next refusal tells the limit exactly, if the edge is known well") {
        f.send(1.005, 1.955, 100);
        CHECK(f.refused(1.96) == verdict::exact);
        CHECK(f.model.is_confirmed());
        CHECK(f.model.limit() == 95);
    }
    SECTION("refused much earlier: it is no window") {
        f.send(1.005, 1.205, 100);
        CHECK(f.refused(1.21) == verdict::refuted);
        CHECK_FALSE(f.model.believed());
    }
    SECTION("an old edge: somewhat less than the pace of now") {
        f.send(1.005, 5.0, 100);
        CHECK(f.refused(5.0) == verdict::less);
        CHECK(f.model.cut(false) == 0.94);
        CHECK(f.model.cut(true) == 0.97);
        f.send(5.0, 9.0, 100);
        CHECK(f.refused(9.0) == verdict::less);
        CHECK(f.model.cut(false) == 0.985);
        CHECK(f.model.is_confirmed());
    }
}

TEST_CASE("window_model: the first request may take longer to get there",
          "[gate][pacing][window_model]") {
    feed f;
    f.model.record_accepted({.sent = 0, .now = 0.05}, f.accepted += 1);
    f.send(0.05, 0.3, 396);
    CHECK(f.blocked(0.3, 1.03) == ending::new_pace);  // open from 1.02 on, not from 1.0
    CHECK(f.model.window() == 1);
}

TEST_CASE("window_model: short blocks are a bucket's", "[gate][pacing][window_model]") {
    feed f;
    f.send(0, 0.5, 100);
    CHECK(f.blocked(0.5, 0.52) == ending::not_a_window);     // two tokens
    CHECK(f.blocked(0.52, 0.9, 2) == ending::not_a_window);  // asked but twice
    CHECK_FALSE(f.model.believed());
    feed quick;
    quick.send(0, 0.05, 200);
    CHECK(quick.blocked(0.05, 0.2) == ending::not_a_window);  // no window is so short
}

TEST_CASE("window_model: an old edge does not make the own pace the limit",
          "[gate][pacing][window_model]") {
    feed f;
    f.send(0, 0.3, 333);
    (void)f.blocked(0.3, 1.005);
    f.send(1.005, 1.96, 100);
    (void)f.refused(1.96);
    // Eight windows at 80/s, then at 125/s: the last window took 100 in 0.8 s.
    f.send(2, 10, 80);
    f.send(10, 10.8, 125);
    CHECK(f.blocked(10.8, 11) == ending::new_pace);
    CHECK(f.model.window() == 1);
    CHECK(f.model.limit() == Approx(97).margin(3));  // n over all windows would be 83
}

TEST_CASE("window_model: a partial first window is corrected by a whole one",
          "[gate][pacing][window_model]") {
    feed f;
    f.send(0, 0.2, 500);
    CHECK(f.blocked(0.2, 0.6) == ending::new_pace);
    CHECK(f.model.window() == Approx(0.6).epsilon(0.02));
    f.send(0.6, 1.2, 166.7);
    CHECK(f.blocked(1.2, 1.6) == ending::new_pace);
    CHECK(f.model.window() == 1);
    CHECK(f.model.limit() == 100);
}

TEST_CASE("window_model: a limit that halves is seen in one window",
          "[gate][pacing][window_model]") {
    feed f;
    f.send(0, 0.3, 333);
    (void)f.blocked(0.3, 1.005);
    f.send(1.005, 1.96, 100);
    (void)f.refused(1.96);
    f.send(2, 20.5, 100);
    CHECK(f.blocked(20.5, 21) == ending::new_pace);
    CHECK(f.model.window() == 1);
    CHECK(f.model.limit() == Approx(50).margin(2));
    CHECK_FALSE(f.model.is_confirmed());
}

TEST_CASE("window_model: a Retry-After pins the edge to a second", "[gate][pacing][window_model]") {
    feed f;
    f.send(0, 10, 60);
    block b{.begin = 10, .last_refused = 10, .end = 60.2, .episodes = 1, .told = true};
    b.told_until = 60;
    CHECK(f.model.block_ended(b, f.accepted) == ending::new_pace);
    CHECK(f.model.window() == 60);
    CHECK(f.model.limit() == 600);
}

TEST_CASE("window_model: growth while confirming is per window, not per request",
          "[gate][pacing][window_model]") {
    feed f;
    f.send(0, 0.3, 333);
    (void)f.blocked(0.3, 1.005);
    CHECK(f.model.confirming_growth(100, false) == Approx(0.001));
    CHECK(f.model.confirming_growth(100, true) == Approx(0.0003));
    (void)f.refused(5);
    CHECK(f.model.confirming_growth(100, false) == Approx(0.0002));
}
