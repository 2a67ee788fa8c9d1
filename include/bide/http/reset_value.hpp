// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_RESET_VALUE_HPP
#define BIDE_HTTP_RESET_VALUE_HPP

#include <bide/http/date.hpp>
#include <bide/http/detail/decimal.hpp>
#include <bide/http/detail/members.hpp>
#include <bide/http/field.hpp>
#include <bide/http/go_duration.hpp>
#include <bide/http/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bide::inline v1::http {

/// What the number in a reset field counts.
enum class reset_unit : std::uint8_t {
    by_value,       ///< A wait or an instant, as its size tells; texts are read too.
    seconds,        ///< Seconds from now.
    milliseconds,   ///< Milliseconds from now.
    epoch_seconds,  ///< Seconds since 1970.
};

namespace detail {

/// Until that many milliseconds after 1970; the largest number stands for all that are larger.
constexpr std::optional<std::chrono::milliseconds> until_epoch(
    std::int64_t millis, std::optional<std::chrono::sys_seconds> base) noexcept {
    if (millis == highest && base) return std::chrono::milliseconds::max();
    return delay_until(
        std::chrono::sys_time<std::chrono::milliseconds>{std::chrono::milliseconds{millis}}, base);
}

/// Below 10^9 a wait in seconds (31 years), above an instant: seconds since 1970 (from 2001 on),
/// then milli-, micro- and nanoseconds. The largest wait seen is 25 days, so the gap is wide.
constexpr std::optional<std::chrono::milliseconds> wait_by_size(
    const decimal& v, std::optional<std::chrono::sys_seconds> base) noexcept {
    if (v.whole < 1'000'000'000) return std::chrono::milliseconds{times(v, 1000)};
    if (v.whole < 100'000'000'000) return until_epoch(times(v, 1000), base);
    if (v.whole < 100'000'000'000'000) return until_epoch(times(v, 1), base);
    if (v.whole < 100'000'000'000'000'000) return until_epoch(divided(v, 1000), base);
    return until_epoch(divided(v, 1'000'000), base);
}

constexpr std::optional<std::chrono::milliseconds> wait_of_number(
    const decimal& v, reset_unit unit, std::optional<std::chrono::sys_seconds> base) noexcept {
    switch (unit) {
        case reset_unit::by_value:
            return wait_by_size(v, base);
        case reset_unit::seconds:
            return std::chrono::milliseconds{times(v, 1000)};
        case reset_unit::milliseconds:
            return std::chrono::milliseconds{times(v, 1)};
        case reset_unit::epoch_seconds:
            return until_epoch(times(v, 1000), base);
    }
    return std::nullopt;
}

/// More than any date, with a zone's name, or duration has.
inline constexpr std::size_t longest_text = 256;

constexpr member read_reset(std::string_view text, reset_unit unit,
                            std::optional<std::chrono::sys_seconds> base) noexcept {
    if (const auto number = parse_decimal(text))
        return {.wait = wait_of_number(*number, unit, base)};
    if (unit != reset_unit::by_value || text.empty() || text.size() > longest_text) return {};
    if (is_digit(text.front())) {
        if (const auto instant = parse_timestamp(text)) return {.wait = delay_until(instant, base)};
        return {.wait = parse_go_duration(text)};
    }
    auto date = parse_loose_date(text, base);
    if (!date) date = parse_js_date(text);
    return {.wait = delay_until(date, base), .is_date = date.has_value()};
}

}  // namespace detail

/// How long until the reset that the value of one field tells; nothing if it is malformed.
///
/// With `reset_unit::by_value` these are read: a number (below 10^9 seconds from now, else an
/// instant since 1970 in seconds, milli-, micro- or nanoseconds), the dates of `parse_loose_date`
/// and `parse_js_date`, `parse_timestamp`, and `parse_go_duration`. With another unit a number
/// alone. An instant counts from `base`, past ones are now; without a base it gives nothing. Of
/// values that were joined by a comma the longest wait counts. Linear in the input.
/// Source: the dialects of some 40 services, as their documentation or their bytes show them.
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds> parse_reset(
    std::string_view value, std::optional<std::chrono::sys_seconds> base,
    reset_unit unit = reset_unit::by_value) noexcept {
    return detail::longest_member(value, [=](std::string_view text) noexcept {
        return detail::read_reset(text, unit, base);
    });
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_RESET_VALUE_HPP
