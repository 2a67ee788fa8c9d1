// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_DETAIL_MEMBERS_HPP
#define BIDE_HTTP_DETAIL_MEMBERS_HPP

#include <bide/http/detail/date_reader.hpp>
#include <bide/http/field.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace bide::inline v1::http::detail {

/// Does the text begin like a date? In any case of letters, so that a broken one is known too.
constexpr bool begins_with_day(std::string_view text) noexcept {
    if (text.empty() || is_digit(text.front())) return false;
    date_reader r{text, letters::any};
    r.one_of(day_names);
    return !r.failed();
}

/// Is the text the name of a day and nothing else?
constexpr bool is_day(std::string_view text) noexcept {
    date_reader full{text, letters::any};
    full.one_of(long_day_names);
    date_reader abbreviated{text, letters::any};
    abbreviated.one_of(day_names);
    return full.matched() || abbreviated.matched();
}

template <class T>
constexpr std::optional<T> larger(std::optional<T> a, std::optional<T> b) noexcept {
    return !a || (b && *b > *a) ? b : a;
}

/// What one member of a value came to.
struct member {
    std::optional<std::chrono::milliseconds> wait{};
    bool is_date = false;  ///< A date was read, also where no clock can turn it into a wait.
};

/// What is longer is no list: lists of more than a thousand members fit in.
inline constexpr std::size_t longest_list = 65'536;

/// The longest wait among the values that an intermediary joined by commas; it satisfies them all.
///
/// Behind a date that `read` cannot read nothing more is read, because dates contain commas and its
/// end cannot be known. Source: RFC 9110 5.3.
template <class Read>
constexpr std::optional<std::chrono::milliseconds> longest_member(std::string_view value,
                                                                  const Read& read) noexcept {
    if (value.size() > longest_list) return read(trim(value)).wait;
    std::optional<std::chrono::milliseconds> longest;
    for (auto rest = value;;) {
        auto comma = rest.find(',');
        auto text = trim(rest.substr(0, comma));
        const auto is_date = begins_with_day(text);
        if (is_date && comma != std::string_view::npos && is_day(text)) {
            comma = rest.find(',', comma + 1);
            text = trim(rest.substr(0, comma));
        }
        const member found = read(text);
        if (is_date && !found.is_date) return longest;
        longest = larger(longest, found.wait);
        if (comma == std::string_view::npos) return longest;
        rest.remove_prefix(comma + 1);
    }
}

/// From `base` to `instant`, as long as possible if that is too long; what has passed is now.
constexpr std::optional<std::chrono::milliseconds> delay_until(
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> instant,
    std::optional<std::chrono::sys_seconds> base) noexcept {
    using std::chrono::milliseconds;
    if (!instant || !base) return std::nullopt;
    // Seconds first: a base may be further away than milliseconds reach.
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*instant);
    if (seconds < *base) return milliseconds::zero();
    const auto from = base->time_since_epoch();
    const auto to = seconds.time_since_epoch();
    constexpr auto most = std::chrono::floor<std::chrono::seconds>(milliseconds::max());
    if (from < std::chrono::seconds::zero() && to >= most + from) return milliseconds::max();
    return to - from + (*instant - seconds);
}

}  // namespace bide::inline v1::http::detail

#endif  // BIDE_HTTP_DETAIL_MEMBERS_HPP
