// SPDX-License-Identifier: MIT
#include <bide/http/quota_name.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

using bide::http::parse_quota_name;
using bide::http::quota_part;
using bide::http::reset_unit;
using namespace std::chrono_literals;

static_assert(noexcept(parse_quota_name("")));

TEST_CASE("parse_quota_name: part, vendor and bucket", "[http][quota_name]") {
    struct row {
        std::string_view name;
        quota_part part;
        std::string_view vendor;
        std::string_view bucket;
        bool standard;
    };
    using enum quota_part;
    const auto [name, part, vendor, bucket, standard] = GENERATE(values<row>({
        {"RateLimit-Limit", limit, "", "", true},
        {"ratelimit-remaining", remaining, "", "", true},
        {"RateLimit-Reset", reset, "", "", true},
        {"RATELIMIT-RESETTIME", reset, "", "", true},
        {"RateLimit-Limit-Day", limit, "", "Day", true},
        {"X-RateLimit-Limit", limit, "", "", false},
        {"X-Rate-Limit-Limit", limit, "", "", false},
        {"X-Rate-Limit", limit, "", "", false},
        {"X-RateLimit", limit, "", "", false},
        {"Rate-Limit-Total", limit, "", "", false},
        {"Rate-Limit-Remaining", remaining, "", "", false},
        {"X-RateLimit-Next", reset, "", "", false},
        {"x-ratelimit-remaining-tokens", remaining, "", "tokens", false},
        {"x-ratelimit-reset-requests", reset, "", "requests", false},
        {"X-RateLimit-Requests-Reset", reset, "", "Requests", false},
        {"X-RateLimit-Limit-Minute", limit, "", "Minute", false},
        {"anthropic-ratelimit-input-tokens-remaining", remaining, "anthropic", "input-tokens",
         false},
        {"x-sib-ratelimit-limit", limit, "sib", "", false},
        {"X-HubSpot-RateLimit-Max", limit, "HubSpot", "", false},
        {"X-HubSpot-RateLimit-Daily-Remaining", remaining, "HubSpot", "Daily", false},
        {"X-HubSpot-RateLimit-Interval-Milliseconds", window, "HubSpot", "", false},
        {"zendesk-ratelimit-tickets-index", pairs, "zendesk", "tickets-index", false},
        {"X-RateLimit-Used", pairs, "", "Used", false},
        {"X-RateLimit-NearLimit", pairs, "", "NearLimit", false},
        {"RateLimit-Reason", pairs, "", "Reason", true},
        {"X-RateLimit-Limit-", limit, "", "", false},
        {"X-RateLimit-", limit, "", "", false},
    }));
    CAPTURE(name);
    const auto found = parse_quota_name(name);
    REQUIRE(found);
    CHECK(found->part == part);
    CHECK(found->vendor == vendor);
    CHECK(found->bucket == bucket);
    CHECK(found->standard == standard);
}

TEST_CASE("parse_quota_name: other names", "[http][quota_name]") {
    const auto name = GENERATE(as<std::string_view>{}, "", "-", "x", "Date", "RateLimit",
                               "ratelimit", "RateLimit-Policy", "X-Rate", "Rate", "Rate-Limiter",
                               "X-Rate-X-Limit", "X-RateLimits-Reset", "XRateLimit-Reset",
                               "X_RateLimit_Reset", "Retry-After", "Frame-Rate");
    CAPTURE(name);
    CHECK_FALSE(parse_quota_name(name));
}

TEST_CASE("parse_quota_name: the unit and the form of a reset", "[http][quota_name][unit]") {
    struct row {
        std::string_view name;
        reset_unit unit;
        std::string_view bucket;
    };
    const auto [name, unit, bucket] = GENERATE(values<row>({
        {"X-RateLimit-Reset", reset_unit::by_value, ""},
        {"X-RateLimit-Reset-After", reset_unit::seconds, ""},
        {"X-RateLimit-Reset-Seconds", reset_unit::seconds, ""},
        {"X-RateLimit-Reset-Ms", reset_unit::milliseconds, ""},
        {"X-RateLimit-Reset-Milliseconds", reset_unit::milliseconds, ""},
        {"X-RateLimit-Reset-After-Ms", reset_unit::milliseconds, ""},
        {"X-RateLimit-Reset-At", reset_unit::by_value, ""},
        {"X-RateLimit-Reset-Date", reset_unit::by_value, ""},
        {"X-RateLimit-Reset-Time", reset_unit::by_value, ""},
        {"X-RateLimit-Reset-After-Tokens", reset_unit::seconds, "Tokens"},
        {"X-RateLimit-Reset-Tokens-Ms", reset_unit::milliseconds, "Tokens"},
        {"X-RateLimit-Tokens-Reset-Ms", reset_unit::milliseconds, "Tokens"},
        {"X-RateLimit-Tokens-Reset-After", reset_unit::seconds, "Tokens"},
        {"X-RateLimit-Tokens-Reset-At", reset_unit::by_value, "Tokens"},
    }));
    CAPTURE(name);
    const auto found = parse_quota_name(name);
    REQUIRE(found);
    CHECK(found->part == quota_part::reset);
    CHECK(found->unit == unit);
    CHECK(found->bucket == bucket);
    CHECK_FALSE(found->secondary);
    CHECK(parse_quota_name("RateLimit-ResetTime")->secondary);
}

TEST_CASE("parse_quota_name: a suffix tells the window", "[http][quota_name]") {
    CHECK(parse_quota_name("X-RateLimit-Limit-Second")->window == 1s);
    CHECK(parse_quota_name("X-RateLimit-Remaining-Minute")->window == 1min);
    CHECK(parse_quota_name("X-RateLimit-Limit-hour")->window == 1h);
    CHECK(parse_quota_name("X-RateLimit-Limit-Requests-Day")->window == 24h);
    CHECK(parse_quota_name("X-RateLimit-Limit-Month")->window == std::nullopt);  // of no one length
    CHECK(parse_quota_name("X-RateLimit-Limit-Day-Tokens")->window == std::nullopt);
    CHECK(parse_quota_name("X-RateLimit-Limit")->window == std::nullopt);
}

TEST_CASE("parse_quota_name: long names are only long", "[http][quota_name][robustness]") {
    std::string name = "x-ratelimit-reset";
    for (int i = 0; i < 100'000; ++i) name += "-after";
    CHECK(parse_quota_name(name)->bucket.empty());
    CHECK_FALSE(parse_quota_name(std::string(1'000'000, '-')));
}
