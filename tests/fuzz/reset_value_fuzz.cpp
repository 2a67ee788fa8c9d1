// SPDX-License-Identifier: MIT
#include <bide/http/reset_value.hpp>

#include "fuzz/require.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

/// Any bytes are a wait until the reset or none. A clock that is a second further leaves a second
/// less of an instant, and nothing less of a wait.
namespace {

using bide::http::parse_reset;
using bide::http::reset_unit;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds now{seconds{1'795'299'600}};

void check_clock(const std::string& text) {
    const auto wait = parse_reset(text, now);
    const auto later = parse_reset(text, now + seconds{1});
    const auto blind = parse_reset(text, std::nullopt);
    require(wait.has_value() == later.has_value(), "any clock will do");
    if (blind) require(wait.has_value() && *wait >= *blind, "a clock adds what it can");
    if (!wait) return;
    require(*later == *wait || *later == std::max(*wait - milliseconds{1000}, milliseconds{0}) ||
                blind.has_value(),
            "an instant comes nearer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{data, data + size};
    for (const auto unit : {reset_unit::by_value, reset_unit::seconds, reset_unit::milliseconds,
                            reset_unit::epoch_seconds}) {
        const auto wait = parse_reset(text, now, unit);
        if (wait) require(wait->count() >= 0, "a wait is not negative");
        require(parse_reset(" " + text + "\t", now, unit) == wait, "blanks around it");
    }
    // Two-digit years change their century with the clock.
    if (text.find('-') == std::string::npos) check_clock(text);
    const auto in_seconds = parse_reset(text, now, reset_unit::seconds);
    const auto in_milliseconds = parse_reset(text, now, reset_unit::milliseconds);
    require(in_seconds.has_value() == in_milliseconds.has_value(), "a number in any unit");
    if (in_seconds) require(*in_milliseconds <= *in_seconds, "seconds are longer");
    return 0;
}
