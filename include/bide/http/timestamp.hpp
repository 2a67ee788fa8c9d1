// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_TIMESTAMP_HPP
#define BIDE_HTTP_TIMESTAMP_HPP

#include <bide/http/detail/date_reader.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace bide::inline v1::http {

/// The instant that `2018-03-13T00:00:00.000Z` names, upward to milliseconds.
///
/// RFC 3339; seconds may be missing (Jira Cloud), the offset may lack its colon. Without an offset
/// nothing is read: half a day of error is worse than no hint. Any case of letters.
[[nodiscard]] constexpr std::optional<std::chrono::sys_time<std::chrono::milliseconds>>
parse_timestamp(std::string_view text) noexcept {
    detail::date_reader r{text, detail::letters::any};
    const auto year = r.digits(4);
    r.skip("-");
    const auto month = r.digits(2);
    r.skip("-");
    const auto day = r.digits(2);
    if (!r.takes("T")) r.skip(" ");
    std::chrono::seconds time = r.hour_and_minute();
    std::chrono::milliseconds fraction{0};
    if (r.takes(":")) {
        time += r.second();
        if (r.takes(".")) fraction = r.fraction();
    }
    const auto offset = r.takes("Z") ? std::chrono::minutes{0} : r.offset();
    if (!r.matched()) return std::nullopt;
    const auto second = detail::instant(year, month, day, time - offset);
    if (!second) return std::nullopt;
    return *second + fraction;
}

/// The instant that `Tue Feb 16 2021 09:02:42 GMT+0100 (Central European Standard Time)` names:
/// JavaScript's Date.toString(), the name of the zone being optional.
[[nodiscard]] constexpr std::optional<std::chrono::sys_seconds> parse_js_date(
    std::string_view text) noexcept {
    detail::date_reader r{text, detail::letters::any};
    r.one_of(detail::day_names);
    r.skip(" ");
    const auto month = r.one_of(detail::month_names);
    r.skip(" ");
    const auto day = r.digits(2);
    r.skip(" ");
    const auto year = r.digits(4);
    r.skip(" ");
    const auto time = r.time_of_day();
    r.skip(" GMT");
    const auto offset = r.offset();
    const auto named = r.rest().starts_with(" (") && r.rest().ends_with(')');
    if (r.failed() || (!r.rest().empty() && !named)) return std::nullopt;
    return detail::instant(year, month, day, time - offset);
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_TIMESTAMP_HPP
