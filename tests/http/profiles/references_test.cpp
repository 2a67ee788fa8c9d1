// SPDX-License-Identifier: MIT
#include <bide/http/profiles/references.hpp>

#include "http/profiles/facts.hpp"
#include "support/catch.hpp"

#include <bide/http/idempotency_key.hpp>

#include <array>
#include <chrono>
#include <string>

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::http::field;
using bide::http::key_value;
using bide::http::request_traits;
using bide::http::profiles::github;
using bide::http::profiles::stripe;

namespace {

constexpr request_traits post{.method = "POST"};
constexpr request_traits with_key{.method = "POST", .has_key = true};
constexpr auto throttled = verdict::throttled;
constexpr auto rejected = certainty::rejected;

}  // namespace

TEST_CASE("profiles/references: GitHub throttles with a 403, too", "[http][profiles]") {
    constexpr std::array left = {field{"x-ratelimit-limit", "5000"},
                                 field{"x-ratelimit-remaining", "4987"},
                                 field{"x-ratelimit-reset", "1795302000"}};
    constexpr std::array used_up = {field{"x-ratelimit-limit", "60"},
                                    field{"x-ratelimit-remaining", "0"},
                                    field{"x-ratelimit-reset", "1795300800"}};
    constexpr std::array secondary = {field{"retry-after", "90"}, left[0], left[1], left[2]};
    constexpr std::array in_seconds = {field{"x-ratelimit-remaining", "0"},
                                       field{"x-ratelimit-reset", "1200"}};
    facts::check({github, 403, used_up, post, throttled, rejected, 20min});
    facts::check({github, 429, used_up, post, throttled, rejected, 20min});
    facts::check({github, 403, secondary, post, throttled, rejected, 90s});
    facts::check({github, 429, secondary, post, throttled, rejected, 90s});
    facts::check({github, 429, in_seconds, post, throttled, rejected, 0s});  // an instant of 1970
    // Nothing is said: a minute. What is forbidden is not allowed a minute later.
    facts::check({github, 429, left, post, throttled, rejected, 1min});
    facts::check({github, 429, {}, post, throttled, rejected, 1min});
    facts::check({github, 403, left, post, verdict::permanent, certainty::answered});
    facts::check({github, 404, used_up, post, verdict::permanent, certainty::answered, 20min});
    facts::check({github, 502, {}, post, verdict::overloaded, certainty::ambiguous});
    CHECK_FALSE(is_protected(with_key, github));
    CHECK(github.rate.requests == 5000);
    CHECK(github.rate.per.get() == 1h);
}

TEST_CASE("profiles/references: Stripe saves answers", "[http][profiles]") {
    constexpr request_traits old{.method = "POST", .has_key = true, .key_age = 24h};
    constexpr std::array saved = {field{"Idempotent-Replayed", "true"}};
    constexpr std::array again = {field{"Stripe-Should-Retry", "true"}};
    facts::check({stripe, 429, {}, post, throttled, rejected});
    facts::check({stripe, 409, {}, with_key, verdict::transient, certainty::ambiguous});
    facts::check({stripe, 409, {}, post, verdict::permanent, certainty::answered});
    facts::check({stripe, 409, {}, old, verdict::permanent, certainty::answered});
    facts::check({stripe, 500, {}, with_key, verdict::overloaded, certainty::ambiguous});
    facts::check({stripe, 500, saved, with_key, verdict::permanent, certainty::ambiguous});
    facts::check({stripe, 402, saved, with_key, verdict::permanent, certainty::answered});
    facts::check({stripe, 400, again, with_key, verdict::transient, certainty::answered});
    CHECK(is_protected({.has_key = true, .key_age = 24h - 1ns}, stripe));
    CHECK_FALSE(is_protected(old, stripe));
    const std::string longest(255, '!');
    CHECK(key_value::make(longest, stripe)->view() == longest);
    CHECK(stripe.rate.requests == 25);
    CHECK(stripe.rate.per.get() == 1s);
}
