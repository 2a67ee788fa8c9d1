// SPDX-License-Identifier: MIT
#include <bide/http/retry_after.hpp>

#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using bide::http::field;
using bide::http::parse_retry_after;
using bide::http::retry_after;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

namespace {

constexpr sys_seconds now = sys_days{2026y / 11 / 21} + 22h + 20min;
constexpr auto none = std::nullopt;
constexpr auto longest = milliseconds::max();

}  // namespace

static_assert(parse_retry_after("120", now) == 120s);
static_assert(parse_retry_after("Sat, 21 Nov 2026 22:21:30 GMT", now) == 90s);
static_assert(noexcept(parse_retry_after("", now)));
static_assert(noexcept(retry_after({}, now)));

TEST_CASE("parse_retry_after: seconds", "[http][retry_after]") {
    struct row {
        std::string_view value;
        std::optional<milliseconds> expected;
    };
    const auto [value, expected] = GENERATE(values<row>({
        {"0", 0s},
        {"1", 1s},
        {"007", 7s},
        {" \t 30 \t ", 30s},
        {"00000000000000000000000000000005", 5s},
        {"9223372037", 9223372037s},    // more than 2^63 ns
        {"18446744074", 18446744074s},  // more than 2^64 ns
        {"4294967296000", 4294967296000s},
        {"9223372036854774", 9223372036854774s},
        {"9223372036854775", 9223372036854775s},
        {"9223372036854775.807", longest},
        {"9223372036854775.808", longest},  // 2^63 ms
        {"9223372036854776", longest},
        {"18446744073709552", longest},     // 2^64 ms
        {"9223372036854775807", longest},   // 2^63 - 1
        {"9223372036854775808", longest},   // 2^63
        {"18446744073709551616", longest},  // 2^64
        {"99999999999999999999", longest},
        // No delay-seconds, but clear; upward to milliseconds.
        {"2.5", 2500ms},
        {"2.0", 2s},
        {"5.954", 5954ms},
        {"0.9999", 1s},
        {"0.0000001", 1ms},
        {"1795299607.5", 1795299607500ms},
        // As if absent.
        {"", none},
        {" ", none},
        {"-1", none},
        {"-0", none},
        {"+5", none},
        {"2.", none},
        {".5", none},
        {"2.5.1", none},
        {"2.-5", none},
        {"0x10", none},
        {"1e3", none},
        {"12abc", none},
        {"120 seconds", none},
        {"30s", none},
        {"1 2", none},
        {"\"30\"", none},
        {"soon", none},
        {"nan", none},
        {"inf", none},
        {"12\0000"sv, none},
        {"30\r", none},
        {"\n30", none},
        {"30\xc2\xa0", none},  // a no-break space
        {"\xd9\xa3", none},    // an Arabic digit
        {"2026-11-21T22:21:30Z", none},
    }));
    CAPTURE(value);
    CHECK(parse_retry_after(value, now) == expected);
}

TEST_CASE("parse_retry_after: dates count from the base", "[http][retry_after][date]") {
    struct row {
        std::string_view value;
        std::optional<milliseconds> expected;
    };
    const auto [value, expected] = GENERATE(values<row>({
        {"Sat, 21 Nov 2026 22:21:30 GMT", 90s},
        {"Saturday, 21-Nov-26 22:21:30 GMT", 90s},
        {"Sat Nov 21 22:21:30 2026", 90s},
        {"\tSat, 21 Nov 2026 22:21:30 GMT ", 90s},
        {"Sat, 21 Nov 2026 22:20:01 GMT", 1s},
        {"Sat, 21 Nov 2026 22:20:00 GMT", 0s},
        {"Sat, 21 Nov 2026 22:19:59 GMT", 0s},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0s},
        {"Sat, 01 Jan 0000 00:00:00 GMT", 0s},
        {"Fri, 31 Dec 9999 23:59:59 GMT", sys_days{9999y / 12 / 31} + 24h - 1s - now},
        {"Wed, 29 Feb 2023 12:00:00 GMT", none},
        {"Sat, 21 Nov 2026 24:00:00 GMT", none},
        {"sat, 21 nov 2026 22:21:30 gmt", 90s},
        {"Sat, 21 Nov 2026 22:21:30 UTC", 90s},
        {"Sat, 21 Nov 2026 23:21:30 +0100", 90s},
        {"Sat, 21 Nov 2026 22:21:30 +0000", 90s},
        {"Saturday, 21-Nov-26 22:21:30 UTC", 90s},
        {"Sat, 21 Nov 2026 22:21:30 PST", none},
        {"Zat, 21 Nov 2026 22:21:30 GMT", none},
        {"Sat,", none},
        {"Sat", none},
        {",", none},
    }));
    CAPTURE(value);
    CHECK(parse_retry_after(value, now) == expected);
}

