// SPDX-License-Identifier: MIT
#ifndef COMMON_DURATION_HPP
#define COMMON_DURATION_HPP

#include <chrono>
#include <optional>
#include <string_view>

namespace common {

/// The longest duration that the options accept; it keeps all sums of instants far from overflow.
inline constexpr std::chrono::nanoseconds longest_duration = std::chrono::hours{24};

/// Reads "250ms", "1.5s", "2m", "1h", "10us", "5ns" or "0".
///
/// Answers nothing for any other text, for negative numbers and for more than `longest_duration`.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// Reads a decimal number such as "0.25" or "1e-3" that is the whole text.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace common

#endif  // COMMON_DURATION_HPP
