// SPDX-License-Identifier: MIT
#include "send/duration.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;
using sender::parse_duration;

TEST_CASE("duration: reads a number with its unit", "[send][duration]") {
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("1.5s") == 1500ms);
    CHECK(parse_duration("2m") == 2min);
    CHECK(parse_duration("24h") == 24h);
}

TEST_CASE("duration: anything else is none", "[send][duration][errors]") {
    const auto* const text = GENERATE(as<const char*>{}, "", "5", "s", "0s", "-1s", "+1s", "1 s",
                                      "1d", "1.2.3s", "25h", "1e3s", "1ss", "nan", "infs", ".s");
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
}
