// SPDX-License-Identifier: MIT
#ifndef SENDER_COMMAND_LINE_HPP
#define SENDER_COMMAND_LINE_HPP

#include "send/options.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace sender {

/// What the command line asks for: to send, or to print a text and leave.
struct command {
    std::optional<options> send;
    std::string file;       ///< Messages from here, "-" is standard input; or, if empty,
    std::size_t count = 0;  ///< as many generated ones.
    std::string id_prefix;  ///< Empty: a random one.
    bool json = false;
    bool quiet = false;
    int status = 0;    ///< Exit status where there is nothing to send.
    std::string text;  ///< Help for standard output (status 0), or an error for standard error (2).
};

/// Reads the arguments; never throws for bad ones.
[[nodiscard]] command read_command_line(int argc, const char* const* argv);

}  // namespace sender

#endif  // SENDER_COMMAND_LINE_HPP
