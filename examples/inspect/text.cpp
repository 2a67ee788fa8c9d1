// SPDX-License-Identifier: MIT
#include "inspect/text.hpp"

#include <bide/http/field.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {
namespace {

/// "2d 3h 20m".
std::string in_large_units(std::int64_t seconds) {
    struct unit {
        const char* name;
        std::int64_t seconds;
    };
    constexpr std::array units{unit{"d", 86'400}, unit{"h", 3600}, unit{"m", 60}};
    std::string text;
    for (const auto& u : units) {
        if (seconds >= u.seconds)
            text += (text.empty() ? "" : " ") + std::to_string(seconds / u.seconds) + u.name;
        seconds %= u.seconds;
    }
    return text;
}

}  // namespace

std::string shown(const bide::http::field& f) {
    return printable(f.name) + ": " + printable(bide::http::trim(f.value));
}

std::string to_text(std::chrono::milliseconds time) {
    if (time == std::chrono::milliseconds::max()) return "for ever";
    const auto ms = time.count();
    if (ms > 0 && ms < 1000) return std::to_string(ms) + "ms";
    auto text = std::to_string(ms / 1000);
    if (ms % 1000 != 0) {
        text += "." + std::to_string(1000 + ms % 1000).substr(1);
        text.erase(text.find_last_not_of('0') + 1);
    }
    text += "s";
    constexpr std::int64_t two_minutes = 120'000;
    if (ms >= two_minutes) text += " (" + in_large_units(ms / 1000) + ")";
    return text;
}

std::string to_text(std::chrono::nanoseconds time) {
    return to_text(std::chrono::ceil<std::chrono::milliseconds>(time));
}

std::string joined(const std::vector<std::string>& parts, std::string_view last) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += i + 1 < parts.size() ? ", " : " " + std::string{last} + " ";
        text += parts[i];
    }
    return text;
}

}  // namespace inspector