TEST_CASE("parse_retry_after: a date needs a base", "[http][retry_after][date]") {
    CHECK(parse_retry_after("Sat, 21 Nov 2026 22:21:30 GMT", none) == none);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", none) == none);
    CHECK(parse_retry_after("5", none) == 5s);
    CHECK(parse_retry_after("Sat, 21 Nov 2026 22:21:30 GMT, 5", none) == 5s);
}

TEST_CASE("parse_retry_after: dates that no wall clock reaches", "[http][retry_after][date]") {
    const sys_seconds far = sys_days{9999y / 12 / 31};
    CHECK(parse_retry_after("Fri, 31 Dec 9999 00:00:05 GMT", far) == 5s);
    CHECK(parse_retry_after("Fri, 31 Dec 9999 00:00:05 GMT", sys_days{0y / 1 / 1}) ==
          far - sys_days{0y / 1 / 1} + 5s);
    CHECK(parse_retry_after("Sat, 01 Jan 0000 00:00:00 GMT", far) == 0s);
}

TEST_CASE("parse_retry_after: joined values give the longest", "[http][retry_after][list]") {
    struct row {
        std::string_view value;
        std::optional<milliseconds> expected;
    };
    const auto [value, expected] = GENERATE(values<row>({
        {"120, 60", 120s},
        {"60,120", 120s},
        {"60 ,\t120 ", 120s},
        {"5, 99999999999999999999", longest},
        {"Sat, 21 Nov 2026 22:21:30 GMT, 60", 90s},
        {"Sat, 21 Nov 2026 22:21:30 GMT, 120", 120s},
        {"60, Sat, 21 Nov 2026 22:21:30 GMT", 90s},
        {"60,Saturday, 21-Nov-26 22:21:30 GMT,80", 90s},
        {"60, Sat Nov 21 22:21:30 2026, 80", 90s},
        {"Sat, 21 Nov 2026 22:21:30 GMT, Sat, 21 Nov 2026 22:22:30 GMT", 150s},
        {"Sun, 06 Nov 1994 08:49:37 GMT, 3", 3s},
        {",, 7 ,,", 7s},
        {"soon, 60", 60s},
        {"60, soon", 60s},
        {"-5, 60, 2.5", 60s},
        {"-5, 60.5, 60", 60500ms},
        {"soon, later", none},
        // Behind a broken date nothing is read: here 06, 1994 and 60 may be pieces of it.
        {"Sun, 06, Nov 1994 08:49:37 GMT", none},
        {"Sun Nov  6 08:49:37,1994", none},
        {"sun, 06", none},
        {"sat, 21 nov 2026 22:21:30 utc, 60", 90s},
        {"saturday, 21-nov-26 22:21:30 gmt,80", 90s},
        {"Sun, 60", none},
        {"5, Sun, 60", 5s},
        {"Sun , 06 Nov 1994 08:49:37 GMT, 60", none},
    }));
    CAPTURE(value);
    CHECK(parse_retry_after(value, now) == expected);
}

