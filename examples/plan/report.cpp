// SPDX-License-Identifier: MIT
#include "plan/report.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace planner {
namespace {

using bide::explanation;
using nlohmann::ordered_json;

/// Whole numbers without a fraction, so that no reader turns them into something near.
ordered_json to_ms(explanation::mean_delay d) {
    const auto value = std::chrono::duration<double, std::milli>{d}.count();
    constexpr auto most = 9007199254740992.0;  // 2^53: every whole number up to here is itself
    if (std::floor(value) == value && value <= most) return static_cast<std::int64_t>(value);
    return value;
}

ordered_json to_ms(bide::duration d) {
    if (d % std::chrono::milliseconds{1} == bide::duration::zero())
        return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    return to_ms(explanation::mean_delay{d});
}

struct unit {
    const char* name;
    double nanoseconds;
};

/// For people: in the largest unit that leaves a whole part, with at most three decimals.
std::string to_text(explanation::mean_delay d) {
    constexpr std::array units{unit{"s", 1e9}, unit{"ms", 1e6}, unit{"us", 1e3}, unit{"ns", 1}};
    if (d.count() == 0) return "0s";
    std::size_t i = 0;
    while (i + 1 < units.size() && d.count() < units.at(i).nanoseconds) ++i;
    std::array<char, 64> digits{};
    (void)std::snprintf(digits.data(), digits.size(), "%.3f", d.count() / units.at(i).nanoseconds);
    std::string text = digits.data();
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text + units.at(i).name;
}

std::string row(const std::string& retry, const std::string& min, const std::string& mean,
                const std::string& max) {
    std::array<char, 256> line{};
    (void)std::snprintf(line.data(), line.size(), "%5s  %12s  %12s  %12s\n", retry.c_str(),
                        min.c_str(), mean.c_str(), max.c_str());
    return line.data();
}

/// "4 attempts, for 2 of which there is time; at most 3.5s of waiting, 39s in all".
std::string summary(const explanation& e) {
    std::string text = "no limit of attempts";
    if (e.attempts) {
        text = std::to_string(*e.attempts) + (*e.attempts == 1 ? " attempt" : " attempts");
        const auto in_time = e.retries.size() + 1;
        if (e.delays_max && in_time < *e.attempts)
            text += ", for " + std::to_string(in_time) + " of which there is time";
    }
    const auto waits = longest_wait(e);
    text += waits ? "; at most " + to_text(*waits) + " of waiting" : "; no limit of waiting";
    if (e.total_max)
        text += ", " + to_text(*e.total_max) + " in all if every try is cut off at its timeout";
    return text;
}

std::string list(const char* heading, const std::vector<guard>& guards) {
    if (guards.empty()) return {};
    std::string text = heading;
    for (const auto& [name, words] : guards) {
        auto line = "\n  " + name;
        line.resize(23, ' ');  // two spaces behind the longest name
        text += line + words;
    }
    return text;
}

}  // namespace

bide::maybe<bide::duration> longest_wait(const explanation& e) {
    if (!e.delays_max) return e.time_limit;
    if (e.time_limit && *e.time_limit < *e.delays_max) return e.time_limit;
    return e.delays_max;
}

std::string to_json(const explanation& e, const guards& all) {
    auto retries = ordered_json::array();
    for (const auto& r : e.retries)
        retries.push_back({{"retry", r.number},
                           {"min_ms", to_ms(r.min)},
                           {"mean_ms", to_ms(r.mean)},
                           {"max_ms", to_ms(r.max)}});
    const auto waits = longest_wait(e);
    ordered_json report{{"attempts", e.attempts ? ordered_json(*e.attempts) : ordered_json()},
                        {"retries", retries},
                        {"total_max_ms", waits ? to_ms(*waits) : ordered_json()}};
    for (const auto& gate : all.gates) report["gates"].push_back(gate.name);
    for (const auto& budget : all.budget) report["budget"] = budget.name;
    return report.dump();
}

std::string to_table(const explanation& e, const guards& all) {
    auto text = row("retry", "min", "mean", "max");
    for (const auto& r : e.retries)
        text += row(std::to_string(r.number), to_text(r.min),
                    (r.mean_is_exact ? "" : "~") + to_text(r.mean), to_text(r.max));
    if (!e.delays_max) text += "  ...\n";
    return text + summary(e) +
           list("\nasked before each try, in this order; waits for them are not counted above:",
                all.gates) +
           list("\nasked before each retry:", all.budget);
}

}  // namespace planner
