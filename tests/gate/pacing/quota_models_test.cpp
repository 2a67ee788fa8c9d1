// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/quota_models.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

using bide::quotas;
using bide::pacing::quota_models;
using bide::pacing::round_trip;
using namespace std::chrono_literals;

namespace {

struct feed {
    quota_models models;
    round_trip trip;
    double now = 0;

    bool hear(const quotas& all) {
        now += 0.01;
        return models.record({.sent = now - 0.005, .now = now}, &all, trip, 0);
    }
};

quotas one(std::int64_t limit, std::int64_t remaining, std::chrono::milliseconds window,
           const char* name = "") {
    quotas all;
    all.keep(
        {.name = name, .limit = limit, .remaining = remaining, .reset = window, .window = window});
    return all;
}

}  // namespace

TEST_CASE("quota_models: says nothing without limit, remaining and a time",
          "[gate][pacing][quota_models]") {
    feed f;
    CHECK_FALSE(f.models.record({}, nullptr, f.trip, 0));
    quotas poor;
    poor.keep({.limit = 10, .reset = 1s});
    poor.keep({.remaining = 10, .reset = 1s});
    poor.keep({.limit = 10, .remaining = 5});
    poor.keep({.limit = 0, .remaining = 0, .window = 1s});
    CHECK_FALSE(f.hear(poor));
    CHECK_FALSE(f.models.set_pace());
    CHECK(std::isinf(f.models.rate()));
    CHECK(f.models.limit() == 0);
    CHECK(f.models.window() == 0);
}

TEST_CASE("quota_models: the strictest of several sets the pace", "[gate][pacing][quota_models]") {
    feed f;
    quotas all;
    all.keep({.name = "second", .limit = 10, .remaining = 9, .window = 1s});
    all.keep({.name = "minute", .limit = 300, .remaining = 299, .window = 60s});
    all.keep({.name = "day", .limit = 1000, .remaining = 999, .reset = 3600s, .window = 86400s});
    CHECK(f.hear(all));
    CHECK(f.models.set_pace());
    CHECK(f.models.rate() == Approx(5 * 0.995).epsilon(0.02));
    CHECK(f.models.limit() == 300);
    CHECK(f.models.window() == 60);
    CHECK(f.models.heard() == Approx(0.01));

    SECTION("a limit told alone leaves the others as they are") {
        CHECK(f.hear(one(10, 8, 1s, "second")));
        CHECK(f.models.rate() == Approx(5 * 0.995).epsilon(0.02));
    }
    SECTION("the day closes when it is used up") {
        CHECK(f.models.closed_until() == 0);
        quotas spent;
        spent.keep({.name = "day", .limit = 1000, .remaining = 0, .reset = 600s, .window = 86400s});
        CHECK(f.hear(spent));
        CHECK(f.models.closed_until() == Approx(600.02));
        CHECK(f.models.rate() == Approx(5 * 0.995).epsilon(0.02));
    }
}

TEST_CASE("quota_models: the one not heard of for longest makes room",
          "[gate][pacing][quota_models]") {
    feed f;
    CHECK(f.hear(one(1, 1, 1s, "slow")));
    for (const auto* name : {"a", "b", "c"}) CHECK(f.hear(one(50, 40, 1s, name)));
    CHECK(f.models.limit() == 1);
    CHECK(f.hear(one(60, 50, 1s, "d")));
    CHECK(f.models.limit() == 50);
    CHECK(f.hear(one(60, 50, 2s, "d")));  // another window is another limit
    CHECK(f.models.rate() == Approx(30 * 0.995).epsilon(0.01));
}
