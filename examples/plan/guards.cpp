// SPDX-License-Identifier: MIT
#include "plan/guards.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string>
#include <string_view>

namespace planner {
namespace {

using nlohmann::json;

struct meaning {
    std::string_view name;
    std::string_view does;
};

constexpr std::array meanings{
    meaning{"initial_jitter", "spreads first tries"},
    meaning{"circuit_breaker", "refuses while the server keeps failing, but for a few probes"},
    meaning{"cooldown", "what a server asks one try to wait, all wait"},
    meaning{"concurrency_limit", "bounds the tries at a time"},
    meaning{"token_bucket", "bounds the rate, some at once after a pause"},
    meaning{"leaky_bucket", "bounds the rate, evenly spaced"},
    meaning{"sliding_window", "bounds the tries in every span of a length"},
    meaning{"quota_pacer", "learns the server's limit and stays close under it"},
    meaning{"cubic_pacer", "slows down after throttled answers as the AWS SDKs do"},
    meaning{"retry_budget", "bounds retries to a share of the requests, and a few more"},
    meaning{"retry_quota", "retries cost tokens that successes bring back"},
    meaning{"retry_throttle", "no retries while many tries fail"},
    meaning{"concurrent_retries", "bounds retries to a share of what is under way"},
};

std::string settings_of(const json& object);

/// "10s", "5", "unlimited" for null, "failure_rate (rate 0.5, minimum 10)".
std::string value_of(const json& value) {
    if (value.is_null()) return "unlimited";
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_object()) return value.dump();
    const auto kind = value.at("kind").get<std::string>();
    const auto settings = settings_of(value);
    return settings.empty() ? kind : kind + " (" + settings + ')';
}

std::string settings_of(const json& object) {
    std::string text;
    for (const auto& [key, value] : object.items())
        if (key != "kind") text += (text.empty() ? "" : ", ") + key + ' ' + value_of(value);
    return text;
}

guard guard_of(const std::string& name, const json& value) {
    std::string words;
    for (const auto& known : meanings)
        if (known.name == name) words = known.does;
    const auto settings = value.is_object() ? settings_of(value) : "over " + value_of(value);
    return {name, settings.empty() ? words : words + "; " + settings};
}

}  // namespace

guards guards_of(const json& plan) {
    guards all;
    const auto gates = plan.value("gates", json::object());
    for (const auto* name : {"initial_jitter", "circuit_breaker", "cooldown", "concurrency_limit"})
        if (gates.contains(name)) all.gates.push_back(guard_of(name, gates[name]));
    if (gates.contains("pace")) all.gates.push_back(guard_of(gates["pace"]["kind"], gates["pace"]));
    if (plan.contains("budget"))
        all.budget.push_back(guard_of(plan["budget"]["kind"], plan["budget"]));
    return all;
}

}  // namespace planner
