// SPDX-License-Identifier: MIT
#include <bide/http/profiles/messaging.hpp>

#include "http/profiles/facts.hpp"
#include "support/catch.hpp"

#include <bide/http/idempotency_key.hpp>

#include <array>
#include <chrono>

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::http::field;
using bide::http::key_value;
using bide::http::request_traits;
namespace profiles = bide::http::profiles;

namespace {

constexpr request_traits post{.method = "POST"};
constexpr request_traits with_key{.method = "POST", .has_key = true};
constexpr request_traits with_old_key{.method = "POST", .has_key = true, .key_age = 24h};

constexpr std::array retry_after = {field{"Retry-After", "30"}};
constexpr std::array seconds_left = {field{"x-ratelimit-limit", "50"},
                                     field{"x-ratelimit-remaining", "0"},
                                     field{"x-ratelimit-reset", "12"}};
// With a wait in front of it that is no number, as no server of theirs sends it.
constexpr std::array dated_reset = {field{"x-ratelimit-remaining", "0"},
                                    field{"x-ratelimit-reset", "Sat, 21 Nov 2026 22:20:30 GMT"}};
constexpr std::array draft_fields = {field{"RateLimit-Limit", "100"},
                                     field{"RateLimit-Remaining", "0"},
                                     field{"RateLimit-Reset", "30"}};

}  // namespace

TEST_CASE("profiles/messaging: a 429 was not acted on", "[http][profiles]") {
    for (const auto* p : facts::messaging) {
        facts::check({*p, 429, {}, post, verdict::throttled, certainty::rejected});
        facts::check({*p, 429, retry_after, post, verdict::throttled, certainty::rejected, 30s});
    }
}

TEST_CASE("profiles/messaging: a 5xx is ambiguous but for Bandwidth", "[http][profiles]") {
    for (const auto* p : facts::messaging)
        for (const int status : {500, 502, 503, 504, 520, 529}) {
            const auto rejects = p == &profiles::bandwidth && status <= 504;
            const auto c = rejects ? certainty::rejected : certainty::ambiguous;
            facts::check({*p, status, {}, post, verdict::overloaded, c});
            facts::check({*p, status, retry_after, post, verdict::overloaded, c, 30s});
        }
    facts::check({profiles::bandwidth, 501, {}, post, verdict::permanent, certainty::answered});
}

TEST_CASE("profiles/messaging: other 4xx are final", "[http][profiles]") {
    for (const auto* p : facts::messaging)
        for (const int status : {400, 401, 403, 404, 415, 422}) {
            facts::check({*p, status, {}, post, verdict::permanent, certainty::answered});
            facts::check({*p, status, {}, with_key, verdict::permanent, certainty::answered});
        }
}

TEST_CASE("profiles/messaging: only Telnyx honours a key, and for a day", "[http][profiles]") {
    for (const auto* p : facts::messaging) {
        const auto honours = p == &profiles::telnyx;
        CAPTURE(p->name);
        CHECK(is_protected(with_key, *p) == honours);
        CHECK_FALSE(is_protected(with_old_key, *p));
        CHECK(key_value::make("a:b_c-1", *p).has_value() == honours);
        facts::check({*p,
                      409,
                      {},
                      with_key,
                      honours ? verdict::transient : verdict::permanent,
                      honours ? certainty::ambiguous : certainty::answered});
        facts::check({*p, 409, {}, with_old_key, verdict::permanent, certainty::answered});
    }
    CHECK(key_value::make("a:b_c-1", profiles::telnyx)->view() == "a:b_c-1");
    for (const auto* key : {"a.b", "a/b", "a b", "a+b", "\"a\""})
        CHECK_FALSE(key_value::make(key, profiles::telnyx));
    // What Twilio sends to others is nothing that it takes.
    constexpr std::array inbound = {field{"I-Twilio-Idempotency-Token", "7b1e"}};
    CHECK_FALSE(carries_key(inbound, profiles::twilio));
}

TEST_CASE("profiles/messaging: waits in their fields", "[http][profiles]") {
    constexpr auto throttled = verdict::throttled;
    constexpr auto rejected = certainty::rejected;
    facts::check({profiles::telnyx, 429, seconds_left, post, throttled, rejected, 12s});
    facts::check({profiles::telnyx, 429, dated_reset, post, throttled, rejected});
    facts::check({profiles::audian, 429, draft_fields, post, throttled, rejected, 30s});
    constexpr std::array concurrent = {field{"Twilio-Concurrent-Requests", "101"}};
    facts::check({profiles::twilio, 429, concurrent, post, throttled, rejected});
}

TEST_CASE("profiles/messaging: without a body nobody knows what Vonage's SMS API did",
          "[http][profiles]") {
    for (const auto* p : facts::messaging) {
        const auto by_body = p == &profiles::vonage_sms;
        CHECK(p->told_by_body == by_body);
        facts::check({*p,
                      200,
                      {},
                      post,
                      by_body ? verdict::transient : verdict::success,
                      by_body ? certainty::ambiguous : certainty::answered});
    }
}

TEST_CASE("profiles/messaging: published rates", "[http][profiles]") {
    for (const auto* p : facts::messaging) {
        CAPTURE(p->name);
        facts::rate expected{0, 1s};
        if (p == &profiles::vonage_sms) expected = {30, 1s};
        if (p == &profiles::plivo) expected = {300, 5s};
        if (p == &profiles::bird) expected = {500, 1s};
        CHECK(p->rate.requests == expected.requests);
        CHECK(p->rate.per.get() == expected.per);
        CHECK(p->least_wait.get() == 0s);
    }
}

TEST_CASE("profiles/messaging: a PUT is repeated, but not at Audian", "[http][profiles]") {
    for (const auto* p : facts::messaging) {
        CAPTURE(p->name);
        CHECK(is_idempotent(request_traits{.method = "PUT"}, *p) == (p != &profiles::audian));
        CHECK(is_idempotent(request_traits{.method = "DELETE"}, *p));
    }
    CHECK(profiles::audian.put_creates);
}
