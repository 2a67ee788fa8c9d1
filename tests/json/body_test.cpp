// SPDX-License-Identifier: MIT
#include <bide/json/body.hpp>  // first, to prove that the header stands alone

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::http::body_rule;
using bide::http::body_wait;
using bide::http::reset_unit;
using bide::json::body;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::sys_seconds base = std::chrono::sys_days{2026y / 11 / 21} + 22h + 20min;

/// Milliseconds, -1 for none, -2 for a body that is not read.
std::int64_t wait_of(std::string_view text, const std::vector<body_wait>& known = {},
                     std::optional<std::chrono::sys_seconds> since = base) {
    const auto said = body::parse(text);
    if (!said) return -2;
    const auto wait = said->wait(known, since);
    return wait ? wait->count() : -1;
}

std::string nested(std::size_t depth) {
    std::string text = R"({"retry_after":1,"x":)";
    for (std::size_t i = 1; i < depth; ++i) text += '[';
    for (std::size_t i = 1; i < depth; ++i) text += ']';
    return text + '}';
}

std::string long_as(std::size_t size) {
    std::string text = R"({"retry_after":1,"x":")";
    text.append(size - text.size() - 2, 'x');
    return text + R"("})";
}

/// What one rule with that pointer and text comes to: v)erdict of the rule, m)ixed or -.
char held(std::string_view text, std::string_view where, std::string_view is) {
    const body_rule rule{200, 299, where, is, verdict::throttled, certainty::rejected};
    const auto said = body::parse(text);
    REQUIRE(said);
    const auto means = said->by_rules({&rule, 1}, 200);
    if (!means) return '-';
    if (means->verdict == verdict::throttled && means->certainty == certainty::rejected) return 'v';
    CHECK(means->verdict == verdict::permanent);
    CHECK(means->certainty == certainty::ambiguous);
    return 'm';
}

}  // namespace

