// SPDX-License-Identifier: MIT
#ifndef SENDER_DURATION_HPP
#define SENDER_DURATION_HPP

#include <bide/time.hpp>

#include <optional>
#include <string_view>

namespace sender {

/// The longest duration that the options accept.
inline constexpr bide::duration longest_duration = std::chrono::hours{24};

/// Reads "250ms", "1.5s", "2m" or "1h": nothing for any other text, for zero and for more than a
/// day.
[[nodiscard]] std::optional<bide::duration> parse_duration(std::string_view text);

}  // namespace sender

#endif  // SENDER_DURATION_HPP
