// SPDX-License-Identifier: MIT
#ifndef COMMON_OPTION_TEXT_HPP
#define COMMON_OPTION_TEXT_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace common {

/// At most the first 60 bytes; those that a terminal might obey or could not show are written as
/// `\x1b`.
[[nodiscard]] std::string printable(std::string_view text);

/// The same in double quotes.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// What is wrong with the text of an option: `--count must be 1 or 2, got "3"`.
/// @throws std::invalid_argument
[[noreturn]] void reject(std::string_view name, std::string_view allowed, std::string_view text);

/// The number that is the whole text. `what` it is, for the message: "a whole number from 1 to 9".
/// @throws std::invalid_argument for any other text, and beyond `least` and `most`.
[[nodiscard]] std::uint64_t whole_number(std::string_view name, std::string_view text,
                                         std::uint64_t least, std::uint64_t most,
                                         std::string_view what = "a whole number");

}  // namespace common

#endif  // COMMON_OPTION_TEXT_HPP
