// SPDX-License-Identifier: MIT
#include <bide/http/reset_value.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

using bide::http::parse_reset;
using bide::http::reset_unit;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

namespace {

constexpr sys_seconds now{1'795'299'600s};  // Sat, 21 Nov 2026 22:20:00 GMT
constexpr auto none = std::nullopt;
constexpr auto longest = milliseconds::max();

}  // namespace

static_assert(now == sys_days{2026y / 11 / 21} + 22h + 20min);
static_assert(parse_reset("30", now) == 30s);
static_assert(parse_reset("1795299630", now) == 30s);
static_assert(noexcept(parse_reset("", now)));

TEST_CASE("parse_reset: a number tells by its size what it counts", "[http][reset_value]") {
    struct row {
        std::string_view value;
        std::optional<milliseconds> expected;
    };
    const auto [value, expected] = GENERATE(values<row>({
        {"0", 0ms},
        {"6", 6s},
        {"006", 6s},
        {" 6\t", 6s},
        {"0.42", 420ms},
        {"64.57", 64570ms},
        {"0.0001", 1ms},
        {"86400", 24h},
        {"2163603", 2163603s},
        {"999999999", 999999999s},
        {"999999999.9", 999999999900ms},
        {"1000000000", 0ms},  // September 2001
        {"1392815263", 0ms},
        {"1795299599", 0ms},
        {"1795299600", 0ms},
        {"1795299600.001", 1ms},
        {"1795299607.512453", 7513ms},
        {"99999999999", 99999999999s - 1795299600s},
        {"100000000000", 0ms},  // March 1973
        {"1795299630250", 30250ms},
        {"1795299630250.5", 30251ms},
        {"99999999999999", 99999999999999ms - 1795299600s},
        {"100000000000000", 0ms},
        {"1795299630250000", 30250ms},
        {"1795299630250001", 30251ms},
        {"99999999999999999", 100000000000000ms - 1795299600s},
        {"100000000000000000", 0ms},
        {"1795299630250000000", 30250ms},
        {"9223372036854775806", 9223372036855ms - 1795299600s},
        {"9223372036854775807", longest},
        {"99999999999999999999", longest},
        {"", none},
        {"-5", none},
        {"+5", none},
        {"1e3", none},
        {"0x10", none},
        {"5.", none},
        {".5", none},
        {"nan", none},
        {"\"5\"", none},
        {"soon", none},
        {"5 seconds", none},
    }));
    CAPTURE(value);
    CHECK(parse_reset(value, now) == expected);
}

TEST_CASE("parse_reset: texts", "[http][reset_value]") {
    struct row {
        std::string_view value;
        std::optional<milliseconds> expected;
    };
    const auto [value, expected] = GENERATE(values<row>({
        {"Sat, 21 Nov 2026 22:20:30 GMT", 30s},
        {"Sat, 21 Nov 2026 22:20:30 UTC", 30s},
        {"Saturday, 21-Nov-26 22:20:30 GMT", 30s},
        {"Sat Nov 21 22:20:30 2026", 30s},
        {"Sat Nov 21 2026 23:20:30 GMT+0100 (Central European Standard Time)", 30s},
        {"2026-11-21T22:20:30Z", 30s},
        {"2026-11-21T22:20:30.250Z", 30250ms},
        {"2026-11-21T22:21Z", 60s},
        {"2001-11-21T22:21Z", 0ms},
        {"6m0s", 6min},
        {"12ms", 12ms},
        {"2026-11-21", none},
        {"2026", 2026s},
        {"never", none},
    }));
    CAPTURE(value);
    CHECK(parse_reset(value, now) == expected);
}

TEST_CASE("parse_reset: a unit makes it a number", "[http][reset_value][unit]") {
    CHECK(parse_reset("1795299600", now, reset_unit::seconds) == 1795299600s);
    CHECK(parse_reset("64.57", now, reset_unit::seconds) == 64570ms);
    CHECK(parse_reset("600000", now, reset_unit::milliseconds) == 600s);
    CHECK(parse_reset("0.5", now, reset_unit::milliseconds) == 1ms);
    CHECK(parse_reset("1795299600000", now, reset_unit::milliseconds) == 1795299600s);
    CHECK(parse_reset("999999999", sys_seconds{999999000s}, reset_unit::epoch_seconds) == 999s);
    CHECK(parse_reset("999999999", now, reset_unit::epoch_seconds) == 0s);
    CHECK(parse_reset("99999999999999999999", now, reset_unit::epoch_seconds) == longest);
    CHECK(parse_reset("99999999999999999999", now, reset_unit::milliseconds) == longest);
    for (const auto unit :
         {reset_unit::seconds, reset_unit::milliseconds, reset_unit::epoch_seconds}) {
        CHECK(parse_reset("6m0s", now, unit) == none);
        CHECK(parse_reset("2026-11-21T22:20:30Z", now, unit) == none);
        CHECK(parse_reset("Sat, 21 Nov 2026 22:20:30 GMT", now, unit) == none);
    }
}

TEST_CASE("parse_reset: an instant needs a base", "[http][reset_value]") {
    CHECK(parse_reset("1795299630", none) == none);
    CHECK(parse_reset("1795299630250", none) == none);
    CHECK(parse_reset("99999999999999999999", none) == none);
    CHECK(parse_reset("2026-11-21T22:20:30Z", none) == none);
    CHECK(parse_reset("1795299630", none, reset_unit::epoch_seconds) == none);
    CHECK(parse_reset("30", none) == 30s);
    CHECK(parse_reset("6m0s", none) == 6min);
    CHECK(parse_reset("1795299630", sys_seconds{-1s}) == 1795299631s);
    CHECK(parse_reset("1795299630", sys_days{-32767y / 1 / 1}) ==
          sys_seconds{1795299630s} - sys_days{-32767y / 1 / 1});
    CHECK(parse_reset("1795299630", sys_seconds{-9223372036854774s}) == longest);
    CHECK(parse_reset("1795299630", sys_seconds{std::chrono::seconds::min()}) == longest);
    CHECK(parse_reset("1795299630", sys_seconds{std::chrono::seconds::max()}) == 0s);
}

TEST_CASE("parse_reset: joined values give the longest", "[http][reset_value][list]") {
    CHECK(parse_reset("6, 30", now) == 30s);
    CHECK(parse_reset("1795299630, 6", now) == 30s);
    CHECK(parse_reset("soon, 6", now) == 6s);
    CHECK(parse_reset("Sat, 21 Nov 2026 22:20:30 GMT, 6", now) == 30s);
    CHECK(parse_reset("Sat Nov 21 2026 23:20:30 GMT+0100 (CET), 6", now) == 30s);
    CHECK(parse_reset("6, Sat, 60", now) == 6s);
    CHECK(parse_reset("Sat 1, 60", now, reset_unit::seconds) == none);
    CHECK(parse_reset(",", now) == none);
}

TEST_CASE("parse_reset: long input is only long", "[http][reset_value][robustness]") {
    CHECK(parse_reset(std::string(100'000, '9'), now) == longest);
    CHECK(parse_reset(std::string(100'000, '0') + "7", now) == 7s);
    std::string hours;
    while (hours.size() < 256) hours += "1h";
    CHECK(parse_reset(hours, now) == 128h);
    CHECK(parse_reset(hours + "1h", now) == none);  // no duration is as long as that
}
