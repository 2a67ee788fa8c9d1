// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/pacer.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cmath>

using bide::quotas;
using bide::pacing::answer;
using bide::pacing::pacer;
using namespace std::chrono_literals;

namespace {

/// A pacer and a network of 10 ms.
struct feed {
    pacer core;
    double now = 0;

    explicit feed(double rate = 0, double utilisation = 1) : core{rate, utilisation} {}

    double send(double cost = 1) {
        now = std::max(now, core.opens_at(0, 1));
        REQUIRE(core.may_go(now, 1));
        core.take(now, cost);
        return now;
    }
    void answered(double sent, answer what, double retry_after = 0, const quotas* told = nullptr,
                  bool paced = true, double cost = 1) {
        now = std::max(now, sent + 0.01);
        core.record({what, sent, now, cost, paced, 1, retry_after}, told);
    }
    void exchange(int n, answer what = answer::accepted, bool paced = true) {
        for (int i = 0; i != n; ++i) answered(send(), what, 0, nullptr, paced);
    }
};

quotas told(std::int64_t limit, std::int64_t remaining, std::chrono::milliseconds window) {
    quotas all;
    all.keep({.limit = limit, .remaining = remaining, .reset = window, .window = window});
    return all;
}

}  // namespace

TEST_CASE("pacer: other failures say nothing", "[gate][pacing][pacer]") {
    feed f{100};
    f.exchange(50);
    const auto a = f.send();
    const auto rate = f.core.rate();
    const auto opens = f.core.opens_at(0, 1);
    f.answered(a, answer::other, 60);  // not even a wait: it is about something else
    CHECK(f.core.rate() == rate);
    CHECK(f.core.opens_at(0, 1) == opens);
    CHECK(f.core.closed_until() == 0);
}

TEST_CASE("pacer: what nobody waited for raises no pace", "[gate][pacing][pacer]") {
    feed f{100};
    f.exchange(500, answer::accepted, false);
    CHECK(f.core.rate() == 100);
    f.exchange(500);
    CHECK(f.core.rate() > 100);
    feed starting;
    starting.exchange(20, answer::accepted, false);
    CHECK(starting.core.rate() == pacer::unknown_start);
}

TEST_CASE("pacer: one cut per round trip", "[gate][pacing][pacer]") {
    feed f{1000};
    f.exchange(400);
    double sent[5];
    for (auto& s : sent) s = f.send();
    f.answered(sent[0], answer::limited);
    const auto once = f.core.rate();
    CHECK(once < 1000 * 1.1);
    for (int i = 1; i != 5; ++i) f.answered(sent[i], answer::limited);
    CHECK(f.core.rate() == once);
}

TEST_CASE("pacer: a server's wait closes for all", "[gate][pacing][pacer]") {
    feed f{100};
    const auto a = f.send();
    const auto b = f.send();
    f.answered(a, answer::limited, 2);
    const auto closed = f.core.closed_until();
    CHECK(closed == Approx(f.now + 2));
    f.answered(b, answer::limited, 1);  // shorter: the longer one holds
    CHECK(f.core.closed_until() == closed);
    CHECK_FALSE(f.core.may_go(closed - 0.001, 1));
    CHECK(f.core.may_go(std::max(closed, f.core.opens_at(0, 1)), 1));
}

TEST_CASE("pacer: waits are finite and later than now, except for an answer",
          "[gate][pacing][pacer]") {
    feed f;
    int sent = 0;
    while (std::isfinite(f.core.opens_at(0, 1))) {
        const auto opens = f.core.opens_at(0, 1);
        if (!f.core.may_go(f.now, 1)) {
            CHECK(opens > f.now);
            f.now = opens;
        }
        f.core.take(f.now, 1);
        REQUIRE(++sent <= 20);
    }
    CHECK(sent == 20);  // slow start has no more in flight without an answer
    CHECK_FALSE(f.core.may_go(f.now + 100, 1));
    f.answered(0, answer::accepted);
    CHECK(std::isfinite(f.core.opens_at(0, 1)));
}

TEST_CASE("pacer: a slot given back is not lost", "[gate][pacing][pacer]") {
    feed f{10};
    f.send();
    const auto opens = f.core.opens_at(0, 1);
    f.send();
    f.core.give_back(1);
    CHECK(f.core.opens_at(0, 1) == Approx(opens));
    CHECK(f.core.opens_at(3, 1) == Approx(opens + 0.3));
}

TEST_CASE("pacer: costs are in the unit of the limit", "[gate][pacing][pacer]") {
    feed f{100};
    f.answered(f.send(50), answer::accepted, 0, nullptr, true, 50);
    CHECK(f.core.opens_at(0, 1) == Approx(0.5).margin(0.01));
    const auto all = told(1000, 900, 10s);
    const auto sent = f.send(20);
    f.answered(sent, answer::accepted, 0, &all, true, 20);
    CHECK(f.core.rate() == Approx(99.5).epsilon(0.005));
    CHECK(f.core.opens_at(0, 1) - sent == Approx(0.2).margin(0.02));  // not one unit's worth
}

TEST_CASE("pacer: what responses tell overrules the rest, until it is silent for long",
          "[gate][pacing][pacer]") {
    feed f;
    const auto all = told(100, 99, 1s);
    f.answered(f.send(), answer::accepted, 0, &all);
    CHECK(f.core.rate() == Approx(99.5).epsilon(0.005));
    f.exchange(500);
    CHECK(f.core.rate() < 99.6);  // no probing
    f.exchange(7000);
    CHECK(f.core.rate() > 99.5);
}

TEST_CASE("pacer: only its share of the limit", "[gate][pacing][pacer]") {
    feed f{0, 0.5};
    const auto all = told(100, 99, 1s);
    f.answered(f.send(), answer::accepted, 0, &all);
    CHECK(f.core.rate() == Approx(99.5 / 2).epsilon(0.005));

    feed blind{100, 0.5};
    blind.exchange(300);
    blind.exchange(1, answer::limited);  // learnt to a percent
    const auto held = blind.core.rate();
    CHECK(held == Approx(50).epsilon(0.05));
    blind.exchange(300);
    CHECK(blind.core.rate() == held);
}

TEST_CASE("pacer: after a long idle time the rate is a guess again", "[gate][pacing][pacer]") {
    feed f;
    for (int i = 0; i != 100; ++i) f.exchange(1);
    f.exchange(1, answer::limited);
    f.exchange(20);
    const auto rate = f.core.rate();
    f.now += pacer::least_idle + 1;
    f.exchange(1);
    CHECK(f.core.rate() == Approx(rate).epsilon(0.01));
    const auto all = told(100, 99, 1s);
    f.answered(f.send(), answer::accepted, 0, &all);
    CHECK(f.core.rate() == Approx(99.5).epsilon(0.005));
    f.now += pacer::least_idle + 1;
    f.exchange(1);
    CHECK(f.core.rate() == Approx(99.5).epsilon(0.001));
    f.exchange(300);
    CHECK(f.core.rate() > 99.6);  // what was told is forgotten
}

TEST_CASE("pacer: never slower than its floor", "[gate][pacing][pacer]") {
    feed f{1};
    f.exchange(300, answer::limited);
    CHECK(f.core.rate() >= 0.01);
    CHECK(f.core.opens_at(0, 1) < f.now + 1e5);
}
