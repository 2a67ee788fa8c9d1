// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_SHOWN_HPP
#define BIDE_CURL_DETAIL_SHOWN_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// What of a request may stand in a message: nothing that may be secret.
namespace bide::inline v1::curl::detail {

/// What a name in HTTP is made of: RFC 9110 5.6.2.
inline constexpr auto token_characters = [] {
    std::array<bool, 256> of{};
    for (auto c = '0'; c <= '9'; ++c) of[static_cast<unsigned char>(c)] = true;
    for (auto c = 'A'; c <= 'Z'; ++c) of[static_cast<unsigned char>(c)] = true;
    for (auto c = 'a'; c <= 'z'; ++c) of[static_cast<unsigned char>(c)] = true;
    for (const auto c : std::string_view{"!#$%&'*+-.^_`|~"})
        of[static_cast<unsigned char>(c)] = true;
    return of;
}();
constexpr bool is_token_character(char c) noexcept {
    return token_characters[static_cast<unsigned char>(c)];
}

inline bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

/// For a message: one line of ASCII that is not too long.
inline std::string printable(std::string text) {
    for (auto& c : text)
        if (c < ' ' || c > '~') c = '?';
    return text.substr(0, 200);
}

/// A name for a message: up to the first character that is wrong. After it may stand what was meant
/// to be secret, as in "Authorization: Bearer ...".
inline std::string shown_name(std::string_view name) {
    const auto wrong = std::ranges::find_if_not(name, is_token_character) - name.begin();
    const auto end = static_cast<std::size_t>(wrong) + 1;
    return printable(std::string{name.substr(0, end)} + (end < name.size() ? "..." : ""));
}

/// A URL for a message: scheme and host. User and password are secret, query and path may be.
inline std::string shown_url(std::string_view url) {
    constexpr std::string_view mark = "://";
    auto scheme = url.substr(0, url.find(mark));
    if (scheme.size() == url.size() || !is_token(scheme)) scheme = {};
    auto rest = url.substr(scheme.empty() ? 0 : scheme.size() + mark.size());
    const auto at = rest.rfind('@');
    if (at != std::string_view::npos) rest.remove_prefix(at + 1);
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    return printable(std::string{scheme}
                         .append(scheme.empty() ? "" : mark)
                         .append(at != std::string_view::npos ? "***@" : "")
                         .append(host)
                         .append(host.size() < rest.size() ? "/..." : ""));
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_SHOWN_HPP
