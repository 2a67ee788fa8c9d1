// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DETAIL_BARE_ITEM_HPP
#define BIDE_HTTP_DETAIL_BARE_ITEM_HPP

#include <bide/http/detail/joined.hpp>
#include <bide/http/field.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bide::inline v1::http::structured {

enum class item_type : std::uint8_t {
    integer,
    decimal,
    string,
    token,
    bytes,
    boolean,
    date,            ///< RFC 9651 only.
    display_string,  ///< RFC 9651 only; that its escapes are UTF-8 is not checked.
};

namespace detail {

using http::detail::joined;

constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_alpha(char c) noexcept { return is_lower(http::detail::lower(c)); }
constexpr bool is_alnum(char c) noexcept { return is_alpha(c) || http::detail::is_digit(c); }
constexpr bool one_of(char c, std::string_view set) noexcept {
    return set.find(c) != std::string_view::npos;
}
constexpr bool is_key_char(char c) noexcept {
    return is_lower(c) || http::detail::is_digit(c) || one_of(c, "_-.*");
}
constexpr bool is_token_char(char c) noexcept {
    return is_alnum(c) || one_of(c, "!#$%&'*+-.^_`|~:/");
}
constexpr bool is_lower_hex(char c) noexcept {
    return http::detail::is_digit(c) || (c >= 'a' && c <= 'f');
}
constexpr bool is_visible(char c) noexcept { return c >= ' ' && c <= '~'; }

}  // namespace detail

/// One value. A text is kept as it was written: a string without its quotes but with its escapes, a
/// byte sequence in base64, a display string with its percent signs.
struct bare_item {
    item_type type = item_type::boolean;
    /// Of an integer, a date (seconds since 1970), a boolean (0 or 1); of a decimal thousandths.
    std::int64_t number = 0;
    /// Where the text begins and ends; a string may go on in another field of the name.
    detail::joined first{};
    detail::joined last{};

    /// The text, empty if it is in more than one field.
    [[nodiscard]] constexpr std::string_view text() const noexcept {
        return first.text_until(last);
    }
};

namespace detail {

/// lcalpha or "*", then lcalpha, DIGIT, "_", "-", "." or "*".
constexpr bool take_key(joined& at, std::string_view& key) noexcept {
    if (!is_lower(at.peek()) && at.peek() != '*') return false;
    const auto first = at;
    while (!at.at_end() && is_key_char(at.peek())) at.advance();
    key = first.text_until(at);
    return true;
}

/// An integer of up to 15 digits, or a decimal of up to 12 and 3.
constexpr bool take_number(joined& at, bare_item& to) noexcept {
    const bool negative = at.takes('-');
    std::int64_t value = 0;
    int whole = 0;
    for (; http::detail::is_digit(at.peek()) && whole <= 15; at.advance(), ++whole)
        value = value * 10 + (at.peek() - '0');
    if (whole == 0 || whole > 15) return false;
    to.type = item_type::integer;
    if (at.takes('.')) {
        if (whole > 12) return false;
        int places = 0;
        for (; http::detail::is_digit(at.peek()) && places <= 3; at.advance(), ++places)
            value = value * 10 + (at.peek() - '0');
        if (places == 0 || places > 3) return false;
        for (; places < 3; ++places) value *= 10;
        to.type = item_type::decimal;
    }
    to.number = negative ? -value : value;
    return true;
}

/// From behind the opening quote to the closing one.
constexpr bool take_quoted(joined& at, bare_item& to) noexcept {
    const bool display = to.type == item_type::display_string;
    for (to.first = at; !at.at_end(); at.advance()) {
        const char c = at.peek();
        if (!is_visible(c)) return false;
        if (c == '"') {
            to.last = at;
            at.advance();
            return true;
        }
        if (display && c == '%') {
            at.advance();
            if (at.at_end() || !is_lower_hex(at.peek())) return false;
            at.advance();
            if (at.at_end() || !is_lower_hex(at.peek())) return false;
        } else if (!display && c == '\\') {
            at.advance();
            if (at.at_end() || !one_of(at.peek(), "\"\\")) return false;
        }
    }
    return false;
}

/// base64 up to the closing colon; padding may be missing, but not be wrong.
constexpr bool take_bytes(joined& at, bare_item& to) noexcept {
    std::size_t length = 0;
    std::size_t padding = 0;
    for (to.first = at; !at.at_end(); at.advance(), ++length) {
        const char c = at.peek();
        if (c == ':') {
            to.last = at;
            at.advance();
            return padding == 0 ? length % 4 != 1 : padding <= 2 && length % 4 == 0;
        }
        if (c == '=')
            ++padding;
        else if (padding != 0 || !(is_alnum(c) || one_of(c, "+/")))
            return false;
    }
    return false;
}

/// ALPHA or "*", then what a token of HTTP has, ":" and "/".
constexpr bool take_token(joined& at, bare_item& to) noexcept {
    to.type = item_type::token;
    to.first = at;
    while (!at.at_end() && is_token_char(at.peek())) at.advance();
    to.last = at;
    return true;
}

constexpr bool take_bare_item(joined& at, bare_item& to) noexcept {
    if (at.at_end()) return false;
    const char c = at.peek();
    to = {};
    if (c == '-' || http::detail::is_digit(c)) return take_number(at, to);
    if (is_alpha(c) || c == '*') return take_token(at, to);
    at.advance();
    switch (c) {
        case '"':
            to.type = item_type::string;
            return take_quoted(at, to);
        case ':':
            to.type = item_type::bytes;
            return take_bytes(at, to);
        case '?':
            to.number = at.peek() == '1' ? 1 : 0;
            return at.takes('0') || at.takes('1');
        case '@':
            if (!take_number(at, to) || to.type != item_type::integer) return false;
            to.type = item_type::date;
            return true;
        case '%':
            to.type = item_type::display_string;
            return at.takes('"') && take_quoted(at, to);
        default:
            return false;
    }
}

}  // namespace detail

}  // namespace bide::inline v1::http::structured

#endif  // BIDE_HTTP_DETAIL_BARE_ITEM_HPP
