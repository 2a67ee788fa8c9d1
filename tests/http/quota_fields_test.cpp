// SPDX-License-Identifier: MIT
#include <bide/http/quota_fields.hpp>

#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using bide::quotas;
using bide::http::field;
using bide::http::read_quotas;
using bide::http::reset_unit;
using std::chrono::milliseconds;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

namespace {

constexpr sys_seconds now{1'795'299'600s};
constexpr auto none = std::nullopt;
using optional_ms = std::optional<milliseconds>;
using optional_count = std::optional<std::int64_t>;

quotas read(const std::vector<field>& fields) { return read_quotas(fields, now); }

optional_count limit_of(std::string_view value) {
    const auto all = read({{"X-RateLimit-Limit", value}});
    return all.empty() ? none : all[0].limit;
}

optional_count remaining_of(std::string_view value) {
    const auto all = read({{"X-RateLimit-Remaining", value}});
    return all.empty() ? none : all[0].remaining;
}

optional_ms reset_of(const std::vector<field>& fields) {
    const auto all = read(fields);
    return all.size() == 1 ? all[0].reset : none;
}

}  // namespace

static_assert(noexcept(read_quotas({}, none)));

// Evaluated by the compiler, which sees every step outside an array.
static_assert([] {
    constexpr std::array fields = {
        field{"X-RateLimit-Limit-A", "1"}, field{"X-RateLimit-Limit-B", "1"},
        field{"X-RateLimit-Limit-C", "1"}, field{"X-RateLimit-Limit-D", "1"},
        field{"X-RateLimit-Limit-E", "1"}, field{"X-RateLimit-Limit-F", "1"},
        field{"X-RateLimit-Limit-G", "1"}, field{"X-RateLimit-Limit-H", "1"},
        field{"X-RateLimit-Limit-I", "1"}, field{"RateLimit-Policy", "\"J\";q=2, \"K\";q=3"},
    };
    return read_quotas(fields, none).size();
}() == quotas::max);

TEST_CASE("read_quotas: counts", "[http][quota_fields]") {
    struct row {
        std::string_view value;
        optional_count expected;
    };
    const auto [value, expected] = GENERATE(values<row>({
        {"0", 0},
        {"100", 100},
        {" 007\t", 7},
        {"57.0", 57},
        {"1.00", 1},
        {"9223372036854775807", INT64_MAX},
        {"99999999999999999999", INT64_MAX},
        {"76;w=21600", 76},
        {"5, 9, 7", 9},  // joined by an intermediary
        {"", none},
        {"-1", none},
        {"+1", none},
        {"0.20", none},  // a rate, no count
        {"1e3", none},
        {"unlimited", none},
        {"10 requests", none},
        {"\"10\"", none},
        {"10,", none},
    }));
    CAPTURE(value);
    CHECK(limit_of(value) == expected);
    CHECK(remaining_of(value) == expected);
}

TEST_CASE("read_quotas: a limit with its policies", "[http][quota_fields]") {
    const auto all = read({{"RateLimit-Limit", "10, 10;w=1, 50;w=60, 1000;window=3600"},
                           {"RateLimit-Remaining", "1"},
                           {"RateLimit-Reset", "7"}});
    REQUIRE(all.size() == 3);
    CHECK(all.binding() == &all[0]);
    CHECK(all[0].limit == 10);
    CHECK(all[0].window == 1s);
    CHECK(all[0].reset == 7s);
    CHECK(all[1].limit == 50);
    CHECK(all[1].window == 1min);
    CHECK(all[1].remaining == none);
    CHECK(all[2].limit == 1000);
    CHECK(all[2].window == 1h);

    const auto docker = read({{"ratelimit-limit", "100;w=21600"},
                              {"ratelimit-remaining", "0;w=21600"},
                              {"docker-ratelimit-source", "192.0.2.1"}});
    REQUIRE(docker.size() == 1);
    CHECK(docker[0].limit == 100);
    CHECK(docker[0].remaining == 0);
    CHECK(docker[0].window == 6h);
    CHECK(docker[0].reset == none);

    const auto other = read({{"X-RateLimit-Limit", "20, 30;w=60"}});
    REQUIRE(other.size() == 2);
    CHECK(other[0].limit == 20);
    CHECK(other[0].window == none);
    CHECK(read({{"X-RateLimit-Limit", "20, 30;w=60,"}}).empty());
}

TEST_CASE("read_quotas: the better source of a reset wins", "[http][quota_fields][precedence]") {
    const field list = {"RateLimit", "\"a\";r=0;t=1"};
    const field standard = {"RateLimit-Reset", "2"};
    const field after = {"X-RateLimit-Reset-After", "3"};
    const field other = {"X-RateLimit-Reset", "4"};
    const field time = {"RateLimit-ResetTime", "5"};
    CHECK(reset_of({time, other, after, standard, list}) == 1s);
    CHECK(reset_of({list, standard, after, other, time}) == 1s);
    CHECK(reset_of({time, other, after, standard}) == 2s);
    CHECK(reset_of({standard, after, other, time}) == 2s);
    CHECK(reset_of({time, other, after}) == 3s);
    CHECK(reset_of({after, other, time}) == 3s);
    CHECK(reset_of({time, other}) == 4s);
    CHECK(reset_of({other, time}) == 4s);
    CHECK(reset_of({time}) == 5s);
    // What cannot be read does not hide the next.
    CHECK(reset_of({{"RateLimit-Reset", "soon"}, other}) == 4s);
    CHECK(reset_of({{"RateLimit", "\"a\" ;r=0;t=1"}, standard}) == 2s);
    CHECK(reset_of({{"RateLimit", "\"a\";r=0"}, other}) == 4s);
    // Of the same, the longest.
    CHECK(reset_of({other, {"X-RateLimit-Reset", "9"}, other}) == 9s);
}

TEST_CASE("read_quotas: standard names beat others, field by field",
          "[http][quota_fields][precedence]") {
    const auto all = read({{"X-RateLimit-Limit", "7"},
                           {"X-RateLimit-Remaining", "6"},
                           {"RateLimit-Limit", "2"},
                           {"RateLimit-Reset", "5"}});
    REQUIRE(all.size() == 1);
    CHECK(all[0].limit == 2);
    CHECK(all[0].remaining == 6);
    CHECK(all[0].reset == 5s);
}

TEST_CASE("read_quotas: RateLimit and the older names", "[http][quota_fields][precedence]") {
    // One quota: they are about the same.
    const auto one = read({{"X-RateLimit-Limit", "7"},
                           {"X-RateLimit-Remaining", "6"},
                           {"X-RateLimit-Reset", "1795299690"},
                           {"RateLimit", "\"a\";r=0;t=5"},
                           {"RateLimit-Policy", "\"a\";q=2;w=60"}});
    REQUIRE(one.size() == 1);
    CHECK(one[0].name == "a");
    CHECK(one[0].limit == 2);
    CHECK(one[0].remaining == 0);
    CHECK(one[0].reset == 5s);
    CHECK(one[0].window == 1min);
    // Of two, nobody can say about which.
    const auto two = read({{"X-RateLimit-Reset", "90"}, {"RateLimit", "\"a\";r=0, \"b\";r=1;t=5"}});
    REQUIRE(two.size() == 2);
    CHECK(two[0].reset == none);
    CHECK(two[1].reset == 5s);
    // One with a name of its own stays beside.
    const auto beside =
        read({{"X-RateLimit-Remaining-a", "3"}, {"RateLimit", "\"a\";r=0;t=5, b;r=1"}});
    REQUIRE(beside.size() == 3);
    CHECK(beside[2].remaining == 3);
    CHECK(beside[2].reset == none);
}

TEST_CASE("read_quotas: which policy belongs to which quota", "[http][quota_fields][policy]") {
    const auto window = [](const std::vector<field>& fields) {
        const auto all = read(fields);
        const auto* q = all.binding();
        return q != nullptr ? q->window : none;
    };
    const field limit = {"RateLimit-Limit", "100"};
    const field list = {"RateLimit", "\"b\";r=1;t=1"};
    CHECK(window({list, {"RateLimit-Policy", "\"a\";q=1;w=1, \"b\";q=2;w=2"}}) == 2s);
    CHECK(window({limit, {"RateLimit-Policy", "50;w=1, 100;w=2, 100;w=3"}}) == 2s);
    CHECK(window({limit, {"RateLimit-Policy", "\"a\";q=50;w=1, \"b\";q=100;w=2"}}) == 2s);
    CHECK(window({limit, {"RateLimit-Policy", "50;w=1"}}) == 1s);
    CHECK(window({limit, {"RateLimit-Remaining", "1"}, {"RateLimit-Policy", "5;w=1, 6;w=2"}}) ==
          none);
    CHECK(window({{"RateLimit-Policy", "\"a\";q=1;w=1"}}) == 1s);
    CHECK(window({list, {"RateLimit-Policy", "\"b\";q=2;w=2,"}}) == none);
    CHECK(window({list, {"RateLimit-Policy", "\"a\";q=2;w=2"}}) == none);
    CHECK(window({list, {"RateLimit-Policy", "2;w=2"}}) == 2s);
    const field tokens = {"X-RateLimit-Limit-Tokens", "100"};
    CHECK(window({tokens, {"RateLimit-Policy", "\"a\";q=100;w=2"}}) == none);
    CHECK(window({tokens, {"RateLimit-Policy", "\"Tokens\";q=9;w=2"}}) == 2s);

    const auto all = read({limit, {"RateLimit-Policy", "50;w=1, 100;w=2, 100;w=3"}});
    REQUIRE(all.size() == 3);
    CHECK(all[1].limit == 50);
    CHECK(all[1].window == 1s);
    CHECK(all[2].window == 3s);
    // The only policy is better than another vendor's limit, and worse than RateLimit-Limit.
    CHECK(read({{"X-RateLimit-Limit", "7"}, {"RateLimit-Policy", "5;w=1"}})[0].limit == 5);
    CHECK(read({{"RateLimit-Limit", "7"}, {"RateLimit-Policy", "5;w=1"}})[0].limit == 7);
    CHECK(read({list, {"RateLimit-Policy", "\"b\";q=2;qu=\"content-bytes\""}})[0].unit ==
          "content-bytes");
    // The text of an X name is for people.
    CHECK(read({{"X-RateLimit-Limit", "7"}, {"X-RateLimit-Policy", "7;w=60"}})[0].window == none);
}

TEST_CASE("read_quotas: several buckets", "[http][quota_fields][bucket]") {
    const auto all = read({{"x-ratelimit-limit-requests", "60"},
                           {"x-ratelimit-limit-tokens", "150000"},
                           {"x-ratelimit-remaining-requests", "59"},
                           {"x-ratelimit-remaining-tokens", "0"},
                           {"x-ratelimit-reset-requests", "1s"},
                           {"x-ratelimit-reset-tokens", "6m0s"}});
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "requests");
    CHECK(all[0].limit == 60);
    CHECK(all[0].reset == 1s);
    CHECK(all.binding() == &all[1]);
    CHECK(all[1].name == "tokens");
    CHECK(all[1].limit == 150000);
    CHECK(all[1].reset == 6min);

