// SPDX-License-Identifier: MIT
#include <bide/http/date.hpp>

#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

using bide::http::parse_date;
using bide::http::parse_loose_date;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

namespace {

constexpr sys_seconds now = sys_days{2026y / 11 / 21} + 22h + 20min;
constexpr auto none = std::nullopt;
constexpr sys_seconds nov_1994 = sys_days{1994y / 11 / 6} + 8h + 49min + 37s;

}  // namespace

// The three forms of one instant, from RFC 9110 5.6.7.
static_assert(parse_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == nov_1994);
static_assert(parse_date("Sunday, 06-Nov-94 08:49:37 GMT", now) == nov_1994);
static_assert(parse_date("Sun Nov  6 08:49:37 1994", now) == nov_1994);
static_assert(noexcept(parse_date("", now)));

TEST_CASE("parse_date: takes what the grammar allows", "[http][date]") {
    struct row {
        std::string_view text;
        sys_seconds expected;
    };
    const auto [text, expected] = GENERATE(values<row>({
        {"Thu, 01 Jan 1970 00:00:00 GMT", sys_seconds{}},
        {"Sat, 01 Jan 0000 00:00:00 GMT", sys_days{0y / 1 / 1}},
        {"Fri, 31 Dec 9999 23:59:59 GMT", sys_days{9999y / 12 / 31} + 86399s},
        {"Fri Dec 31 23:59:59 9999", sys_days{9999y / 12 / 31} + 86399s},
        {"Sun Nov 06 08:49:37 1994", nov_1994},  // two digits are allowed beside the padded one
        {"Thu, 29 Feb 2024 12:00:00 GMT", sys_days{2024y / 2 / 29} + 12h},
        {"Tue, 29 Feb 2000 12:00:00 GMT", sys_days{2000y / 2 / 29} + 12h},
        // A leap second, and the liberty of taking it at any minute.
        {"Wed, 31 Dec 2008 23:59:60 GMT", sys_days{2009y / 1 / 1}},
        {"Wed, 31 Dec 2008 12:00:60 GMT", sys_days{2008y / 12 / 31} + 12h + 1min},
        // A day name that does not belong to the date.
        {"Mon, 06 Nov 1994 08:49:37 GMT", nov_1994},
        {"Monday, 06-Nov-94 08:49:37 GMT", nov_1994},
        {"Mon Nov  6 08:49:37 1994", nov_1994},
    }));
    CAPTURE(text);
    CHECK(parse_date(text, now) == expected);
}

TEST_CASE("parse_date: knows every day and month by name", "[http][date]") {
    static constexpr std::array days = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static constexpr std::array long_days = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                             "Friday", "Saturday", "Sunday"};
    static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    // Seven consecutive days of each month, so that all names meet.
    for (unsigned m = 1; m <= 12; ++m) {
        for (unsigned d = 1; d <= 7; ++d) {
            const sys_days day{
                std::chrono::year_month_day{2026y, std::chrono::month{m}, std::chrono::day{d}}};
            const auto weekday = std::chrono::weekday{day}.iso_encoding() - 1;
            const auto month = std::string{months[m - 1]};
            const auto digit = std::to_string(d);
            const auto imf =
                std::string{days[weekday]} + ", 0" + digit + " " + month + " 2026 01:02:03 GMT";
            const auto rfc850 =
                std::string{long_days[weekday]} + ", 0" + digit + "-" + month + "-26 01:02:03 GMT";
            const auto asctime =
                std::string{days[weekday]} + " " + month + "  " + digit + " 01:02:03 2026";
            CAPTURE(imf);
            CHECK(parse_date(imf, now) == day + 1h + 2min + 3s);
            CHECK(parse_date(rfc850, now) == day + 1h + 2min + 3s);
            CHECK(parse_date(asctime, now) == day + 1h + 2min + 3s);
        }
    }
}

TEST_CASE("parse_date: refuses everything else", "[http][date][errors]") {
    const auto text =
        GENERATE(as<std::string_view>{},  //
                 "", " ", "0", "now",
                 // Impossible times.
                 "Wed, 29 Feb 2023 12:00:00 GMT", "Thu, 29 Feb 1900 12:00:00 GMT",
                 "Tue, 31 Apr 2024 12:00:00 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
                 "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
                 "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
                 "Sunday, 31-Apr-94 08:49:37 GMT", "Sun Apr 31 08:49:37 1994",
                 // Letters of the wrong case, other zones.
                 "sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
                 "Sun, 06 Nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 08:49:37 UTC",
                 "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 06 Nov 1994 08:49:37 +0000",
                 "Sun, 06 Nov 1994 08:49:37", "Sun Nov  6 08:49:37 1994 GMT",
                 // Fields of the wrong width.
                 "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
                 "Sun, 06 Nov 19940 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
                 "Sun, 06  Nov 1994 08:49:37 GMT", "Sun,06 Nov 1994 08:49:37 GMT",
                 "Sun Nov 6 08:49:37 1994", "Sun Nov   6 08:49:37 1994",
                 "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT",
                 "Sunday, 06 Nov 1994 08:49:37 GMT", "Sunday Nov  6 08:49:37 1994",
                 // Nearly names.
                 "Foo, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nob 1994 08:49:37 GMT",
                 "Sundae, 06-Nov-94 08:49:37 GMT",
                 // Something around it, signs, another notation.
                 " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
                 "\"Sun, 06 Nov 1994 08:49:37 GMT\"", "Sun, +6 Nov 1994 08:49:37 GMT",
                 "Sun, 06 Nov -994 08:49:37 GMT", "1994-11-06T08:49:37Z", "784111777");
    CAPTURE(text);
    CHECK(parse_date(text, now) == none);
}

