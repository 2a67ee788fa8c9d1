// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_RETRY_AFTER_HPP
#define BIDE_HTTP_RETRY_AFTER_HPP

#include <bide/http/date.hpp>
#include <bide/http/field.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

namespace detail {

/// 1*DIGIT seconds of a text that is not empty. What is too long to be represented is as long as
/// possible, never short or absent (RFC 9111 1.2.2 does the same for its delta-seconds).
constexpr std::optional<duration> delay_seconds(std::string_view text) noexcept {
    constexpr std::int64_t enough = 10'000'000'000;  // seconds; more than a duration holds
    std::int64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return std::nullopt;
        if (value < enough) value = value * 10 + (c - '0');
    }
    return timespan{std::chrono::seconds{value}}.get();
}

/// From `base` to `date`; an instant that has passed is now.
constexpr std::optional<duration> delay_until(
    std::optional<std::chrono::sys_seconds> date,
    std::optional<std::chrono::sys_seconds> base) noexcept {
    if (!date || !base) return std::nullopt;
    if (*date <= *base) return duration::zero();
    return timespan{*date - *base}.get();
}

/// Does the text begin like a date? In any case of letters, so that a broken one is known too.
constexpr bool begins_with_day(std::string_view text) noexcept {
    bool found = false;
    for (const auto name : day_names) found = found || same_name(text.substr(0, name.size()), name);
    return found;
}

/// Is the text the name of a day and nothing else?
constexpr bool is_day(std::string_view text) noexcept {
    date_reader abbreviated{text};
    abbreviated.one_of(day_names);
    date_reader full{text};
    full.one_of(long_day_names);
    return abbreviated.matched() || full.matched();
}

constexpr std::optional<duration> longer(std::optional<duration> a,
                                         std::optional<duration> b) noexcept {
    return !a || (b && *b > *a) ? b : a;
}

}  // namespace detail

/// The wait that the value of one Retry-After field asks for; nothing if it is malformed.
///
/// Seconds saturate at `duration::max()`. A date counts from `base`: the response's Date, whose
/// clock wrote both, else the time of arrival; unknown, a date gives nothing. Two values that an
/// intermediary joined by a comma are both read and the longer wait satisfies both; but behind a
/// date that is broken nothing is read, because dates contain commas and its end cannot be known.
/// Sources: RFC 9110 10.2.3 (syntax), 5.3 (joined values).
[[nodiscard]] constexpr std::optional<duration> parse_retry_after(
    std::string_view value, std::optional<std::chrono::sys_seconds> base) noexcept {
    std::optional<duration> longest;
    for (auto rest = value;;) {
        auto comma = rest.find(',');
        auto member = trim(rest.substr(0, comma));
        if (!member.empty() && detail::is_digit(member.front())) {
            longest = detail::longer(longest, detail::delay_seconds(member));
        } else if (detail::begins_with_day(member)) {
            if (comma != std::string_view::npos && detail::is_day(member)) {
                comma = rest.find(',', comma + 1);
                member = trim(rest.substr(0, comma));
            }
            const auto date = parse_date(member, base);
            if (!date) return longest;
            longest = detail::longer(longest, detail::delay_until(date, base));
        }
        if (comma == std::string_view::npos) return longest;
        rest.remove_prefix(comma + 1);
    }
}

/// The longest wait that the Retry-After fields ask for; nothing if none of them is valid.
/// A malformed field does not spoil another one. Linear in the input.
[[nodiscard]] constexpr std::optional<duration> retry_after(
    std::span<const field> fields, std::optional<std::chrono::sys_seconds> base) noexcept {
    std::optional<duration> longest;
    for (const auto& f : fields)
        if (same_name(f.name, "retry-after"))
            longest = detail::longer(longest, parse_retry_after(f.value, base));
    return longest;
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_RETRY_AFTER_HPP
