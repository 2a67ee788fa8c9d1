// SPDX-License-Identifier: MIT
#ifndef PLANNER_GUARDS_HPP
#define PLANNER_GUARDS_HPP

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace planner {

/// A gate or a budget of a plan.
struct guard {
    std::string name{};   ///< Such as `token_bucket`.
    std::string words{};  ///< What it does, and what the text sets: "bounds the rate; rate 30".
};

struct guards {
    std::vector<guard> gates{};   ///< In the order in which they are asked before each try.
    std::vector<guard> budget{};  ///< One or none, asked before each retry.
};

/// The guards of a text that `bide::plan_from_json` accepts.
[[nodiscard]] guards guards_of(const nlohmann::json& plan);

}  // namespace planner

#endif  // PLANNER_GUARDS_HPP
