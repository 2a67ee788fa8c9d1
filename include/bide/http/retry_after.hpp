// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_RETRY_AFTER_HPP
#define BIDE_HTTP_RETRY_AFTER_HPP

#include <bide/http/date.hpp>
#include <bide/http/detail/decimal.hpp>
#include <bide/http/detail/members.hpp>
#include <bide/http/field.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

namespace detail {

constexpr auto read_retry_after(std::optional<std::chrono::sys_seconds> base) noexcept {
    return [base](std::string_view text) noexcept -> member {
        if (!text.empty() && is_digit(text.front())) {
            const auto seconds = parse_decimal(text);
            if (!seconds) return {};
            return {.wait = std::chrono::milliseconds{times(*seconds, 1000)}};
        }
        const auto date = parse_loose_date(text, base);
        return {.wait = delay_until(date, base), .is_date = date.has_value()};
    };
}

}  // namespace detail

/// The wait that the value of one Retry-After field asks for; nothing if it is malformed.
///
/// Seconds that milliseconds cannot hold come out as the longest wait; a date counts from `base`:
/// the response's Date, whose clock wrote both, else the time of arrival; unknown, a date gives
/// nothing. Outside the grammar, but clear and met in the wild, are decimals and the dates of
/// `parse_loose_date`. Two values that an intermediary joined by a comma are both read and the
/// longer wait satisfies both; but behind a date that is broken nothing is read, because dates
/// contain commas and its end cannot be known. Sources: RFC 9110 10.2.3 (syntax), 5.3 (joined
/// values), RFC 9111 1.2.2 (saturation).
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds> parse_retry_after(
    std::string_view value, std::optional<std::chrono::sys_seconds> base) noexcept {
    return detail::longest_member(value, detail::read_retry_after(base));
}

/// The longest wait that the Retry-After fields ask for; nothing if none of them is valid.
/// A malformed field does not spoil another one. Linear in the input.
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds> retry_after(
    std::span<const field> fields, std::optional<std::chrono::sys_seconds> base) noexcept {
    std::optional<std::chrono::milliseconds> longest;
    for (const auto& f : fields)
        if (same_name(f.name, "retry-after"))
            longest = detail::larger(longest, parse_retry_after(f.value, base));
    return longest;
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_RETRY_AFTER_HPP