TEST_CASE("body: only whole and modest JSON is read", "[json][body]") {
    using namespace std::string_literals;
    const auto [text, wait] = GENERATE(table<std::string, std::int64_t>({
        {R"({"retry_after":1})", 1000},
        {" \r\n\t{\"retry_after\":1}\n", 1000},
        {"\xef\xbb\xbf{\"retry_after\":1}", 1000},
        {R"([{"retry_after":1}])", -1},
        {"", -2},
        {" ", -2},
        {"7", -2},
        {R"("retry_after")", -2},
        {"retry_after: 1", -2},
        {"<html>{\"retry_after\":1}</html>", -2},
        {R"({"retry_after":1)", -2},
        {R"({"retry_after":1}})", -2},
        {R"({"retry_after":1}{"retry_after":1})", -2},
        {R"({"retry_after":1,})", -2},
        {R"({'retry_after':1})", -2},
        {"{\"retry_after\":1}\0"s, -2},
        {"{\"retry_after\":1,\"x\":\"\xff\"}", -2},
        {R"({"retry_after":1,"retry_after":1})", -2},
        {R"({"retry_after":1,"x":{"y":1,"y":1}})", -2},
        {R"({"retry_after":1,"x":1e999})", -2},
        {nested(32), 1000},
        {nested(33), -2},
        {nested(60'000), -2},
        {long_as(bide::json::max_body_read), 1000},
        {long_as(bide::json::max_body_read + 1), -2},
    }));
    CAPTURE(text.substr(0, 100));
    CHECK(wait_of(text) == wait);
}

TEST_CASE("body: numbers and texts that are a wait, and those that are none",
          "[json][body][wait]") {
    constexpr auto longest = milliseconds::max().count();
    const auto [value, wait] = GENERATE_COPY(table<std::string, std::int64_t>({
        {"5", 5000},
        {"0", 0},
        {"5.0", 5000},
        {"64.57", 64'570},
        {"0.1", 100},
        {"1e3", 1'000'000},
        {"2000000000", 2'000'000'000'000},
        {"1e-5", 1},
        {"5e-324", 1},
        {"18446744073709551615", longest},
        {"99999999999999999999", longest},
        {"1e308", longest},
        {R"("5")", 5000},
        {R"(" 5.5 ")", 5500},
        {R"("2s")", 2000},
        {R"("2026-11-21T22:20:30.001Z")", 30'001},
        {R"("Sat, 21 Nov 2026 22:21:00 GMT")", 60'000},
        {R"("2026-11-21T22:00:00Z")", 0},
        {"-1", -1},
        {"-0.5", -1},
        {"-0.0", -1},
        {R"("-1")", -1},
        {R"("1e3")", -1},
        {R"("soon")", -1},
        {R"("")", -1},
        {"true", -1},
        {"null", -1},
        {"[5]", -1},
        {R"({"seconds":5})", -1},
    }));
    CAPTURE(value);
    CHECK(wait_of(R"({"retry_after":)" + value + "}") == wait);
}

TEST_CASE("body: the places where a wait is told", "[json][body][wait]") {
    const auto [text, wait] = GENERATE(table<std::string, std::int64_t>({
        {R"({"message":"You are being rate limited.","retry_after":64.57,"global":false})", 64'570},
        {R"({"ok":false,"error_code":429,"parameters":{"retry_after":5}})", 5000},
        {R"({"message":"Rate limit exceeded","errorcode":50100,"retryAfter":5})", 5000},
        {R"({"retry_after_seconds":1.5})", 1500},
        {R"({"retryAfterSeconds":2})", 2000},
        {R"({"retry_after_ms":250})", 250},
        {R"({"retryAfterMs":250.5})", 251},
        {R"({"error":{"retry_after":7}})", 7000},
        {R"({"errors":[{"extensions":{"retry_in_seconds":3}},{"extensions":{"retry_in_seconds":9}},
             {"message":"no"}]})",
         9000},
        {R"({"metadata":{"recommendedRetryTime":"2026-11-21T22:20:05.500Z"}})", 5500},
        {R"({"error":{"text":"Too many","nextValidRequestDate":"2026-11-21T22:20:01Z"}})", 1000},
        {R"({"error":{"details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure"},
             {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3.957525076s"}]}})",
         3958},
        {R"({"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0s"}]})",
         0},
        {R"({"error":{"details":[{"@type":"a/google.rpc.Help","retryDelay":"3s"}]}})", -1},
        {R"({"error":{"details":[{"retryDelay":"3s"}]}})", -1},
        {R"({"error":{"details":[{"@type":1,"retryDelay":"3s"}]}})", -1},
        {R"({"error":{"details":[{"@type":"google.rpc.RetryInfo","retryDelay":3}]}})", -1},
        {R"({"error":{"details":"google.rpc.RetryInfo"}})", -1},
        {R"({"x":{"retry_after":5}})", -1},
        {R"({"Retry_After":5,"retry-after":5})", -1},
        {R"({"error":"Too many requests, please try again in 20s"})", -1},
        {R"({"errors":{"extensions":{"retry_in_seconds":3}}})", -1},
        // The more precise name counts, and one that cannot be read does not spoil another.
        {R"({"retry_after":1,"retry_after_ms":250})", 250},
        {R"({"retry_after":9,"retry_after_ms":"?"})", 9000},
        {R"({"retry_after":null,"error":{"retry_after":2}})", 2000},
    }));
    CAPTURE(text);
    CHECK(wait_of(text) == wait);
}

TEST_CASE("body: an instant needs something to count from", "[json][body][wait]") {
    constexpr std::string_view instant = R"({"retry_after":"2026-11-21T22:20:30Z"})";
    CHECK(wait_of(instant) == 30'000);
    CHECK(wait_of(instant, {}, std::nullopt) == -1);
    CHECK(wait_of(R"({"retry_after":30})", {}, std::nullopt) == 30'000);
}

TEST_CASE("body: a profile knows more places, and sentences", "[json][body][wait]") {
    struct row {
        std::string_view text;
        body_wait told;
        std::int64_t wait;
    };
    constexpr auto ms = reset_unit::milliseconds;
    constexpr auto by_value = reset_unit::by_value;
    constexpr std::string_view here = "/m";
    const auto [text, told, wait] = GENERATE_COPY(values<row>({
        {R"({"m":"Throughput Rate Exceeded - please wait [ 250 ] and retry"})",
         {here, "please wait [", ms},
         250},
        {R"({"m":"please wait [250] and retry"})", {here, "please wait [", ms}, 250},
        {R"({"m":"please wait [ x ] and retry"})", {here, "please wait [", ms}, -1},
        {R"({"m":"please wait ["})", {here, "please wait [", ms}, -1},
        {R"({"m":"Throttled"})", {here, "please wait [", ms}, -1},
        {R"({"m":"Please try again in 20s. Visit us."})", {here, "try again in"}, 20'000},
        {R"({"m":"Please try again in 6ms."})", {here, "try again in"}, 6},
        {R"({"m":"Please retry in 36.96s."})", {here, "retry in "}, 36'960},
        {R"({"m":"Please try after 2026-11-21T22:20:01.255Z"})", {here, "try after"}, 1255},
        {R"({"m":"again in -3s"})", {here, "again in"}, -1},
        {R"({"m":1500})", {here, "", ms}, 1500},
        {R"({"m":"2s"})", {here, "", ms}, -1},
        {R"({"m":"2s"})", {here, "", by_value}, 2000},
        {R"({"m":[{"t":"wait 3"},{"t":"wait 30"},{"u":"wait 99"},"wait 98"]})",
         {"/m/*/t", "wait ", reset_unit::seconds},
         30'000},
        {R"({"m":[7,8]})", {"/m/1", "", reset_unit::seconds}, 8000},
        {R"({"m":7})", {}, -1},
        // The usual names come behind what the profile knows.
        {R"({"m":7,"retry_after":1})", {here, "", reset_unit::seconds}, 7000},
        {R"({"m":"?","retry_after":1})", {here, "", reset_unit::seconds}, 1000},
    }));
    CAPTURE(text);
    CHECK(wait_of(text, {told}) == wait);
    CHECK(wait_of(text, {{"/nowhere", ""}, told}) == wait);
}

TEST_CASE("body: what a rule compares", "[json][body][rule]") {
    const auto [value, is, result] = GENERATE(table<std::string, std::string_view, char>({
        {R"("1")", "1", 'v'},
        {"1", "1", 'v'},
        {"1.0", "1", 'v'},
        {"-1", "-1", 'v'},
        {"20429", "20429", 'v'},
        {"true", "true", 'v'},
        {R"("rate")", "rate", 'v'},
        {R"("rate")", "ra", '-'},
        {R"("rate")", "rates", '-'},
        {R"("rate")", "Rate", '-'},
        {R"("rate limit")", "rate*", 'v'},
        {R"("rate")", "rate*", 'v'},
        {R"("rat")", "rate*", '-'},
        {"429", "42*", 'v'},
        {R"("")", "*", 'v'},
        {R"("")", "", 'v'},
        {"false", "", 'v'},
        {"[]", "", 'v'},
        {"{}", "", 'v'},
        {"null", "", '-'},
        {"null", "*", '-'},
        {"[]", "*", '-'},
        {R"(["a"])", "a", '-'},
    }));
    CAPTURE(value, is);
    CHECK(held(R"({"a":)" + value + "}", "/a", is) == result);
}

TEST_CASE("body: where a rule looks", "[json][body][rule][pointer]") {
    constexpr std::string_view text = R"({"":"e","a/b":"s","m~n":"t","~1":"u","*":"w","0":"o",
        "l":[{"c":"x"},{"c":"y"}],"d":{"e":{"f":"z"}},"n":[["p"],["p"]],"none":[]})";
    const auto [where, is, result] = GENERATE(table<std::string_view, std::string_view, char>({
        {"/", "e", 'v'},      {"/a~1b", "s", 'v'},
        {"/m~0n", "t", 'v'},  {"/~01", "u", 'v'},
        {"/*", "w", 'v'},     {"/0", "o", 'v'},
        {"/l/0/c", "x", 'v'}, {"/l/1/c", "y", 'v'},
        {"/l/2/c", "", '-'},  {"/l/01/c", "", '-'},
        {"/l/-/c", "", '-'},  {"/l/+0/c", "", '-'},
        {"/l/1x/c", "", '-'}, {"/l//c", "", '-'},
        {"/l/c", "", '-'},    {"/l/*/c", "", 'v'},
        {"/l/*/c", "x", 'm'}, {"/l/*/c", "q", '-'},
        {"/l/*", "", 'v'},    {"/l/*/*", "", '-'},
        {"/d/e/f", "z", 'v'}, {"/d/e/f/", "", '-'},
        {"/d/*/f", "z", '-'}, {"/n/*/*", "p", 'v'},
        {"/n/*/0", "p", 'v'}, {"/n/*/1", "p", '-'},
        {"/none/*", "", '-'}, {"/none", "", 'v'},
        {"", "", 'v'},        {"l", "", '-'},
        {"d/e", "", '-'},     {"/l/99999999999999999999/c", "", '-'},
    }));
    CAPTURE(where, is);
    CHECK(held(text, where, is) == result);
}

TEST_CASE("body: each part must tell the same", "[json][body][rule]") {
    const auto [parts, result] = GENERATE(table<std::string_view, char>({
        {R"([{"s":"1"}])", 'v'},
        {R"([{"s":"1"},{"s":1}])", 'v'},
        {R"([{"s":"0"},{"s":"1"}])", 'm'},
        {R"([{"s":"1"},{}])", 'm'},
        {R"([{"s":"1"},7])", 'm'},
        {R"([{"s":"1"},{"s":null}])", 'm'},
        {R"([{"s":"0"},{"s":"0"}])", '-'},
        {R"([{},{}])", '-'},
        {R"([])", '-'},
        {R"({"s":"1"})", '-'},
    }));
    CAPTURE(parts);
    CHECK(held(R"({"m":)" + std::string{parts} + "}", "/m/*/s", "1") == result);
}

TEST_CASE("body: the first rule that holds anywhere decides", "[json][body][rule]") {
    constexpr body_rule rules[] = {
        {},
        {200, 299, "/m/*/s", "0", verdict::success, certainty::answered},
        {200, 200, "/m/*/s", "1", verdict::throttled, certainty::rejected},
        {400, 499, "/code", "", verdict::overloaded, certainty::rejected},
        {200, 299, "/m/*/s", "", verdict::transient, certainty::answered},
    };
    const auto verdict_of = [&](std::string_view text, int status) {
        const auto said = body::parse(text);
        const auto means = said->by_rules(rules, status);
        return means ? std::optional{means->verdict} : std::nullopt;
    };
    CHECK(verdict_of(R"({"m":[{"s":0}]})", 200) == verdict::success);
    CHECK(verdict_of(R"({"m":[{"s":1},{"s":0}]})", 200) == verdict::permanent);
    CHECK(verdict_of(R"({"m":[{"s":1},{"s":2}]})", 200) == verdict::permanent);
    CHECK(verdict_of(R"({"m":[{"s":1},{"s":1}]})", 200) == verdict::throttled);
    CHECK(verdict_of(R"({"m":[{"s":1},{"s":1}]})", 201) == verdict::transient);
    CHECK(verdict_of(R"({"m":[{"s":4},{"s":5}]})", 299) == verdict::transient);
    CHECK(verdict_of(R"({"m":[{"s":0}]})", 300) == std::nullopt);
    CHECK(verdict_of(R"({"m":[{"s":0}]})", 199) == std::nullopt);
    CHECK(verdict_of(R"({"code":7})", 400) == verdict::overloaded);
    CHECK(verdict_of(R"({"code":7})", 499) == verdict::overloaded);
    CHECK(verdict_of(R"({"code":7})", 500) == std::nullopt);
    CHECK(verdict_of(R"({"code":7})", 200) == std::nullopt);
}