TEST_CASE("retry_after: the longest of all fields", "[http][retry_after][list]") {
    struct row {
        std::vector<field> fields;
        std::optional<milliseconds> expected;
    };
    const std::vector<row> rows = {
        {{}, none},
        {{{"Date", "Sat, 21 Nov 2026 22:21:30 GMT"}}, none},
        {{{"Retry-After", "5"}}, 5s},
        {{{"rETRY-aFTER", "5"}}, 5s},
        {{{"Retry-After", "5"}, {"Retry-After", "60"}}, 60s},
        {{{"Retry-After", "60"}, {"retry-after", "5"}}, 60s},
        {{{"Retry-After", "soon"}, {"Retry-After", "5"}}, 5s},
        {{{"Retry-After", "5"}, {"Retry-After", "Sun, 60"}}, 5s},
        {{{"Retry-After", "0"}}, 0s},
        {{{"Retry-After", ""}}, none},
        {{{"Retry-After-Ms", "5"}, {"X-Retry-After", "5"}, {"RetryAfter", "5"}}, none},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        CHECK(retry_after(rows[i].fields, now) == rows[i].expected);
    }
}

TEST_CASE("parse_retry_after: every short text", "[http][retry_after][robustness]") {
    const auto digit = [](int c) { return c >= '0' && c <= '9'; };
    const auto blank = [](int c) { return c == ' ' || c == '\t'; };
    for (int a = 0; a < 256; ++a) {
        const auto first = static_cast<char>(a);
        const auto alone = parse_retry_after({&first, 1}, now);
        if (digit(a) ? alone != std::chrono::seconds{a - '0'} : alone.has_value()) FAIL(a);
        for (int b = 0; b < 256; ++b) {
            const std::array<char, 2> text = {first, static_cast<char>(b)};
            std::optional<milliseconds> expected;
            const auto separator = [&](int c) { return blank(c) || c == ','; };
            if (digit(a) && digit(b))
                expected = std::chrono::seconds{(a - '0') * 10 + b - '0'};
            else if (digit(a) && separator(b))
                expected = std::chrono::seconds{a - '0'};
            else if (separator(a) && digit(b))
                expected = std::chrono::seconds{b - '0'};
            if (parse_retry_after({text.data(), 2}, now) != expected) FAIL(a << " " << b);
        }
    }
    SUCCEED();
}

TEST_CASE("parse_retry_after: a date with one wrong byte is a date or nothing",
          "[http][retry_after][robustness]") {
    // Above all its pieces are never read as seconds.
    const auto original = GENERATE(as<std::string>{}, "Sat, 21 Nov 2026 22:21:30 GMT",
                                   "Saturday, 21-Nov-26 22:21:30 GMT", "Sat Nov 21 22:21:30 2026");
    CAPTURE(original);
    const auto check = [](const std::string& text) {
        const auto hint = parse_retry_after(text, now);
        // Empty members of a list are allowed, so a comma more at either end leaves the date.
        auto bare = text;
        if (bare.starts_with(',')) bare.erase(0, 1);
        if (bare.ends_with(',')) bare.pop_back();
        const auto date = bide::http::parse_loose_date(bide::http::trim(bare), now);
        if (hint.has_value() != date.has_value()) FAIL(text);
    };
    for (std::size_t at = 0; at <= original.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            const auto c = static_cast<char>(byte);
            if (at < original.size()) {
                auto text = original;
                text[at] = c;
                check(text);
            }
            check(original.substr(0, at) + c + original.substr(at));
        }
        if (at < original.size()) check(original.substr(0, at) + original.substr(at + 1));
        check(original.substr(0, at));
    }
    SUCCEED();
}

TEST_CASE("parse_retry_after: long input is only long", "[http][retry_after][robustness]") {
    const std::string digits(100'000, '9');
    CHECK(parse_retry_after(digits, now) == longest);
    CHECK(parse_retry_after(std::string(100'000, '0') + "7", now) == 7s);
    CHECK(parse_retry_after(std::string(100'000, ','), now) == none);
    CHECK(parse_retry_after(std::string(100'000, ' '), now) == none);
    std::string days;
    for (int i = 0; i < 2'000; ++i) days += "x,Sat Nov 21 22:21:30 2026,";
    CHECK(parse_retry_after(days, now) == 90s);
    // Over 64 KiB nothing is taken for a list, but a number stays one.
    CHECK(parse_retry_after(std::string(65'536, ',').replace(0, 1, "7"), now) == 7s);
    CHECK(parse_retry_after(std::string(65'537, ',').replace(0, 1, "7"), now) == none);
    const std::vector<field> fields(10'000, field{"Retry-After", "60"});
    CHECK(retry_after(fields, now) == 60s);
}
