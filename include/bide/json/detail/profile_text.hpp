// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_PROFILE_TEXT_HPP
#define BIDE_JSON_DETAIL_PROFILE_TEXT_HPP

#include <bide/http/profile.hpp>
#include <bide/json/detail/place.hpp>

#include <algorithm>
#include <cstddef>
#include <forward_list>
#include <string>
#include <string_view>

namespace bide::inline v1::detail {

/// A list, since its elements stay where they are: a short string is in the object itself.
using profile_texts = std::forward_list<std::string>;

struct profile_content {
    profile_texts texts{};
    http::profile value{};
};

inline constexpr std::size_t longest_header_name = 128;
inline constexpr std::size_t longest_profile_text = 256;

constexpr bool is_letter_or_digit(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Letters, digits and `others`.
constexpr bool is_made_of(std::string_view text, std::string_view others) noexcept {
    return std::ranges::all_of(text, [others](char c) {
        return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
    });
}

/// Each `~` of a JSON pointer begins `~0` or `~1`: RFC 6901, section 3.
constexpr bool is_pointer(std::string_view text) noexcept {
    if (!text.starts_with('/')) return false;
    for (auto at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
        const auto escape = text.substr(at, 2);
        if (escape != "~0" && escape != "~1") return false;
    }
    return true;
}

/// Keeps the text of `p` if `is_good` says so.
template <class IsGood>
void read_text(const place& p, profile_texts& texts, std::string_view& to,
               const std::string& allowed, IsGood is_good) {
    const auto* text = p.exists() ? p.value().get_ptr<const std::string*>() : nullptr;
    if (text == nullptr || !is_good(std::string_view{*text})) p.refuse(allowed);
    to = texts.emplace_front(*text);
}

inline void read_name(const place& p, profile_texts& texts, std::string_view& to) {
    read_text(p, texts, to, "1 to 64 letters, digits, spaces and ._-", [](std::string_view text) {
        return !text.empty() && text.size() <= 64 && is_made_of(text, " ._-");
    });
}

/// Null: none. What a name is made of: RFC 9110 5.6.2.
inline void read_header_name(const place& p, profile_texts& texts, std::string_view& to) {
    if (!p.exists()) return;
    to = {};
    if (p.value().is_null()) return;
    read_text(p, texts, to, "null or the name of a header field", [](std::string_view text) {
        return !text.empty() && text.size() <= longest_header_name &&
               is_made_of(text, "!#$%&'*+-.^_`|~");
    });
}

inline void read_punctuation(const place& p, profile_texts& texts, std::string_view& to) {
    if (!p.exists()) return;
    read_text(p, texts, to, "up to 32 visible ASCII characters other than \" and \\",
              [](std::string_view text) {
                  return text.size() <= 32 && std::ranges::all_of(text, [](char c) {
                             return c > ' ' && c <= '~' && c != '"' && c != '\\';
                         });
              });
}

inline void read_where(const place& p, profile_texts& texts, std::string_view& to) {
    read_text(p, texts, to, R"(a JSON pointer such as "/errors/*/code")",
              [](std::string_view text) {
                  return text.size() <= longest_profile_text && is_pointer(text);
              });
}

inline void read_phrase(const place& p, profile_texts& texts, std::string_view& to) {
    if (!p.exists()) return;
    read_text(p, texts, to, "a text of 1 to 256 bytes", [](std::string_view text) {
        return !text.empty() && text.size() <= longest_profile_text;
    });
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_PROFILE_TEXT_HPP
