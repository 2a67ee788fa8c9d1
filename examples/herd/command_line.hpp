// SPDX-License-Identifier: MIT
#ifndef HERD_COMMAND_LINE_HPP
#define HERD_COMMAND_LINE_HPP

#include "herd/aws.hpp"
#include "herd/explain.hpp"
#include "herd/outage.hpp"
#include "herd/scenario.hpp"
#include "herd/sms.hpp"
#include "herd/vonage.hpp"

#include <optional>
#include <string>
#include <variant>

namespace herd {

/// What the command line asks for.
struct request {
    std::variant<aws_options, vonage_options, outage_options, sms_options, explain_options,
                 scenario_options>
        scenario{};
    std::string csv{};  ///< A file for the figures, - for standard output, or empty.
    std::string svg{};  ///< A file for the picture, or empty.
};

/// A request, or a text to print and a status to exit with.
struct command {
    std::optional<request> wanted{};
    int status = 0;
    std::string text{};
};

[[nodiscard]] command read_command_line(int argc, const char* const* argv);

}  // namespace herd

#endif  // HERD_COMMAND_LINE_HPP
