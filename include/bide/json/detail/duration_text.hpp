// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_DURATION_TEXT_HPP
#define BIDE_JSON_DETAIL_DURATION_TEXT_HPP

#include <bide/maybe.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <limits>
#include <string_view>

namespace bide::inline v1::detail {

struct duration_unit {
    std::string_view name;
    std::uint64_t nanoseconds;
};
inline constexpr duration_unit duration_units[] = {{"ns", 1},
                                                   {"us", 1'000},
                                                   {"ms", 1'000'000},
                                                   {"s", 1'000'000'000},
                                                   {"m", 60'000'000'000},
                                                   {"h", 3'600'000'000'000}};

/// The decimals of a number in nanoseconds. From the last digit to the first, each step rounded up:
/// that is the same as to round the exact value up, at any number of digits.
constexpr std::uint64_t decimals_in(std::string_view digits, std::uint64_t unit) noexcept {
    std::uint64_t ns = 0;
    for (auto i = digits.size(); i-- > 0;)
        ns = (static_cast<std::uint64_t>(digits[i] - '0') * unit + ns + 9) / 10;
    return ns;
}

constexpr duration total_in(std::string_view whole, std::string_view decimals,
                            std::uint64_t unit) noexcept {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::uint64_t count = 0;
    for (const char digit : whole) {
        if (count > most / unit / 10) return duration::max();
        count = count * 10 + static_cast<std::uint64_t>(digit - '0');
        if (count > most / unit) return duration::max();
    }
    const auto ns = count * unit + decimals_in(decimals, unit);  // at most 2^63 + 3600e9
    return ns > most ? duration::max() : duration{static_cast<std::int64_t>(ns)};
}

constexpr std::string_view leading_digits(std::string_view text) noexcept {
    return text.substr(0, text.find_first_not_of("0123456789"));
}

/// "1.5s" and the like: digits, perhaps a point and more digits, a unit. Exact, upward to whole
/// nanoseconds as `timespan` is, and saturating as it is. Nothing for any other text.
constexpr maybe<duration> duration_from_text(std::string_view text) noexcept {
    const auto whole = leading_digits(text);
    auto rest = text.substr(whole.size());
    std::string_view decimals;
    if (rest.starts_with('.')) {
        decimals = leading_digits(rest.substr(1));
        if (decimals.empty()) return {};
        rest.remove_prefix(1 + decimals.size());
    }
    if (whole.empty()) return {};
    for (const auto& unit : duration_units)
        if (rest == unit.name) return total_in(whole, decimals, unit.nanoseconds);
    return {};
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_DURATION_TEXT_HPP
