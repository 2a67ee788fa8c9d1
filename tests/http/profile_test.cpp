// SPDX-License-Identifier: MIT
#include <bide/http/profile.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <type_traits>

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::http::find_rule;
using bide::http::given;
using bide::http::profile;

static_assert(std::is_aggregate_v<profile>);
static_assert(std::is_trivially_copyable_v<profile>);

namespace {

// The profile that the header shows.
constexpr profile acme{
    .name = "acme",
    .rules = {{{403, 403, given::retry_after, verdict::throttled, certainty::rejected},
               bide::http::unavailable_is_rejected}},
    .key_header = "Idempotency-Key",
    .key_life = 24h,
};

}  // namespace

TEST_CASE("profile: says nothing that was not written", "[http][profile]") {
    constexpr profile empty{};
    for (int status = -1; status < 1000; ++status)
        CHECK(find_rule(empty.rules, status, {true, true, true, true}) == nullptr);
    for (const auto& rule : empty.body_rules) CHECK(rule.first > rule.last);
    for (const auto& wait : empty.body_waits) CHECK(wait.where.empty());
    CHECK_FALSE(empty.told_by_body);
    CHECK_FALSE(empty.client_error_settles);
    CHECK(empty.reset_unit == bide::http::reset_unit::by_value);
    CHECK(empty.key_header.empty());
    CHECK_FALSE(empty.key_is_quoted);
    CHECK(empty.key_life.get() == 0s);
    CHECK(empty.replay_header.empty());
}

TEST_CASE("profile: rules are in the order they were written", "[http][profile]") {
    CHECK(find_rule(acme.rules, 403, {.retry_after = true}) == &acme.rules[0]);
    CHECK(find_rule(acme.rules, 403, {}) == nullptr);
    CHECK(find_rule(acme.rules, 503, {.retry_after = true}) == &acme.rules[1]);
    CHECK(find_rule(acme.rules, 503, {}) == nullptr);
    CHECK(acme.rules[1].verdict == verdict::overloaded);
    CHECK(acme.rules[1].certainty == certainty::rejected);
    CHECK(acme.key_life.get() == 24h);
}
