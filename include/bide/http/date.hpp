// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DATE_HPP
#define BIDE_HTTP_DATE_HPP

#include <bide/http/field.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

namespace detail {

inline constexpr std::array<std::string_view, 7> day_names = {"Mon", "Tue", "Wed", "Thu",
                                                              "Fri", "Sat", "Sun"};
inline constexpr std::array<std::string_view, 7> long_day_names = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
inline constexpr std::array<std::string_view, 12> month_names = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Takes pieces of fixed form from the left of a text; one that does not match fails the whole.
class date_reader {
public:
    constexpr explicit date_reader(std::string_view text) noexcept : rest_{text} {}

    constexpr void skip(std::string_view expected) noexcept {
        if (rest_.starts_with(expected))
            rest_.remove_prefix(expected.size());
        else
            failed_ = true;
    }

    /// Exactly `count` digits.
    constexpr unsigned digits(std::size_t count) noexcept {
        if (rest_.size() < count) failed_ = true;
        unsigned value = 0;
        for (std::size_t i = 0; i < count && !failed_; ++i) {
            if (!is_digit(rest_[i])) failed_ = true;
            value = value * 10 + static_cast<unsigned>(rest_[i] - '0');
        }
        if (!failed_) rest_.remove_prefix(count);
        return value;
    }

    /// Two digits, or a space and one: only asctime pads so.
    constexpr unsigned padded_day() noexcept {
        if (!rest_.starts_with(' ')) return digits(2);
        skip(" ");
        return digits(1);
    }

    /// The position among `names`, from 1.
    constexpr unsigned one_of(std::span<const std::string_view> names) noexcept {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!rest_.starts_with(names[i])) continue;
            rest_.remove_prefix(names[i].size());
            return static_cast<unsigned>(i) + 1;
        }
        failed_ = true;
        return 0;
    }

    /// hour ":" minute ":" second, in seconds since midnight.
    constexpr std::chrono::seconds time_of_day() noexcept {
        const std::chrono::hours h{digits(2)};
        skip(":");
        const std::chrono::minutes m{digits(2)};
        skip(":");
        const std::chrono::seconds s{digits(2)};
        // A leap second counts as the first one of the next minute, as in POSIX time.
        if (h.count() > 23 || m.count() > 59 || s.count() > 60) failed_ = true;
        return h + m + s;
    }

    [[nodiscard]] constexpr bool matched() const noexcept { return !failed_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool failed_ = false;
};

constexpr std::optional<std::chrono::sys_seconds> instant(
    unsigned year, unsigned month, unsigned day, std::chrono::seconds time_of_day) noexcept {
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                           std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + time_of_day;
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
constexpr std::optional<std::chrono::sys_seconds> imf_fixdate(std::string_view text) noexcept {
    date_reader r{text};
    r.one_of(day_names);
    r.skip(", ");
    const auto day = r.digits(2);
    r.skip(" ");
    const auto month = r.one_of(month_names);
    r.skip(" ");
    const auto year = r.digits(4);
    r.skip(" ");
    const auto time = r.time_of_day();
    r.skip(" GMT");
    return r.matched() ? instant(year, month, day, time) : std::nullopt;
}

/// `Sun Nov  6 08:49:37 1994`
constexpr std::optional<std::chrono::sys_seconds> asctime_date(std::string_view text) noexcept {
    date_reader r{text};
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

/// `Sunday, 06-Nov-94 08:49:37 GMT`
constexpr std::optional<std::chrono::sys_seconds> rfc850_date(
    std::string_view text, std::chrono::sys_seconds now) noexcept {
    date_reader r{text};
    r.one_of(long_day_names);
    r.skip(", ");
    const auto day = r.digits(2);
    r.skip("-");
    const auto month = r.one_of(month_names);
    r.skip("-");
    const auto digits = static_cast<int>(r.digits(2));
    r.skip(" ");
    const auto time = r.time_of_day();
    r.skip(" GMT");
    if (!r.matched()) return std::nullopt;

    // The latest year with these digits that is at most 50 years ahead. Whole dates are compared,
    // because in the 50th year the day decides.
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date{today};
    const auto last = static_cast<int>(date.year()) + 50;
    auto year = last - ((last - digits) % 100 + 100) % 100;
    const std::chrono::month_day there{std::chrono::month{month}, std::chrono::day{day}};
    const std::chrono::month_day here{date.month(), date.day()};
    if (year == last && (there > here || (there == here && time > now - today))) year -= 100;
    return year < 0 ? std::nullopt : instant(static_cast<unsigned>(year), month, day, time);
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
    if (const auto date = detail::imf_fixdate(text)) return date;
    if (const auto date = detail::asctime_date(text)) return date;
    return now ? detail::rfc850_date(text, *now) : std::nullopt;
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_DATE_HPP
