// SPDX-License-Identifier: MIT
#ifndef BIDE_OBSERVE_DETAIL_LABEL_HPP
#define BIDE_OBSERVE_DETAIL_LABEL_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

/// Labels of the caller on a page for Prometheus: what may be one, and how its value is written.
namespace bide::inline v1::detail {

[[noreturn]] inline void refuse_label(const std::string& what) {
    throw std::invalid_argument{"bide::prometheus_text: " + what};
}

/// How many bytes follow the first of a character; 4 if none begins so.
inline unsigned more_bytes(unsigned first) noexcept {
    if (first < 0x80) return 0;
    if (first < 0xc2) return 4;  // the middle of another, or overlong
    if (first < 0xe0) return 1;
    if (first < 0xf0) return 2;
    return first < 0xf5 ? 3 : 4;
}

/// Well-formed by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
inline bool is_utf8(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    for (std::size_t i = 0; i < text.size();) {
        const auto first = byte(i);
        const auto second = byte(i + 1);
        const auto more = more_bytes(first);
        if (more == 4 || (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
            (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
            return false;
        for (std::size_t k = 1; k <= more; ++k)
            if ((byte(i + k) & 0xc0U) != 0x80U) return false;
        i += more + 1;
    }
    return true;
}

/// Names that begin with two underscores are Prometheus' own; a colon is for names of metrics.
inline bool is_label_name(std::string_view name) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !name.empty() && !is_digit(name.front()) && !name.starts_with("__") &&
           std::ranges::all_of(name, [&](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
           });
}

/// @throws std::invalid_argument; a value is not shown, as it may be anything.
inline void check_label(const std::string& name, std::string_view value) {
    static constexpr auto ours =
        std::to_array<std::string_view>({"verdict", "certainty", "ended", "stopped_by"});
    if (!is_label_name(name))
        refuse_label(
            "the name of a label must be of letters, digits and _, and begin with neither a digit "
            "nor __, got \"" +
            name + "\"");
    if (std::ranges::find(ours, name) != ours.end())
        refuse_label(
            "the name of a label must not be one of verdict, certainty, ended, stopped_by, got \"" +
            name + "\"");
    if (!is_utf8(value)) refuse_label("the value of label " + name + " must be UTF-8");
}

inline std::string escape_label(std::string_view value) {
    auto text = std::string{};
    for (const auto c : value)
        if (c == '\n')
            text += "\\n";
        else if (c == '\\' || c == '"')
            text.append("\\").push_back(c);
        else
            text += c;
    return text;
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_OBSERVE_DETAIL_LABEL_HPP
