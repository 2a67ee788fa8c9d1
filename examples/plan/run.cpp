// SPDX-License-Identifier: MIT
#include "plan/run.hpp"

#include "plan/policy_text.hpp"
#include "plan/report.hpp"

#include <bide/explain.hpp>
#include <bide/json/policy.hpp>

#include <cstdint>
#include <string>

namespace planner {
namespace {

constexpr std::uint64_t most_listed = 1000;  // as --help says
constexpr std::uint64_t listed_of_more = 20;

template <class Policy>
bide::explanation plan_of(const Policy& policy, bide::explain_options look) {
    look.most_retries = most_listed;
    auto whole = bide::explain(policy, look);
    if (whole.delays_max) return whole;
    look.most_retries = listed_of_more;
    return bide::explain(policy, look);
}

}  // namespace

std::string run(const request& wanted) {
    const auto policy = bide::policy_from_json(policy_text(wanted.policy));
    const auto e = plan_of(policy, wanted.look);
    return wanted.json ? to_json(e) : to_table(e);
}

}  // namespace planner
