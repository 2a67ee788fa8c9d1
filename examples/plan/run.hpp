// SPDX-License-Identifier: MIT
#ifndef PLANNER_RUN_HPP
#define PLANNER_RUN_HPP

#include "plan/command_line.hpp"

#include <string>

namespace planner {

/// The answer to a request, without a line end.
/// @throws std::invalid_argument for a policy that cannot be read.
[[nodiscard]] std::string run(const request& wanted);

}  // namespace planner

#endif  // PLANNER_RUN_HPP
