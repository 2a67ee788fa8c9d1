// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DETAIL_DECIMAL_HPP
#define BIDE_HTTP_DETAIL_DECIMAL_HPP

#include <bide/http/field.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace bide::inline v1::http::detail {

inline constexpr auto highest = (std::numeric_limits<std::int64_t>::max)();

/// A number without sign and exponent. What is too large stays the largest, and a fraction is
/// rounded up, so that a wait comes out longer and never shorter.
struct decimal {
    std::int64_t whole = 0;
    std::int64_t millionths = 0;  ///< 0 to 1'000'000, both included.
};

/// Takes 1*DIGIT ["." 1*DIGIT] from the left of `rest`; nothing else is read as a number.
constexpr std::optional<decimal> take_decimal(std::string_view& rest) noexcept {
    const auto at_digit = [&] { return !rest.empty() && is_digit(rest.front()); };
    if (!at_digit()) return std::nullopt;
    decimal value;
    for (; at_digit(); rest.remove_prefix(1)) {
        const auto digit = rest.front() - '0';
        value.whole = value.whole > (highest - digit) / 10 ? highest : value.whole * 10 + digit;
    }
    if (!rest.starts_with('.')) return value;
    rest.remove_prefix(1);
    if (!at_digit()) return std::nullopt;
    bool more = false;
    for (std::int64_t place = 100'000; at_digit(); rest.remove_prefix(1), place /= 10) {
        value.millionths += place * (rest.front() - '0');
        more = more || (place == 0 && rest.front() != '0');
    }
    if (more) ++value.millionths;
    return value;
}

/// The same for a text that has nothing behind the number.
constexpr std::optional<decimal> parse_decimal(std::string_view text) noexcept {
    const auto value = take_decimal(text);
    return text.empty() ? value : std::nullopt;
}

/// 1*DIGIT and nothing else.
constexpr std::optional<std::int64_t> parse_whole(std::string_view text) noexcept {
    if (text.find('.') != std::string_view::npos) return std::nullopt;
    const auto value = parse_decimal(text);
    return value ? std::optional{value->whole} : std::nullopt;
}

/// `count * factor`, upward, the largest number if that is too large. 0 < `factor` < 10^12.
constexpr std::int64_t times(const decimal& count, std::int64_t factor) noexcept {
    const auto fraction = (count.millionths * factor + 999'999) / 1'000'000;
    if (count.whole > (highest - fraction) / factor) return highest;
    return count.whole * factor + fraction;
}

/// `count / divisor`, upward; the largest number stays that.
constexpr std::int64_t divided(const decimal& count, std::int64_t divisor) noexcept {
    if (count.whole == highest) return highest;
    const auto above = count.whole % divisor != 0 || count.millionths != 0;
    return count.whole / divisor + (above ? 1 : 0);
}

}  // namespace bide::inline v1::http::detail

#endif  // BIDE_HTTP_DETAIL_DECIMAL_HPP
