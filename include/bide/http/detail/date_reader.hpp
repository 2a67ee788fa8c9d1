// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DETAIL_DATE_READER_HPP
#define BIDE_HTTP_DETAIL_DATE_READER_HPP

#include <bide/http/field.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http::detail {

inline constexpr std::array<std::string_view, 7> day_names = {"Mon", "Tue", "Wed", "Thu",
                                                              "Fri", "Sat", "Sun"};
inline constexpr std::array<std::string_view, 7> long_day_names = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
inline constexpr std::array<std::string_view, 12> month_names = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// How closely a date keeps to its grammar.
enum class letters : bool {
    exact,  ///< As RFC 9110 spells it.
    any,    ///< Upper and lower case do not differ, and the zone may be UTC or an offset.
};

/// Takes pieces of fixed form from the left of a text; one that does not match fails the whole.
class date_reader {
public:
    constexpr explicit date_reader(std::string_view text, letters l = letters::exact) noexcept
        : rest_{text}, letters_{l} {}

    /// Takes `expected` if it comes next.
    constexpr bool takes(std::string_view expected) noexcept {
        const auto next = rest_.substr(0, expected.size());
        if (next != expected && (letters_ == letters::exact || !same_name(next, expected)))
            return false;
        rest_.remove_prefix(expected.size());
        return true;
    }

    constexpr void skip(std::string_view expected) noexcept {
        if (!takes(expected)) failed_ = true;
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
    constexpr unsigned padded_day() noexcept { return takes(" ") ? digits(1) : digits(2); }

    /// The position among `names`, from 1.
    constexpr unsigned one_of(std::span<const std::string_view> names) noexcept {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (takes(names[i])) return static_cast<unsigned>(i) + 1;
        failed_ = true;
        return 0;
    }

    /// hour ":" minute, since midnight.
    constexpr std::chrono::minutes hour_and_minute() noexcept {
        const std::chrono::hours h{digits(2)};
        skip(":");
        const std::chrono::minutes m{digits(2)};
        if (h.count() > 23 || m.count() > 59) failed_ = true;
        return h + m;
    }

    /// A leap second counts as the first one of the next minute, as in POSIX time.
    constexpr std::chrono::seconds second() noexcept {
        const std::chrono::seconds s{digits(2)};
        if (s.count() > 60) failed_ = true;
        return s;
    }

    /// hour ":" minute ":" second, since midnight.
    constexpr std::chrono::seconds time_of_day() noexcept {
        const auto minutes = hour_and_minute();
        skip(":");
        return minutes + second();
    }

    /// 1*DIGIT behind a decimal point, upward to milliseconds: an instant comes out later, never
    /// earlier.
    constexpr std::chrono::milliseconds fraction() noexcept {
        if (rest_.empty() || !is_digit(rest_.front())) failed_ = true;
        std::chrono::milliseconds value{0};
        std::chrono::milliseconds digit{100};
        bool more = false;
        for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), digit /= 10) {
            value += digit * (rest_.front() - '0');
            more = more || (digit.count() == 0 && rest_.front() != '0');
        }
        return value + std::chrono::milliseconds{more ? 1 : 0};
    }

    /// sign hour minute, east positive, with or without a colon between them.
    constexpr std::chrono::minutes offset() noexcept {
        const bool west = takes("-");
        if (!west) skip("+");
        const std::chrono::hours h{digits(2)};
        takes(":");
        const std::chrono::minutes m{digits(2)};
        if (h.count() > 23 || m.count() > 59) failed_ = true;
        return west ? -(h + m) : h + m;
    }

    /// What the zone is ahead of GMT.
    constexpr std::chrono::minutes zone() noexcept {
        if (takes("GMT") || (letters_ == letters::any && takes("UTC"))) return {};
        if (letters_ == letters::any) return offset();
        failed_ = true;
        return {};
    }

    [[nodiscard]] constexpr std::string_view rest() const noexcept { return rest_; }
    [[nodiscard]] constexpr bool failed() const noexcept { return failed_; }
    [[nodiscard]] constexpr bool matched() const noexcept { return !failed_ && rest_.empty(); }

private:
    std::string_view rest_;
    letters letters_;
    bool failed_ = false;
};

constexpr std::optional<std::chrono::sys_seconds> instant(
    unsigned year, unsigned month, unsigned day, std::chrono::seconds time_of_day) noexcept {
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                           std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + time_of_day;
}

}  // namespace bide::inline v1::http::detail

#endif  // BIDE_HTTP_DETAIL_DATE_READER_HPP