TEST_CASE("parse_date: puts a two-digit year at most 50 years ahead", "[http][date][year]") {
    struct row {
        sys_seconds now;
        std::string_view text;
        std::optional<sys_seconds> expected;
    };
    // The instant 50 years after `now` is the last one that is still ahead.
    const auto [clock, text, expected] = GENERATE(values<row>({
        {now, "Friday, 01-Jan-26 00:00:00 GMT", sys_days{2026y / 1 / 1}},
        {now, "Friday, 01-Jan-75 00:00:00 GMT", sys_days{2075y / 1 / 1}},
        {now, "Friday, 01-Jan-76 00:00:00 GMT", sys_days{2076y / 1 / 1}},
        {now, "Friday, 21-Nov-76 22:20:00 GMT", sys_days{2076y / 11 / 21} + 22h + 20min},
        {now, "Friday, 21-Nov-76 22:20:01 GMT", sys_days{1976y / 11 / 21} + 22h + 20min + 1s},
        {now, "Friday, 22-Nov-76 00:00:00 GMT", sys_days{1976y / 11 / 22}},
        {now, "Friday, 01-Dec-76 00:00:00 GMT", sys_days{1976y / 12 / 1}},
        {now, "Friday, 01-Jan-77 00:00:00 GMT", sys_days{1977y / 1 / 1}},
        {now, "Friday, 31-Dec-99 23:59:59 GMT", sys_days{1999y / 12 / 31} + 86399s},
        {now, "Friday, 01-Jan-00 00:00:00 GMT", sys_days{2000y / 1 / 1}},
        // Not a fixed pivot: the same text means something else at another time.
        {sys_days{1994y / 11 / 6}, "Friday, 01-Jan-70 00:00:00 GMT", sys_days{1970y / 1 / 1}},
        {sys_days{1994y / 11 / 6}, "Friday, 01-Jan-44 00:00:00 GMT", sys_days{2044y / 1 / 1}},
        {sys_days{1994y / 11 / 6}, "Friday, 01-Jan-45 00:00:00 GMT", sys_days{1945y / 1 / 1}},
        {sys_days{2080y / 1 / 1}, "Friday, 02-Jan-10 00:00:00 GMT", sys_days{2110y / 1 / 2}},
        // The year is found first, and 2100 has no 29 February.
        {now, "Tuesday, 29-Feb-00 00:00:00 GMT", sys_days{2000y / 2 / 29}},
        {sys_days{2060y / 1 / 1}, "Tuesday, 29-Feb-00 00:00:00 GMT", none},
        // From a leap day on, the 50th year is compared date by date.
        {sys_days{2024y / 2 / 29}, "Thursday, 28-Feb-74 00:00:00 GMT", sys_days{2074y / 2 / 28}},
        {sys_days{2024y / 2 / 29}, "Thursday, 01-Mar-74 00:00:00 GMT", sys_days{1974y / 3 / 1}},
        {sys_days{10y / 1 / 1}, "Thursday, 01-Mar-61 00:00:00 GMT", none},  // before year 0
        {sys_days{48y / 1 / 1}, "Thursday, 01-Mar-99 00:00:00 GMT", none},
        {sys_days{50y / 1 / 2}, "Thursday, 01-Mar-00 00:00:00 GMT", sys_days{0y / 3 / 1}},
    }));
    CAPTURE(text, clock.time_since_epoch().count());
    CHECK(parse_date(text, clock) == expected);
}

TEST_CASE("parse_date: needs a clock for two-digit years only", "[http][date][year]") {
    CHECK(parse_date("Sun, 06 Nov 1994 08:49:37 GMT", none) == nov_1994);
    CHECK(parse_date("Sun Nov  6 08:49:37 1994", none) == nov_1994);
    CHECK(parse_date("Sunday, 06-Nov-94 08:49:37 GMT", none) == none);
}

TEST_CASE("parse_date: survives every short text", "[http][date][robustness]") {
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            const std::array<char, 2> text = {static_cast<char>(a), static_cast<char>(b)};
            if (parse_date({text.data(), 1}, now) || parse_date({text.data(), 2}, now))
                FAIL(a << " " << b);
        }
    }
    SUCCEED();
}

