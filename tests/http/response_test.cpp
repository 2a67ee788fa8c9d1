// SPDX-License-Identifier: MIT
#include <bide/http/response.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <optional>
#include <vector>

using bide::http::date_of;
using bide::http::field;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

TEST_CASE("date_of: the earliest valid Date", "[http][response]") {
    const sys_seconds now = sys_days{2026y / 11 / 21} + 22h;
    const sys_seconds noon = sys_days{2026y / 11 / 21} + 12h;
    struct row {
        std::vector<field> fields;
        std::optional<sys_seconds> expected;
    };
    const std::vector<row> rows = {
        {{}, std::nullopt},
        {{{"Last-Modified", "Sat, 21 Nov 2026 12:00:00 GMT"}}, std::nullopt},
        {{{"Date", "Sat, 21 Nov 2026 12:00:00 GMT"}}, noon},
        {{{"dATE", " \tSat, 21 Nov 2026 12:00:00 GMT "}}, noon},
        {{{"Date", "Saturday, 21-Nov-26 12:00:00 GMT"}}, noon},
        {{{"Date", "yesterday"}}, std::nullopt},
        {{{"Date", "yesterday"}, {"Date", "Sat, 21 Nov 2026 12:00:00 GMT"}}, noon},
        {{{"Date", "Sat, 21 Nov 2026 12:00:00 GMT"}, {"Date", "Sat, 21 Nov 2026 13:00:00 GMT"}},
         noon},
        {{{"Date", "Sat, 21 Nov 2026 13:00:00 GMT"}, {"Date", "Sat, 21 Nov 2026 12:00:00 GMT"}},
         noon},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        CHECK(date_of({.status = 200, .fields = rows[i].fields}, now) == rows[i].expected);
    }
    const std::vector<field> two_digits = {{"Date", "Saturday, 21-Nov-26 12:00:00 GMT"}};
    CHECK(date_of({.status = 200, .fields = two_digits}, std::nullopt) == std::nullopt);
}