    const auto kong = read({{"X-RateLimit-Limit-Minute", "5"},
                            {"X-RateLimit-Remaining-minute", "4"},
                            {"X-RateLimit-Limit-Hour", "500"}});
    REQUIRE(kong.size() == 2);
    CHECK(kong[0].window == 1min);
    CHECK(kong[0].remaining == 4);
    CHECK(kong[1].window == 1h);

    // Of equals, the one with the standard name.
    const auto tie = read({{"X-RateLimit-Limit-Second", "5"},
                           {"X-RateLimit-Remaining-Second", "4"},
                           {"RateLimit-Limit", "6"},
                           {"RateLimit-Remaining", "4"},
                           {"RateLimit-Reset", "47"}});
    REQUIRE(tie.size() == 2);
    CHECK(tie.binding() == &tie[0]);
    CHECK(tie[0].reset == 47s);
    CHECK(tie[1].name == "Second");
    const field other = {"X-RateLimit-Limit-Second", "5"};
    for (const auto* name : {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"})
        CHECK(read({other, {name, "4"}})[0].name.empty());

    // Two limiters, not one.
    const auto vendors = read({{"X-RateLimit-Remaining", "0"}, {"X-Acme-RateLimit-Reset", "60"}});
    REQUIRE(vendors.size() == 2);
    CHECK(vendors[0].reset == none);
}

TEST_CASE("read_quotas: vendors' own ways", "[http][quota_fields][vendor]") {
    const auto only = [](const std::vector<field>& fields) {
        const auto all = read(fields);
        REQUIRE(all.size() == 1);
        return all[0];
    };
    const auto hubspot = only({{"X-HubSpot-RateLimit-Max", "100"},
                               {"X-HubSpot-RateLimit-Remaining", "95"},
                               {"X-HubSpot-RateLimit-Interval-Milliseconds", "10000"}});
    CHECK(hubspot.limit == 100);
    CHECK(hubspot.remaining == 95);
    CHECK(hubspot.window == 10s);
    CHECK(hubspot.reset == none);
    CHECK(read({{"X-RateLimit-Interval", "10"}}).empty());
    CHECK(read({{"X-RateLimit-Interval-Seconds", "10"}}).empty());  // Atlassian's refill

    const auto zendesk =
        only({{"zendesk-ratelimit-tickets-index", "total=100; remaining=99; resets=41"}});
    CHECK(zendesk.name == "tickets-index");
    CHECK(zendesk.limit == 100);
    CHECK(zendesk.remaining == 99);
    CHECK(zendesk.reset == 41s);
    CHECK(only({{"x-rate-limit", "700"}}).limit == 700);

    const auto shopify = only({{"X-Shopify-Shop-Api-Call-Limit", "39/40"}});
    CHECK(shopify.limit == 40);
    CHECK(shopify.remaining == 1);
    CHECK(only({{"X-Shopify-Shop-Api-Call-Limit", "41/40"}}).remaining == 0);
    CHECK(only({{"X-Shopify-Shop-Api-Call-Limit", "40/40"}}).is_exhausted());
    CHECK(read({{"X-Shopify-Shop-Api-Call-Limit", "39"}}).empty());
    CHECK(read({{"X-Shopify-Shop-Api-Call-Limit", "/40"}}).empty());
    CHECK(read({{"X-Shopify-Shop-Api-Call-Limit", "-1/40"}}).empty());
    const auto salesforce =
        only({{"Sforce-Limit-Info", "api-usage=10018/100000; per-app-api-usage=17/250"}});
    CHECK(salesforce.limit == 100000);
    CHECK(salesforce.remaining == 89982);

    const auto ip_api = only({{"X-Ttl", "12"}, {"X-Rl", "0"}});
    CHECK(ip_api.remaining == 0);
    CHECK(ip_api.reset == 12s);
    CHECK(read({{"X-Ttl", "12"}}).empty());
    CHECK(read({{"X-Rl", "0"}}).empty());
}

TEST_CASE("read_quotas: a profile's unit where the name has none", "[http][quota_fields][unit]") {
    const std::vector<field> fields = {{"X-RateLimit-Reset", "600000"}};
    CHECK(read_quotas(fields, now)[0].reset == 600000s);
    CHECK(read_quotas(fields, now, reset_unit::milliseconds)[0].reset == 600s);
    const std::vector<field> named = {{"X-RateLimit-Reset-After", "60"}};
    CHECK(read_quotas(named, now, reset_unit::milliseconds)[0].reset == 60s);
    const std::vector<field> list = {{"RateLimit", "\"a\";r=0;t=60"}};
    CHECK(read_quotas(list, now, reset_unit::milliseconds)[0].reset == 60s);
}

TEST_CASE("read_quotas: nothing from a cache", "[http][quota_fields][age]") {
    const auto count = [](std::string_view age) {
        return read({{"X-RateLimit-Limit", "5"}, {"Age", age}}).size();
    };
    CHECK(count("0") == 1);
    CHECK(count("") == 1);
    CHECK(count("old") == 1);
    CHECK(count("-1") == 1);
    CHECK(count("1") == 0);
    CHECK(count(" 120 ") == 0);
    CHECK(count("99999999999999999999") == 0);
}

TEST_CASE("read_quotas: what is malformed takes no room", "[http][quota_fields][robustness]") {
    std::vector<std::string> names;
    for (int i = 0; i < 100; ++i) names.push_back("X-RateLimit-Remaining-" + std::to_string(i));
    std::vector<field> fields;
    for (const auto& name : names) fields.push_back({name, "-1"});
    fields.push_back({"X-RateLimit-Used", "12"});
    fields.push_back({"X-RateLimit-Bucket", "abcd1234"});
    CHECK(read(fields).empty());
    fields.push_back({"X-RateLimit-Remaining", "5"});
    CHECK(read(fields).size() == 1);
    for (auto& f : fields) f.value = "5";
    CHECK(read(fields).size() == quotas::max);
}

TEST_CASE("read_quotas: any fields at all", "[http][quota_fields][robustness]") {
    std::uint32_t state = 1;
    const auto next = [&state] { return (state = state * 1664525U + 1013904223U) >> 16; };
    static const std::vector<std::string> words = {
        "x",      "ratelimit", "rate",   "limit", "remaining", "reset",    "after", "ms",
        "policy", "minute",    "tokens", "total", "",          "interval", "acme",  "resettime"};
    static const std::vector<std::string> pieces = {
        "1",   "0",     "5",     "1795299630", ";w=",
        ";r=", ";t=",   ";q=",   "\"a\"",      ", ",
        "=",   "reset", "limit", "(",          ")",
        "-",   ".",     "s",     "ms",         "Sat, 21 Nov 2026 22:20:30 GMT",
        " ",   ":dA==:"};
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::string> texts;
        for (int i = 0; i < 4; ++i) {
            std::string name = words[next() % words.size()];
            for (auto n = next() % 5; n > 0; --n) name += "-" + words[next() % words.size()];
            std::string value;
            for (auto n = next() % 8; n > 0; --n) value += pieces[next() % pieces.size()];
            texts.push_back(i == 0 ? "RateLimit" : name);
            texts.push_back(value);
        }
        std::vector<field> fields;
        for (std::size_t i = 0; i < texts.size(); i += 2)
            fields.push_back({texts[i], texts[i + 1]});
        for (const auto& q : read(fields))
            if (q.limit.value_or(0) < 0 || q.remaining.value_or(0) < 0 ||
                q.reset.value_or(0ms) < 0ms || q.window.value_or(0ms) < 0ms)
                FAIL(texts[1]);
    }
    SUCCEED();
}
