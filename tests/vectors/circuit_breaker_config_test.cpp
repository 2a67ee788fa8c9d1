// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/vectors.hpp"
#include "vectors/later.hpp"
#include "vectors/times.hpp"

#include <bide/backoff/constant.hpp>
#include <bide/backoff/jitter.hpp>

#include <optional>
#include <set>
#include <stdexcept>
#include <string>

// Of the rows about circuit breakers only those that set nothing but delays concern a backoff; the
// others wait for the breaker.

namespace {

using namespace vectors;

bool has(const std::string& name, const char* part) { return name.find(part) != std::string::npos; }

bool is_delay(const std::string& name) { return has(name, "delay") || has(name, "backoff"); }

/// A delay, or the two ends of a range of delays.
judgement judge_delays(const json& settings, bool valid) {
    std::optional<duration> low, high, base;
    for (const auto& [name, value] : settings.items()) {
        auto& which = has(name, "min") ? low : has(name, "max") ? high : base;
        which = span(json{{name, value}}, name.substr(0, name.rfind('_')));
        if (!which) return failed("an unknown form of delay: " + name);
    }
    const auto first = low ? low : base;
    bool accepted = true;
    try {
        if (first) static_cast<void>(bide::constant(*first));
        if (high)
            static_cast<void>(bide::constant(*high - first.value_or(duration::zero())) |
                              bide::full_jitter);
    } catch (const std::invalid_argument&) {
        accepted = false;
    }
    return passed_if(accepted == valid, accepted ? "is accepted" : "is refused");
}

judgement judge_config(const json& row, later& others) {
    auto settings = row.at("input");
    settings.erase("kind");
    if (settings.contains("config")) settings = json(row.at("input").at("config"));
    bool all = !settings.empty();
    bool any = false;
    for (const auto& [name, value] : settings.items()) {
        any = any || is_delay(name);
        all = all && is_delay(name);
    }
    if (!any) return others.leave("config of the breaker itself", "the circuit breaker");
    if (!all) return others.leave("config of delays and the breaker", "the circuit breaker");
    return judge_delays(settings, row.at("expect").at("valid").get<bool>());
}

judgement judge(const json& row, later& others) {
    static const std::set<std::string> breaker = {
        "sequence",       "should_break", "on_failure",           "on_success",
        "rolling_window", "count_window", "breaker_returns_open", "composition"};
    const auto kind = row.at("input").at("kind").get<std::string>();
    if (kind == "config") return judge_config(row, others);
    if (breaker.contains(kind)) return others.leave(kind, "the circuit breaker");
    return failed("an unknown kind: " + kind);
}

}  // namespace

TEST_CASE("vectors: config rows of circuit_breaker", "[vectors][backoff]") {
    later others;
    // Perhaps none of a file concerns a backoff.
    vectors::run("circuit_breaker", [&](const json& row) { return judge(row, others); }, 0);
}
