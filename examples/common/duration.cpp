// SPDX-License-Identifier: MIT
#include "common/duration.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <string_view>
#include <system_error>

namespace common {
namespace {

struct unit {
    std::string_view name;
    double nanoseconds;
};

constexpr std::array units{unit{"ns", 1},  unit{"us", 1e3}, unit{"ms", 1e6},
                           unit{"s", 1e9}, unit{"m", 60e9}, unit{"h", 3600e9}};

}  // namespace

std::optional<double> parse_number(std::string_view text) {
    // from_chars alone would also take "inf", "nan" and a minus sign.
    const bool starts_well =
        !text.empty() && (text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
    if (!starts_well) return std::nullopt;
    double value = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || rest != end) return std::nullopt;
    return value;
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
    if (text == "0") return std::chrono::nanoseconds::zero();
    const auto digits = text.find_first_not_of("0123456789.");
    if (digits == std::string_view::npos) return std::nullopt;
    const auto number = parse_number(text.substr(0, digits));
    if (!number) return std::nullopt;
    for (const auto& u : units) {
        if (text.substr(digits) != u.name) continue;
        const auto total = *number * u.nanoseconds;
        if (total > static_cast<double>(longest_duration.count())) return std::nullopt;
        return std::chrono::nanoseconds{std::llround(total)};
    }
    return std::nullopt;
}

}  // namespace common
