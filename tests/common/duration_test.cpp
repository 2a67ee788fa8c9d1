// SPDX-License-Identifier: MIT
#include "common/duration.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using common::parse_duration;

TEST_CASE("parse_duration: reads every unit and decimals", "[common][duration]") {
    CHECK(parse_duration("0") == 0ns);
    CHECK(parse_duration("7ns") == 7ns);
    CHECK(parse_duration("7us") == 7us);
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("1.5s") == 1500ms);
    CHECK(parse_duration(".5s") == 500ms);
    CHECK(parse_duration("2m") == 120s);
    CHECK(parse_duration("24h") == 24h);
}

TEST_CASE("parse_duration: refuses everything else", "[common][duration]") {
    const auto text =
        GENERATE(as<std::string>{}, "", "s", "1", "-1s", "+1s", "1 s", "1sec", "1s ", " 1s",
                 "1..5s", "1e3s", "0x10s", "infs", "nans", ".s", "25h", "99999999999999999999h");
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
}
