// SPDX-License-Identifier: MIT
#ifndef PLANNER_POLICY_TEXT_HPP
#define PLANNER_POLICY_TEXT_HPP

#include <string>

namespace planner {

/// The text of a policy: the argument itself, or for `@FILE` what the file holds.
/// @throws std::invalid_argument naming the file and the reason, if it cannot be read.
[[nodiscard]] std::string policy_text(const std::string& argument);

}  // namespace planner

#endif  // PLANNER_POLICY_TEXT_HPP
