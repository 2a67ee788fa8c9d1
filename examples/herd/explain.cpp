// SPDX-License-Identifier: MIT
#include "herd/explain.hpp"

#include "herd/own_plan.hpp"
#include "plan/report.hpp"

#include <bide/explain.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace herd {
namespace {

double in_seconds(bide::explanation::mean_delay d) {
    return std::chrono::duration<double>{d}.count();
}

/// The delays of many operations by retry, each retry's in order.
template <class Backoff>
std::vector<std::vector<double>> walks(const Backoff& delays, std::size_t retries,
                                       const explain_options& how) {
    std::vector<std::vector<double>> all(retries);
    bide::splitmix64 dice{how.seed};
    for (std::uint64_t i = 0; i < how.samples; ++i) {
        bide::attempt failed{};
        for (auto& of_one : all) {
            failed.previous = bide::delay_of(delays, failed, dice);
            ++failed.number;
            of_one.push_back(in_seconds(failed.previous));
        }
    }
    for (auto& of_one : all) std::sort(of_one.begin(), of_one.end());
    return all;
}

spread spread_of(const bide::explanation::retry& r, const std::vector<double>& sorted) {
    const auto least = in_seconds(r.min);
    const auto most = in_seconds(r.max);
    const auto quantile = [&](double share) {
        // What does not depend on the delay before it is uniform.
        if (r.mean_is_exact) return least + share * (most - least);
        return sorted.at(static_cast<std::size_t>(share * static_cast<double>(sorted.size())));
    };
    return {
        static_cast<double>(r.number), least, quantile(0.25), quantile(0.5), quantile(0.75), most};
}

std::string total_of(const bide::explanation& e) {
    const auto waits = planner::longest_wait(e);
    std::string text =
        waits ? "at most " + fixed(in_seconds(*waits), 3) + " s of waiting" : "no limit of waiting";
    if (e.total_max)
        text += ", " + fixed(in_seconds(*e.total_max), 3) +
                " s in all if every try is cut off at its timeout";
    return text;
}

}  // namespace

report run_explain(const explain_options& how) {
    const auto plan = own_plan(how.plan, how.seed);
    const auto& policy = plan.rules();
    const auto e = bide::explain(policy, {.samples = 1});
    const auto sampled = walks(policy.delays(), e.retries.size(), how);
    table figures{{"retry", "min_s", "q1_s", "median_s", "q3_s", "max_s"}};
    panel waits{.title = "Delay before each retry", .x_axis = "retry", .y_axis = "seconds"};
    for (std::size_t i = 0; i < e.retries.size(); ++i) {
        const auto s = spread_of(e.retries[i], sampled[i]);
        waits.spreads.push_back(s);
        figures.rows.push_back({std::to_string(e.retries[i].number), fixed(s.least, 3),
                                fixed(s.lower, 3), fixed(s.median, 3), fixed(s.upper, 3),
                                fixed(s.most, 3)});
    }
    return {.summary = figures,
            .figures = figures,
            .picture = {.title = "How long does this policy wait?", .panels = {waits}},
            .note = total_of(e)};
}

}  // namespace herd
