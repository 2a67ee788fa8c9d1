// SPDX-License-Identifier: MIT
#include <bide/http/timestamp.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <optional>
#include <string_view>

using bide::http::parse_js_date;
using bide::http::parse_timestamp;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::sys_time;
using namespace std::chrono_literals;

namespace {

constexpr auto none = std::nullopt;
constexpr sys_seconds march = sys_days{2018y / 3 / 13} + 4h + 5min + 6s;

}  // namespace

static_assert(parse_timestamp("2018-03-13T04:05:06Z") == march);
static_assert(noexcept(parse_timestamp("")));
static_assert(noexcept(parse_js_date("")));

TEST_CASE("parse_timestamp: RFC 3339 and what is near it", "[http][timestamp]") {
    struct row {
        std::string_view text;
        std::optional<sys_time<milliseconds>> expected;
    };
    const auto [text, expected] = GENERATE(values<row>({
        {"2018-03-13T04:05:06Z", march},
        {"2018-03-13t04:05:06z", march},
        {"2018-03-13 04:05:06Z", march},
        {"2018-03-13T04:05:06.000Z", march},
        {"2018-03-13T04:05:06.5Z", march + 500ms},
        {"2018-03-13T04:05:06.250Z", march + 250ms},
        {"2018-03-13T04:05:06.2500000Z", march + 250ms},
        {"2018-03-13T04:05:06.2500001Z", march + 251ms},  // upward
        {"2018-03-13T04:05:06.9999Z", march + 1s},
        {"2018-03-13T04:05Z", march - 6s},
        {"2018-03-13T05:05:06+01:00", march},
        {"2018-03-13T05:05:06+0100", march},
        {"2018-03-12T22:35:06-05:30", march},
        {"2018-03-12T22:35-05:30", march - 6s},
        {"2016-12-31T23:59:60Z", sys_days{2017y / 1 / 1}},
        {"0000-01-01T00:00:00Z", sys_days{0y / 1 / 1}},
        {"9999-12-31T23:59:59Z", sys_days{9999y / 12 / 31} + 86399s},
        // Nobody can say whose time it is.
        {"2018-03-13T04:05:06", none},
        {"2018-03-13T04:05", none},
        {"2018-03-13", none},
        {"2018-03-13Z", none},
        {"2018-02-30T04:05:06Z", none},
        {"2018-13-13T04:05:06Z", none},
        {"2018-00-13T04:05:06Z", none},
        {"2018-03-13T24:00:00Z", none},
        {"2018-03-13T04:60:06Z", none},
        {"2018-03-13T04:05:61Z", none},
        {"2018-03-13T04:05:06.Z", none},
        {"2018-03-13T04:05:.5Z", none},
        {"2018-03-13T04:05:Z", none},
        {"2018-03-13T04:05:06,5Z", none},
        {"2018-03-13T04:05:06 Z", none},
        {"2018-03-13T04:05:06Zulu", none},
        {"2018-03-13T04:05:06+01", none},
        {"2018-03-13T04:05:06+24:00", none},
        {"2018-03-13T4:05:06Z", none},
        {"2018-3-13T04:05:06Z", none},
        {"18-03-13T04:05:06Z", none},
        {"20180313T040506Z", none},
        {"2018-03-13_04:05:06Z", none},
        {"", none},
    }));
    CAPTURE(text);
    CHECK(parse_timestamp(text) == expected);
}

TEST_CASE("parse_js_date: as Date.toString() writes it", "[http][timestamp]") {
    struct row {
        std::string_view text;
        std::optional<sys_seconds> expected;
    };
    const auto [text, expected] = GENERATE(values<row>({
        {"Tue Mar 13 2018 04:05:06 GMT+0000 (Coordinated Universal Time)", march},
        {"Tue Mar 13 2018 05:05:06 GMT+0100 (Central European Standard Time)", march},
        {"Mon Mar 12 2018 22:35:06 GMT-0530", march},
        {"tue mar 13 2018 04:05:06 gmt+0000", march},
        {"Tue Mar 13 2018 04:05:06 GMT+0000 ()", march},
        {"Tue Mar 13 2018 04:05:06", none},
        {"Tue Mar 13 2018 04:05:06 GMT", none},
        {"Tue Mar 13 2018 04:05:06 +0000", none},
        {"Tue Mar 13 2018 04:05:06 GMT+0000 ", none},
        {"Tue Mar 13 2018 04:05:06 GMT+0000 UTC", none},
        {"Tue Mar 13 2018 04:05:06 GMT+0000 (UTC", none},
        {"Tue Mar 13 2018 04:05:06 GMT+0000(UTC)", none},
        {"Tue Feb 30 2018 04:05:06 GMT+0000", none},
        {"Tue Mar 3 2018 04:05:06 GMT+0000", none},
        {"Zue Mar 13 2018 04:05:06 GMT+0000", none},
        {"", none},
    }));
    CAPTURE(text);
    CHECK(parse_js_date(text) == expected);
}
