// SPDX-License-Identifier: MIT
#include "herd/vonage.hpp"

#include "herd/own_plan.hpp"
#include "herd/per_second.hpp"

#include <bide/bide.hpp>
#include <bide/testing/server.hpp>
#include <bide/testing/simulation.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace herd {
namespace {

using namespace std::chrono_literals;

/// Answers every call with a 503.
struct broken_server {
    static bide::simulated::answer serve(bide::simulated::visit&, bide::time_point) noexcept {
        return {.found = bide::simulated::overloaded};
    }
};

template <class Plan>
per_second tasks_with(const Plan& plan, const vonage_options& how) {
    broken_server server;
    bide::simulation all{plan, server, bide::simulated::uniform_delay{{.least = 5ms, .most = 50ms}},
                         how.seed};
    for (std::uint64_t i = 0; i < how.tasks; ++i) all.begin({});
    per_second calls{how.seconds};
    const auto last = bide::time_point{std::chrono::seconds{how.seconds}};
    all.run([&](const bide::simulated::tried& t) { calls.add(t.arrived); }, last);
    return calls;
}

template <class Backoff>
per_second calls_with(Backoff delays, const vonage_options& how) {
    constexpr auto endless = std::numeric_limits<std::uint64_t>::max();
    return tasks_with(bide::policy(std::move(delays), bide::max_attempts(endless)), how);
}

void add(report& r, const std::string& name, const per_second& calls) {
    const auto end = calls.size();
    const auto later = std::min<std::size_t>(60, end - 1);  // the beginning is like no other minute
    const auto mean = static_cast<double>(calls.sum(later, end)) / static_cast<double>(end - later);
    const auto peak = static_cast<double>(calls.peak(later, end));
    r.summary.rows.push_back({name, std::to_string(calls.sum(0, end)), fixed(mean, 1),
                              fixed(peak, 0), mean > 0 ? fixed(peak / mean, 1) : "-"});
    for (std::size_t i = 0; i < end; ++i)
        r.figures.rows.push_back({std::to_string(i), name, std::to_string(calls[i])});
    const auto colour = r.picture.panels.size();
    r.picture.panels.push_back({.title = name,
                                .x_axis = "time in seconds",
                                .y_axis = "calls per second",
                                .lines = {{name, calls.points(end), colour}}});
}

}  // namespace

report run_vonage(const vonage_options& how) {
    report r{.summary = {{"algorithm", "calls", "mean per s", "peak per s", "peak / mean"}},
             .figures = {{"second", "algorithm", "calls"}},
             .picture = {.title = std::to_string(how.tasks) +
                                  " tasks that fail: how do their calls spread?",
                         .panels = {}}};
    constexpr auto doubling = bide::exponential({.base = 1s, .cap = 60s});
    add(r, "constant", calls_with(bide::constant(1s), how));
    add(r, "exponential", calls_with(doubling, how));
    add(r, "full_jitter", calls_with(doubling | bide::full_jitter, how));
    if (!how.plan.empty()) add(r, own_name, tasks_with(own_plan(how.plan, how.seed), how));
    return r;
}

}  // namespace herd
