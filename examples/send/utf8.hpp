// SPDX-License-Identifier: MIT
#ifndef SENDER_UTF8_HPP
#define SENDER_UTF8_HPP

#include <cstddef>
#include <string_view>

namespace sender {

/// The offset of the first byte that is not UTF-8, or `npos`: overlong forms, surrogates and what
/// is beyond U+10FFFF are none. Source: Unicode 15, table 3-7.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text) noexcept;

}  // namespace sender

#endif  // SENDER_UTF8_HPP
