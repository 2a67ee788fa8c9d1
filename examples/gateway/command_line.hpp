// SPDX-License-Identifier: MIT
#ifndef GATEWAY_COMMAND_LINE_HPP
#define GATEWAY_COMMAND_LINE_HPP

#include "gateway/options.hpp"

#include <optional>
#include <string>

namespace gateway {

/// What the command line asks for: to serve, or to print a text and leave.
struct command {
    std::optional<options> serve;
    bool is_verbose = false;
    int status = 0;    ///< Exit status where there is nothing to serve.
    std::string text;  ///< Help for standard output (status 0), or an error for standard error (2).
};

/// Reads the arguments; never throws for bad ones.
[[nodiscard]] command read_command_line(int argc, const char* const* argv);

}  // namespace gateway

#endif  // GATEWAY_COMMAND_LINE_HPP
