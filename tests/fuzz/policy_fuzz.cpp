// SPDX-License-Identifier: MIT
#include <bide/json/policy.hpp>

#include "fuzz/require.hpp"
#include "json/facts.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Any bytes are a policy or a policy_error. What is accepted is a policy whose delays are in order
/// and which says the same when it is written again; what is refused is refused in one short line.
namespace {

using nlohmann::json;

void check_policy(const bide::json_policy<>& policy, std::string_view text) {
    const auto facts = facts::facts_of(policy);
    for (const auto& [low, high] : facts.bands)
        require(low >= bide::duration::zero() && low <= high, "0 <= low <= high");
    require(facts.max_attempts >= 1, "max_attempts >= 1");
    require(facts.last_start <= facts.latest, "last_start <= latest");
    require(facts.try_timeout > bide::duration::zero(), "try_timeout > 0");
    require(facts.connect_timeout > bide::duration::zero(), "connect_timeout > 0");
    require(facts.max_hint >= bide::duration::zero(), "max_hint >= 0");

    const auto again = json::parse(text);
    require(facts == facts::facts_of(bide::policy_from_json(again)), "the same from a value");
    require(facts == facts::facts_of(bide::policy_from_json(again.dump())), "the same again");
}

void check_error(const bide::policy_error& e) {
    const std::string_view what = e.what();
    require(what.substr(0, 8) == "policy: ", "a message begins with policy");
    require(what.size() < 500, "a message is short");
    for (const char c : what) require(c >= ' ' && c <= '~', "a message is one line of ASCII");
    const json::json_pointer pointer{e.pointer()};  // throws if it is none
    require(pointer.to_string() == e.pointer(), "a pointer is written as RFC 6901 has it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{data, data + size};
    try {
        check_policy(bide::policy_from_json(text), text);
    } catch (const bide::policy_error& e) {
        check_error(e);
    }
    return 0;
}
