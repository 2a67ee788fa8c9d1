// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_COMMAND_LINE_HPP
#define INSPECTOR_COMMAND_LINE_HPP

#include <bide/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace inspector {

/// How the answer is given.
enum class form : std::uint8_t {
    words,
    json,   ///< One object.
    lines,  ///< Of many responses, each on a line, an object each.
};

/// What the command line asks for.
struct request {
    inspector::form form = form::words;
    std::string method = "POST";  ///< Of a sender, for whom a wrong yes costs most.
    bool has_key = false;
    std::string profile{};  ///< A name, or @ and the name of a file; empty if none was given.
    std::optional<bide::wall_time> now{};
};

/// A request, or a text to print and a status to exit with.
struct command {
    std::optional<request> wanted{};
    int status = 0;
    std::string text{};
};

[[nodiscard]] command read_command_line(int argc, const char* const* argv);

}  // namespace inspector

#endif  // INSPECTOR_COMMAND_LINE_HPP
