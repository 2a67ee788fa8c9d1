// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_PLAIN_URL_HPP
#define BIDE_CURL_DETAIL_PLAIN_URL_HPP

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace bide::inline v1::curl::detail {

/// Whether it is a URL of the kind that nearly all are, of which nobody doubts that libcurl takes
/// it: http or https, a name or an IPv4 address, perhaps a port, the rest visible ASCII. Reading it
/// with libcurl costs more than all else that is done before a send.
constexpr bool is_plain_url(std::string_view url) noexcept {
    constexpr std::size_t longest = 8192;
    constexpr std::size_t most_digits = 5;
    if (url.size() > longest) return false;
    if (url.starts_with("http://"))
        url.remove_prefix(7);
    else if (url.starts_with("https://"))
        url.remove_prefix(8);
    else
        return false;

    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto in_name = [&](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '.';
    };
    std::size_t name = 0;
    while (name != url.size() && in_name(url[name])) ++name;
    if (name == 0) return false;
    url.remove_prefix(name);
    if (url.starts_with(':')) {
        url.remove_prefix(1);
        unsigned port = 0;
        std::size_t digits = 0;
        for (; digits != url.size() && digits <= most_digits && is_digit(url[digits]); ++digits)
            port = port * 10 + static_cast<unsigned>(url[digits] - '0');
        if (port == 0 || port > 65535 || digits > most_digits) return false;
        url.remove_prefix(digits);
    }
    return (url.empty() || url.front() == '/' || url.front() == '?') &&
           std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_PLAIN_URL_HPP
