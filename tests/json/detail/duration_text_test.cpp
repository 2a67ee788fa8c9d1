// SPDX-License-Identifier: MIT
#include <bide/json/detail/duration_text.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using bide::detail::duration_from_text;

static_assert(*duration_from_text("1.5s") == 1500ms);

TEST_CASE("duration_text: reads every unit", "[json][duration]") {
    struct row {
        std::string_view text;
        bide::duration expected;
    };
    const auto [text, expected] = GENERATE(values<row>({
        {"0s", 0s},
        {"0.000h", 0s},
        {"7ns", 7ns},
        {"7us", 7us},
        {"7ms", 7ms},
        {"7s", 7s},
        {"7m", 7min},
        {"7h", 7h},
        {"007s", 7s},
        {"0.25h", 15min},
        {"1.05m", 63s},
        {"0.3s", 300ms},  // neither of these is exact in binary
        {"0.1s", 100ms},
        {"1.1us", 1100ns},
    }));
    CAPTURE(text);
    REQUIRE(duration_from_text(text));
    CHECK(*duration_from_text(text) == expected);
}

TEST_CASE("duration_text: rounds up to whole nanoseconds, at any length", "[json][duration]") {
    CHECK(*duration_from_text("0.5ns") == 1ns);
    CHECK(*duration_from_text("1.0ns") == 1ns);
    CHECK(*duration_from_text("1.0000000001ns") == 2ns);
    CHECK(*duration_from_text("0.999ns") == 1ns);
    CHECK(*duration_from_text("0.0000000001s") == 1ns);
    CHECK(*duration_from_text("0." + std::string(60'000, '9') + "h") == 1h);
    CHECK(*duration_from_text("0." + std::string(60'000, '0') + "1h") == 1ns);
    CHECK(*duration_from_text("0.3" + std::string(60'000, '0') + "s") == 300ms);
    CHECK(*duration_from_text("0.3" + std::string(60'000, '0') + "1s") == 300'000'001ns);
}

TEST_CASE("duration_text: saturates as timespan does", "[json][duration][limits]") {
    constexpr auto longest = bide::duration::max();
    CHECK(*duration_from_text("9223372036854775806ns") == longest - 1ns);
    CHECK(*duration_from_text("9223372036854775807ns") == longest);
    CHECK(*duration_from_text("9223372036854775808ns") == longest);
    CHECK(*duration_from_text("9223372036.854775806s") == longest - 1ns);
    CHECK(*duration_from_text("9223372036.854775807s") == longest);
    CHECK(*duration_from_text("9223372036.9s") == longest);
    CHECK(*duration_from_text("2562047.9h") == longest);
    CHECK(*duration_from_text("2562047h") == 2562047h);
    CHECK(*duration_from_text("2562048h") == longest);
    CHECK(*duration_from_text("18446744073709551616ns") == longest);  // 2^64
    CHECK(*duration_from_text(std::string(60'000, '9') + "h") == longest);
}

TEST_CASE("duration_text: anything else is no duration", "[json][duration][errors]") {
    const auto text = GENERATE(as<std::string_view>{}, "", "s", "1", "1.", "1.s", ".5s", ".s",
                               "+1s", "-1s", "1e3s", "0x1s", "1,5s", "1.5.5s", "1s ", " 1s", "1 s",
                               "1S", "1sec", "1min", "1d", "1nss", "1s\n", "1h30m", "inf", "nan");
    CAPTURE(text);
    CHECK_FALSE(duration_from_text(text));
}
