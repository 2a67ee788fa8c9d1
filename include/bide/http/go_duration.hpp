// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_GO_DURATION_HPP
#define BIDE_HTTP_GO_DURATION_HPP

#include <bide/http/detail/decimal.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bide::inline v1::http {

/// The time that `6m0s`, `12ms` or `7.66s` means, upward to milliseconds; nothing for other texts.
///
/// Numbers with the units h m s ms us µs ns, one behind the other, without sign; the longest time
/// where milliseconds cannot hold it. Source: Go's time.ParseDuration.
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds> parse_go_duration(
    std::string_view text) noexcept {
    struct unit {
        std::string_view name;
        std::int64_t microseconds;  ///< 0 for a nanosecond.
    };
    // A name comes before the names that it begins with.
    constexpr std::array<unit, 8> units = {{{"h", 3'600'000'000},
                                            {"ms", 1'000},
                                            {"m", 60'000'000},
                                            {"s", 1'000'000},
                                            {"us", 1},
                                            {"\xc2\xb5s", 1},  // the micro sign
                                            {"\xce\xbcs", 1},  // the Greek letter
                                            {"ns", 0}}};
    if (text.empty()) return std::nullopt;
    std::int64_t total = 0;  // microseconds
    while (!text.empty()) {
        const auto count = detail::take_decimal(text);
        const unit* found = nullptr;
        for (const auto& u : units)
            if (found == nullptr && text.starts_with(u.name)) found = &u;
        if (!count || found == nullptr) return std::nullopt;
        text.remove_prefix(found->name.size());
        const auto part = found->microseconds == 0 ? detail::divided(*count, 1000)
                                                   : detail::times(*count, found->microseconds);
        total = part > detail::highest - total ? detail::highest : total + part;
    }
    if (total == detail::highest) return std::chrono::milliseconds::max();
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds{total});
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_GO_DURATION_HPP
