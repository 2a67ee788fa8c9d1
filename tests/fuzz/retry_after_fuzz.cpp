// SPDX-License-Identifier: MIT
#include <bide/http/date.hpp>
#include <bide/http/retry_after.hpp>

#include "fuzz/require.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Any bytes are a wait or none. Numbers are compared with long double, dates with each other.
namespace {

using optional_ms = std::optional<std::chrono::milliseconds>;
using std::chrono::sys_seconds;

constexpr sys_seconds now{std::chrono::seconds{1'795'299'600}};

bool is_number(std::string_view text) {
    const auto point = text.find('.');
    const auto digits = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return digits(text.substr(0, point)) &&
           (point == std::string_view::npos || digits(text.substr(point + 1)));
}

/// Milliseconds, upward; a few are lost to rounding far out.
void check_number(const std::string& text, optional_ms wait) {
    require(wait.has_value(), "a number is a wait");
    constexpr auto most = static_cast<long double>(std::chrono::milliseconds::max().count());
    const auto expected = std::min(std::stold(text.substr(0, 4000)) * 1000, most);
    const auto actual = static_cast<long double>(wait->count());
    if (text.size() > 4000) return;
    require(actual >= expected * (1 - 1e-15L), "a number is not shortened");
    require(actual <= expected * (1 + 1e-15L) + 1, "a number is not prolonged");
}

void check_date(std::string_view text, optional_ms wait) {
    const auto strict = bide::http::parse_date(text, now);
    const auto loose = bide::http::parse_loose_date(text, now);
    if (strict) require(loose == strict, "what is strictly a date is one");
    if (!loose) return;
    require(wait.has_value() && !is_number(text), "a date is a wait");
    require(*loose > now ? *wait == *loose - now : wait->count() == 0, "until the date");
    require(!bide::http::parse_retry_after(text, std::nullopt), "a date needs a base");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{data, data + size};
    const auto wait = bide::http::parse_retry_after(text, now);
    if (wait) require(wait->count() >= 0, "a wait is not negative");
    const auto bare = std::string{bide::http::trim(text)};
    if (is_number(bare)) check_number(bare, wait);
    check_date(bare, wait);
    require(bide::http::parse_retry_after(" \t" + text + "\t", now) == wait, "blanks around it");
    if (text.size() < 60'000) {
        const auto joined = bide::http::parse_retry_after("7," + text, now);
        require(joined == std::max(optional_ms{std::chrono::seconds{7}}, wait), "the longer one");
    }
    return 0;
}
