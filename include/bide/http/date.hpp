// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DATE_HPP
#define BIDE_HTTP_DATE_HPP

#include <bide/http/detail/date_reader.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace bide::inline v1::http {

namespace detail {

/// `Sun, 06 Nov 1994 08:49:37 GMT`
constexpr std::optional<std::chrono::sys_seconds> imf_fixdate(std::string_view text,
                                                              letters l) noexcept {
    date_reader r{text, l};
    r.one_of(day_names);
    r.skip(", ");
    const auto day = r.digits(2);
    r.skip(" ");
    const auto month = r.one_of(month_names);
    r.skip(" ");
    const auto year = r.digits(4);
    r.skip(" ");
    const auto time = r.time_of_day();
    r.skip(" ");
    const auto zone = r.zone();
    return r.matched() ? instant(year, month, day, time - zone) : std::nullopt;
}

/// `Sun Nov  6 08:49:37 1994`
constexpr std::optional<std::chrono::sys_seconds> asctime_date(std::string_view text,
                                                               letters l) noexcept {
    date_reader r{text, l};
    r.one_of(day_names);
    r.skip(" ");
    const auto month = r.one_of(month_names);
    r.skip(" ");
    const auto day = r.padded_day();
    r.skip(" ");
    const auto time = r.time_of_day();
    r.skip(" ");
    const auto year = r.digits(4);
    return r.matched() ? instant(year, month, day, time) : std::nullopt;
}

/// The latest instant with these last two digits of the year that is at most 50 years ahead.
constexpr std::optional<std::chrono::sys_seconds> in_this_century(
    unsigned two_digits, unsigned month, unsigned day, std::chrono::seconds time,
    std::chrono::sys_seconds now) noexcept {
    // Whole dates are compared, because in the 50th year the day decides.
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date{today};
    const auto last = static_cast<int>(date.year()) + 50;
    auto year = last - ((last - static_cast<int>(two_digits)) % 100 + 100) % 100;
    const std::chrono::month_day there{std::chrono::month{month}, std::chrono::day{day}};
    const std::chrono::month_day here{date.month(), date.day()};
    if (year == last && (there > here || (there == here && time > now - today))) year -= 100;
    return year < 0 ? std::nullopt : instant(static_cast<unsigned>(year), month, day, time);
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`
constexpr std::optional<std::chrono::sys_seconds> rfc850_date(
    std::string_view text, letters l, std::optional<std::chrono::sys_seconds> now) noexcept {
    date_reader r{text, l};
    r.one_of(long_day_names);
    r.skip(", ");
    const auto day = r.digits(2);
    r.skip("-");
    const auto month = r.one_of(month_names);
    r.skip("-");
    const auto year = r.digits(2);
    r.skip(" ");
    const auto time = r.time_of_day();
    r.skip(" ");
    const auto zone = r.zone();
    if (!now || !r.matched()) return std::nullopt;
    return in_this_century(year, month, day, time - zone, *now);
}

constexpr std::optional<std::chrono::sys_seconds> any_date(
    std::string_view text, letters l, std::optional<std::chrono::sys_seconds> now) noexcept {
    // The shortest form; a list of a thousand members has none that long.
    if (text.size() < std::string_view{"Sun Nov  6 08:49:37 1994"}.size()) return std::nullopt;
    if (const auto found = imf_fixdate(text, l)) return found;
    if (const auto found = asctime_date(text, l)) return found;
    return rfc850_date(text, l, now);
}

}  // namespace detail

/// The instant that an HTTP-date names, in any of its three forms; nothing for any other text.
///
/// Strict, for a wrong instant is worse than none: upper and lower case differ, the zone is `GMT`,
/// and there is no 30 February and no hour 24. Two liberties: second 60 is taken at any minute, and
/// a day name only has to be one, right or wrong for its date: the date alone says everything (curl
/// does the same, the Rust crate httpdate rejects it). `now` decides the century of a two-digit
/// year (at most 50 years ahead), without it that form gives nothing. Whole seconds, because a
/// `wall_time` ends in 2262 and a server may write 9999. Source: RFC 9110 5.6.7.
[[nodiscard]] constexpr std::optional<std::chrono::sys_seconds> parse_date(
    std::string_view text, std::optional<std::chrono::sys_seconds> now) noexcept {
    return detail::any_date(text, detail::letters::exact, now);
}

/// The same, and what servers write instead although its meaning is clear: letters of either case,
/// `UTC` for `GMT` (Go's time.RFC1123), or an offset such as `+0100` (RFC 5322).
[[nodiscard]] constexpr std::optional<std::chrono::sys_seconds> parse_loose_date(
    std::string_view text, std::optional<std::chrono::sys_seconds> now) noexcept {
    return detail::any_date(text, detail::letters::any, now);
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_DATE_HPP
