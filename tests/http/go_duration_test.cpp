// SPDX-License-Identifier: MIT
#include <bide/http/go_duration.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

using bide::http::parse_go_duration;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr auto none = std::nullopt;
constexpr auto longest = milliseconds::max();

}  // namespace

static_assert(parse_go_duration("6m0s") == 6min);
static_assert(noexcept(parse_go_duration("")));

TEST_CASE("parse_go_duration: numbers with units", "[http][go_duration]") {
    struct row {
        std::string_view text;
        std::optional<milliseconds> expected;
    };
    const auto [text, expected] = GENERATE(values<row>({
        {"12ms", 12ms},
        {"1s", 1s},
        {"0s", 0ms},
        {"7.66s", 7660ms},
        {"2m59.56s", 179560ms},
        {"1h15m30.918s", 4530918ms},
        {"1h0m0.001s", 3600001ms},
        {"1.5h", 90min},
        {"2h2h", 4h},
        {"1ns", 1ms},  // upward, once for the whole
        {"1000000ns", 1ms},
        {"1000001ns", 2ms},
        {"0.5us0.5us", 1ms},
        {"1001us", 2ms},
        {"250\xc2\xb5s", 1ms},
        {"250\xce\xbcs", 1ms},
        {"1ms1us", 2ms},
        {"9223372036854s", 9223372036854s},
        {"9223372036855s", longest},  // over 2^63 microseconds
        {"99999999999999999999h", longest},
        {"9223372036854s9223372036854s", longest},
        {"99999999999999999999ns", longest},
        {"", none},
        {"s", none},
        {"30", none},
        {"1s30", none},
        {"-1s", none},
        {"+1s", none},
        {"1 s", none},
        {"1s ", none},
        {"1.s", none},
        {".5s", none},
        {"1d", none},
        {"1S", none},
        {"1M", none},
        {"1h-1m", none},
        {"1e3s", none},
        {"\xc2\xb5s", none},
    }));
    CAPTURE(text);
    CHECK(parse_go_duration(text) == expected);
}

TEST_CASE("parse_go_duration: long input is only long", "[http][go_duration][robustness]") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "1s";
    CHECK(parse_go_duration(text) == 1000s);
    CHECK(parse_go_duration(std::string(10'000, '0') + "1s") == 1s);
    CHECK(parse_go_duration("0." + std::string(10'000, '0') + "1s") == 1ms);
    CHECK(parse_go_duration(std::string(10'000, '9') + "s") == longest);
}
