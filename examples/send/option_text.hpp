// SPDX-License-Identifier: MIT
#ifndef SENDER_OPTION_TEXT_HPP
#define SENDER_OPTION_TEXT_HPP

#include "send/command_line.hpp"

#include <string>
#include <string_view>

namespace sender {

/// Sets one option from its text, for instance ("--deadline", "90s"), in `o` or beside it in `c`.
/// @throws std::invalid_argument that names the option, what is allowed, and the text.
void set_option(command& c, options& o, std::string_view name, const std::string& text);

}  // namespace sender

#endif  // SENDER_OPTION_TEXT_HPP
