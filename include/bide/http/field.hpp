// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_FIELD_HPP
#define BIDE_HTTP_FIELD_HPP

#include <cstddef>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

/// One header field as it was received: a view, so the bytes must outlive it.
struct field {
    std::string_view name{};
    std::string_view value{};
};

namespace detail {

/// ASCII only: neither field names nor dates know other letters, and a locale must not matter.
constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace detail

/// Are the two field names the same? Upper and lower case do not differ (RFC 9110 5.1).
[[nodiscard]] constexpr bool same_name(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (detail::lower(a[i]) != detail::lower(b[i])) return false;
    return true;
}

/// The value without the optional white space around it: spaces and tabs, nothing else
/// (RFC 9110 5.5 and 5.6.3).
[[nodiscard]] constexpr std::string_view trim(std::string_view value) noexcept {
    while (!value.empty() && detail::is_blank(value.front())) value.remove_prefix(1);
    while (!value.empty() && detail::is_blank(value.back())) value.remove_suffix(1);
    return value;
}

/// The first field of that name, null if there is none.
[[nodiscard]] constexpr const field* find_field(std::span<const field> fields,
                                                std::string_view name) noexcept {
    for (const auto& f : fields)
        if (same_name(f.name, name)) return &f;
    return nullptr;
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_FIELD_HPP
