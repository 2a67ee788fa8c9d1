// SPDX-License-Identifier: MIT
#include <bide/http/rate_limit.hpp>

#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using bide::quotas;
using bide::http::field;
using bide::http::parse_rate_limit;
using bide::http::parse_rate_limit_policy;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

namespace {

constexpr sys_seconds now{1'795'299'600s};
constexpr auto none = std::nullopt;

quotas limits(std::string_view value) {
    const std::array fields = {field{"RateLimit", value}};
    return parse_rate_limit(fields, now);
}

quotas policies(std::string_view value) {
    const std::array fields = {field{"RateLimit-Policy", value}};
    return parse_rate_limit_policy(fields);
}

}  // namespace

static_assert(noexcept(parse_rate_limit({}, none)));
static_assert(noexcept(parse_rate_limit_policy({})));

TEST_CASE("parse_rate_limit: the list of drafts 08 to 10", "[http][rate_limit]") {
    const auto two = limits("\"a\";r=50;t=30, \"b\"; r=0; t=7;pk=:dA==:");
    REQUIRE(two.size() == 2);
    CHECK(two[0].name == "a");
    CHECK(two[0].remaining == 50);
    CHECK(two[0].reset == 30s);
    CHECK(two[0].limit == none);
    CHECK(two[0].window == none);
    CHECK(two[1].name == "b");
    CHECK(two[1].remaining == 0);
    CHECK(two.binding() == &two[1]);

    CHECK(limits("\"a\";r=1").binding()->reset == none);
    CHECK(limits("\"a\";r=1;r=2;t=5").binding()->remaining == 2);
    CHECK(limits("\"a\\\"b\";r=1").binding()->name == "a\\\"b");
    CHECK(limits("\"a\";r=0;t=1795299630").binding()->reset == 30s);
}

TEST_CASE("parse_rate_limit: what is wrong leaves out its item", "[http][rate_limit]") {
    struct row {
        std::string_view value;
        std::size_t items;
    };
    const auto [value, items] = GENERATE(values<row>({
        {"\"a\";r=0;t=5", 1},
        {"a;r=0;t=5", 1},
        {"a;t=5", 1},
        {"\"a\";r=0;t=\"5\"", 1},  // a comment
        {"\"a\";r=0;t=5.5", 1},
        {"\"a\";r=0;t", 1},
        {"\"a\";r=0;t=-5", 0},
        {"\"a\";r=-1;t=5", 0},
        {"\"a\";r=1.5;t=5", 0},
        {"\"a\";r=\"0\";t=5", 0},
        {"\"a\";r;t=5", 0},
        {"1;r=0;t=5", 0},
        {":dA==:;r=0;t=5", 0},
        {"(\"a\");r=0;t=5", 0},
        {"(\"a\";r=0;t=5)", 0},
        {"(\"a\" \"b\");r=0, \"c\";r=0", 1},
        {"\"c\";r=0, (\"a\" \"b\");r=0", 1},
        {"\"a\";r=0;t=5, \"b\";r=-1", 1},
        {"\"a\"", 0},
        {"100", 0},
        // What is no list is void as a whole.
        {"\"a\" ;r=0;t=5", 0},
        {"\"a\";r=0;t=5,", 0},
        {"\"a\";r=0;t=5, \xff", 0},
        {"\"a;r=0;t=5", 0},
        {"", 0},
    }));
    CAPTURE(value);
    CHECK(limits(value).size() == items);
}

TEST_CASE("parse_rate_limit: the dictionary of draft 07", "[http][rate_limit]") {
    const auto one = limits("limit=100, remaining=50, reset=5");
    REQUIRE(one.size() == 1);
    CHECK(one[0].name.empty());
    CHECK(one[0].limit == 100);
    CHECK(one[0].remaining == 50);
    CHECK(one[0].reset == 5s);

    CHECK(limits("reset=5, other=(1 2), limit=10").binding()->remaining == none);
    CHECK(limits("limit=1, limit=2, reset=5").binding()->limit == 2);
    CHECK(limits("limit=\"a\", reset=5").binding()->limit == none);
    CHECK(limits("limit=10;reset=7, reset=5").binding()->reset == 5s);
    CHECK(limits("limit=10, reset=1795299630").binding()->reset == 30s);
    CHECK(limits("limit=10, remaining=-1, reset=5").empty());
    CHECK(limits("limit=10, remaining=1.5, reset=5").empty());
    CHECK(limits("limit=10, remaining=1, reset=-5").empty());
    CHECK(limits("limit=10, remaining=1, reset=5,").empty());
    CHECK(limits("other=1").empty());
    CHECK(limits("limit=10").binding()->limit == 10);
    CHECK(limits("remaining=0").binding()->remaining == 0);
    CHECK(limits("reset=5").binding()->reset == 5s);
}

TEST_CASE("parse_rate_limit: several fields are one list", "[http][rate_limit]") {
    std::vector<field> fields = {
        {"RateLimit", "\"a\";r=1;t=1"}, {"X", "?"}, {"ratelimit", "\"b\";r=0;t=7"}};
    CHECK(parse_rate_limit(fields, now).size() == 2);
    fields.push_back({"RateLimit", ""});
    CHECK(parse_rate_limit(fields, now).empty());
    CHECK(parse_rate_limit({}, now).empty());

    const std::vector<field> many(10'000, field{"RateLimit", "\"a\";r=5;t=1"});
    auto last = many;
    last.push_back({"RateLimit", "\"b\";r=0;t=9"});
    CHECK(parse_rate_limit(many, now).size() == quotas::max);
    CHECK(parse_rate_limit(last, now).binding()->reset == 9s);
}

TEST_CASE("parse_rate_limit: over 64 KiB is no list", "[http][rate_limit][robustness]") {
    std::string value = "\"a\";r=0;t=5;pk=:";
    value.append((65'536 - value.size() - 1) / 4 * 4, 'A');
    value += ':';
    value.append(65'536 - value.size(), ' ');
    CHECK(limits(value).size() == 1);
    CHECK(limits(value + " ").empty());
    CHECK(policies("100;w=60;c=\"" + std::string(65'000, 'c') + "\"").size() == 1);
    CHECK(policies("100;w=60;c=\"" + std::string(66'000, 'c') + "\"").empty());
}

TEST_CASE("parse_rate_limit_policy: every draft", "[http][rate_limit]") {
    const auto old = policies("10;w=1, 50;w=60;comment=\"a, b\", 1000;window=3600, 5");
    REQUIRE(old.size() == 4);
    CHECK(old[0].name.empty());
    CHECK(old[0].limit == 10);
    CHECK(old[0].window == 1s);
    CHECK(old[1].window == 1min);
    CHECK(old[2].window == 1h);
    CHECK(old[3].limit == 5);
    CHECK(old[3].window == none);

    const auto named = policies("\"permin\";q=50;w=60,\"bytes\";q=9;qu=\"content-bytes\", c;q=0");
    REQUIRE(named.size() == 3);
    CHECK(named[0].name == "permin");
    CHECK(named[0].limit == 50);
    CHECK(named[0].unit.empty());
    CHECK(named[0].remaining == none);
    CHECK(named[1].unit == "content-bytes");
    CHECK(named[1].window == none);
    CHECK(named[2].name == "c");
    CHECK(named[2].limit == 0);

    CHECK(policies("\"a\";w=60").empty());
    CHECK(policies("\"a\";q=-1;w=60").empty());
    CHECK(policies("\"a\";q=1.5;w=60").empty());
    CHECK(policies("-1;w=60").empty());
    CHECK(policies("1.5;w=60").empty());
    CHECK(policies("\"a\";q=1;w=-60").binding()->window == none);
    CHECK(policies("\"a\";q=1;w=\"60\"").binding()->window == none);
    CHECK(policies("\"a\";q=1;qu=bytes").binding()->unit.empty());
    CHECK(policies("999999999999999;w=999999999999999").binding()->window == 999999999999999s);
}
