// SPDX-License-Identifier: MIT
#ifndef PLANNER_REPORT_HPP
#define PLANNER_REPORT_HPP

#include "plan/guards.hpp"

#include <bide/explain.hpp>

#include <string>

namespace planner {

/// One line of JSON: `{"attempts":4,"retries":[{"retry":1,"min_ms":0,"mean_ms":250,"max_ms":500},
/// …],"total_max_ms":3500}`; attempts and total_max_ms are null where there is no limit. With gates
/// `"gates"` lists their names, with a budget `"budget"` is its name.
[[nodiscard]] std::string to_json(const bide::explanation& e, const guards& all = {});

/// A table for people, one line for each retry, a sentence on the whole, and a line for each guard.
[[nodiscard]] std::string to_table(const bide::explanation& e, const guards& all = {});

/// The longest that all waits can take together: the greatest delays, at most the limit of time.
[[nodiscard]] bide::maybe<bide::duration> longest_wait(const bide::explanation& e);

}  // namespace planner

#endif  // PLANNER_REPORT_HPP
