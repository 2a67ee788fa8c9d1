// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_RESPONSE_HPP
#define BIDE_HTTP_RESPONSE_HPP

#include <bide/http/date.hpp>
#include <bide/http/field.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

/// A final response as it was received: a view, so status, fields and bytes must outlive it.
///
/// `fields` are those of the last header block alone: what an interim response, a redirect or a
/// trailer says is not about this answer. `body` may be cut at any length; empty if it was not
/// kept.
struct response_view {
    int status = 0;  ///< 0 if none was received.
    std::span<const field> fields{};
    std::string_view body{};
};

/// When the server wrote the response, by its own clock; nothing without a valid Date field.
///
/// Of several the earliest, from which a wait is longest. `now` serves two-digit years only.
[[nodiscard]] constexpr std::optional<std::chrono::sys_seconds> date_of(
    const response_view& response, std::optional<std::chrono::sys_seconds> now) noexcept {
    std::optional<std::chrono::sys_seconds> earliest;
    for (const auto& f : response.fields) {
        if (!same_name(f.name, "date")) continue;
        const auto date = parse_date(trim(f.value), now);
        if (date && (!earliest || *date < *earliest)) earliest = date;
    }
    return earliest;
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_RESPONSE_HPP
