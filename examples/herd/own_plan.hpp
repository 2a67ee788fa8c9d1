// SPDX-License-Identifier: MIT
#ifndef HERD_OWN_PLAN_HPP
#define HERD_OWN_PLAN_HPP

#include "plan/policy_text.hpp"

#include <bide/json/plan.hpp>

#include <string>

namespace herd {

/// What the client is called that does as the user's plan says.
inline constexpr auto own_name = "yours";

/// The user's plan: JSON text, or @ and the name of a file that holds it.
/// @throws std::invalid_argument if it cannot be read.
[[nodiscard]] inline auto own_plan(const std::string& argument) {
    return bide::plan_from_json(planner::policy_text(argument));
}

}  // namespace herd

#endif  // HERD_OWN_PLAN_HPP