TEST_CASE("parse_date: one wrong byte is never another form", "[http][date][robustness]") {
    // Every byte at every place: whatever is still a date must name an instant that its own digits
    // and month say, so printing it gives the text back.
    const auto original = GENERATE(as<std::string>{}, "Sun, 06 Nov 1994 08:49:37 GMT",
                                   "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994");
    CAPTURE(original);
    static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (std::size_t at = 0; at < original.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            auto text = original;
            text[at] = static_cast<char>(byte);
            const auto date = parse_date(text, now);
            if (!date) continue;
            const auto day = std::chrono::floor<std::chrono::days>(*date);
            const std::chrono::year_month_day ymd{day};
            const std::chrono::hh_mm_ss time{*date - day};
            const auto number = [](auto value, int width) {
                std::array<char, 16> out{};
                const auto size = std::snprintf(out.data(), out.size(), "%0*lld", width,
                                                static_cast<long long>(value));
                return std::string{out.data(), static_cast<std::size_t>(size)};
            };
            const auto year = static_cast<int>(ymd.year());
            const auto month = std::string{months[static_cast<unsigned>(ymd.month()) - 1]};
            const auto of_month = static_cast<unsigned>(ymd.day());
            const auto clock = number(time.hours().count(), 2) + ":" +
                               number(time.minutes().count(), 2) + ":" +
                               number(time.seconds().count(), 2);
            const auto tail = text.substr(text.find_first_of(", "));  // behind the day name
            const auto padded = (of_month < 10 ? " " : "") + std::to_string(of_month);
            const auto imf = ", " + number(of_month, 2) + " " + month + " " + number(year, 4) +
                             " " + clock + " GMT";
            const auto rfc850 = ", " + number(of_month, 2) + "-" + month + "-" +
                                number(year % 100, 2) + " " + clock + " GMT";
            const auto asctime = " " + month + " " + padded + " " + clock + " " + number(year, 4);
            const auto asctime0 =
                " " + month + " " + number(of_month, 2) + " " + clock + " " + number(year, 4);
            if (tail != imf && tail != rfc850 && tail != asctime && tail != asctime0) FAIL(text);
        }
        // A byte less, a byte more.
        CHECK_FALSE(parse_date(original.substr(0, at) + original.substr(at + 1), now));
        CHECK_FALSE(parse_date(original.substr(0, at) + "0" + original.substr(at), now));
        CHECK_FALSE(parse_date(original.substr(0, at), now));
    }
}

TEST_CASE("parse_loose_date: takes what is clear outside the grammar", "[http][date]") {
    struct row {
        std::string_view text;
        std::optional<sys_seconds> expected;
    };
    const auto [text, expected] = GENERATE(values<row>({
        {"Sun, 06 Nov 1994 08:49:37 GMT", nov_1994},
        {"sUN, 06 nOV 1994 08:49:37 gmt", nov_1994},
        {"Sun, 06 Nov 1994 08:49:37 UTC", nov_1994},
        {"Sun, 06 Nov 1994 08:49:37 utc", nov_1994},
        {"Sun, 06 Nov 1994 08:49:37 +0000", nov_1994},
        {"Sun, 06 Nov 1994 08:49:37 -0000", nov_1994},
        {"Sun, 06 Nov 1994 14:19:37 +0530", nov_1994},
        {"Sun, 06 Nov 1994 14:19:37 +05:30", nov_1994},
        {"Sat, 05 Nov 1994 20:49:37 -1200", nov_1994},
        {"Mon, 07 Nov 1994 08:48:37 +2359", nov_1994},
        {"SUNDAY, 06-NOV-94 08:49:37 UTC", nov_1994},
        {"Sunday, 06-Nov-94 09:49:37 +0100", nov_1994},
        {"sun nov  6 08:49:37 1994", nov_1994},
        {"Sun, 06 Nov 1994 08:49:37", none},
        {"Sun, 06 Nov 1994 08:49:37 ", none},
        {"Sun, 06 Nov 1994 08:49:37 Z", none},
        {"Sun, 06 Nov 1994 08:49:37 PST", none},
        {"Sun, 06 Nov 1994 08:49:37 GMT+0100", none},
        {"Sun, 06 Nov 1994 08:49:37 0000", none},
        {"Sun, 06 Nov 1994 08:49:37 +000", none},
        {"Sun, 06 Nov 1994 08:49:37 +00000", none},
        {"Sun, 06 Nov 1994 08:49:37 +2400", none},
        {"Sun, 06 Nov 1994 08:49:37 +0060", none},
        {"Sun, 06 Nov 1994 08:49:37 +-000", none},
        {"Sun, 6 Nov 1994 08:49:37 GMT", none},
        {"Sun, 31 Feb 1994 08:49:37 UTC", none},
        {"Sun Nov  6 08:49:37 1994 UTC", none},
        {"", none},
    }));
    CAPTURE(text);
    CHECK(parse_loose_date(text, now) == expected);
}

TEST_CASE("parse_loose_date: every date of the grammar is one", "[http][date]") {
    CHECK(parse_loose_date("Sunday, 06-Nov-94 08:49:37 GMT", none) == none);
    for (int day = 1; day <= 31; ++day) {
        std::array<char, 64> text{};
        std::snprintf(text.data(), text.size(), "Thu, %02d Dec 2026 22:21:30 GMT", day);
        CHECK(parse_loose_date(text.data(), now) == parse_date(text.data(), now));
        CHECK(parse_date(text.data(), now) != none);
    }
}
