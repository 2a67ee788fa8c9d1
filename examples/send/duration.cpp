// SPDX-License-Identifier: MIT
#include "send/duration.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace sender {
namespace {

struct unit {
    std::string_view name;
    double seconds;
};
constexpr std::array units{unit{"ms", 1e-3}, unit{"s", 1}, unit{"m", 60}, unit{"h", 3600}};

}  // namespace

std::optional<bide::duration> parse_duration(std::string_view text) {
    const auto digits = text.find_first_not_of("0123456789.");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    double number = 0;
    const auto* const end = text.data() + digits;
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end) return std::nullopt;
    for (const auto& u : units) {
        if (text.substr(digits) != u.name) continue;
        const bide::timespan value = std::chrono::duration<double>{number * u.seconds};
        if (value.get() <= bide::duration::zero() || value.get() > longest_duration)
            return std::nullopt;
        return value.get();
    }
    return std::nullopt;
}

}  // namespace sender
