// SPDX-License-Identifier: MIT
#ifndef PLANNER_COMMAND_LINE_HPP
#define PLANNER_COMMAND_LINE_HPP

#include <bide/explain.hpp>

#include <optional>
#include <string>

namespace planner {

/// What the command line asks for.
struct request {
    std::string policy{};  ///< JSON text, or @ and the name of a file that holds it.
    bool json = false;
    bide::explain_options look{};
};

/// A request, or a text to print and a status to exit with.
struct command {
    std::optional<request> wanted{};
    int status = 0;
    std::string text{};
};

[[nodiscard]] command read_command_line(int argc, const char* const* argv);

}  // namespace planner

#endif  // PLANNER_COMMAND_LINE_HPP
