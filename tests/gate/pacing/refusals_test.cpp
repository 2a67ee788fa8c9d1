// SPDX-License-Identifier: MIT
#include <bide/gate/pacing/refusals.hpp>

#include "support/catch.hpp"

using bide::pacing::answer;
using bide::pacing::refusals;
using bide::pacing::sample;

namespace {

sample limited(double sent, double now, double retry_after = 0) {
    return {.what = answer::limited, .sent = sent, .now = now, .retry_after = retry_after};
}
sample accepted(double sent, double now) { return {.sent = sent, .now = now}; }

}  // namespace

TEST_CASE("refusals: what was sent before the reaction is an echo", "[gate][pacing][refusals]") {
    refusals its;
    const auto first = its.record_refused(limited(1.0, 1.1));
    CHECK(first.fresh);
    CHECK(first.first);
    its.reacted(1.1);
    const auto echo = its.record_refused(limited(1.05, 1.15));
    CHECK_FALSE(echo.fresh);
    CHECK_FALSE(echo.first);
    CHECK(its.record_refused(limited(1.1, 1.2)).fresh == false);  // at that very instant
    CHECK(its.record_refused(limited(1.11, 1.2)).fresh);
    CHECK(its.consecutive() == 4);
    CHECK(its.block_began() == 1.0);
}

TEST_CASE("refusals: a block ends with an acceptance sent after the reaction",
          "[gate][pacing][refusals]") {
    refusals its;
    CHECK_FALSE(its.record_accepted(accepted(0.5, 0.6)).has_value());  // there was none
    (void)its.record_refused(limited(1.0, 1.1, 2));
    its.reacted(1.1);
    CHECK_FALSE(its.record_accepted(accepted(0.9, 1.12)).has_value());  // overtaken
    CHECK_FALSE(its.record_accepted(accepted(1.1, 1.2)).has_value());   // not a reaction yet
    (void)its.record_refused(limited(1.3, 1.4));
    its.reacted(1.4);
    const auto ended = its.record_accepted(accepted(1.6, 1.7));
    REQUIRE(ended.has_value());
    CHECK(ended->begin == 1.0);
    CHECK(ended->last_refused == 1.3);
    CHECK(ended->end == 1.6);
    CHECK(ended->length() == Approx(0.6));
    CHECK(ended->episodes == 2);
    CHECK(ended->told);
    CHECK(ended->told_until == Approx(3.1));
    CHECK(its.consecutive() == 0);
    CHECK_FALSE(its.record_accepted(accepted(1.8, 1.9)).has_value());

    const auto next = its.record_refused(limited(2, 2.1));
    CHECK(next.first);
    its.reacted(2.1);
    const auto second = its.record_accepted(accepted(2.2, 2.3));
    REQUIRE(second.has_value());
    CHECK_FALSE(second->told);
    CHECK(second->episodes == 1);
}
