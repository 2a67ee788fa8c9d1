// SPDX-License-Identifier: MIT
#include "plan/run.hpp"

#include "plan/guards.hpp"
#include "plan/policy_text.hpp"
#include "plan/report.hpp"

#include <bide/explain.hpp>
#include <bide/json/plan.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace planner {
namespace {

constexpr std::uint64_t most_listed = 1000;  // as --help says
constexpr std::uint64_t listed_of_more = 20;

template <class Policy>
bide::explanation explanation_of(const Policy& policy, bide::explain_options look) {
    look.most_retries = most_listed;
    auto whole = bide::explain(policy, look);
    if (whole.delays_max) return whole;
    look.most_retries = listed_of_more;
    return bide::explain(policy, look);
}

}  // namespace

std::string run(const request& wanted) {
    const auto text = policy_text(wanted.policy);
    const auto plan = bide::plan_from_json(text);
    const auto e = explanation_of(plan.rules(), wanted.look);
    const auto all = guards_of(nlohmann::json::parse(text));
    return wanted.json ? to_json(e, all) : to_table(e, all);
}

}  // namespace planner
