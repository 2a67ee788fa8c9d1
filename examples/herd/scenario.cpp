// SPDX-License-Identifier: MIT
#include "herd/scenario.hpp"

#include "herd/per_second.hpp"
#include "herd/scenario_text.hpp"

#include <bide/testing/simulation.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace herd {
namespace {

bide::time_point begin_of(std::uint64_t n) { return bide::time_point{std::chrono::seconds{n}}; }

struct counts {
    explicit counts(std::uint64_t seconds) : tries{seconds}, refused{seconds}, good{seconds} {}

    per_second tries;
    per_second refused;  // and those that failed otherwise
    per_second good;     // operations that succeed
    std::uint64_t over = 0;
};

template <class Simulation>
struct watcher {
    Simulation& all;
    counts& its;
    bool begins_next;

    void operator()(const bide::simulated::tried& t) const {
        its.tries.add(t.arrived);
        if (t.found.verdict != bide::verdict::success) its.refused.add(t.arrived);
    }
    void operator()(const bide::simulated::finished& f) {
        ++its.over;
        if (f.how == bide::end::done) its.good.add(f.ended);
        // A gate may end an operation in no time, and then this would never end.
        if (begins_next) all.begin(f.ended + std::chrono::milliseconds{1});
    }
};

/// @return how many operations began.
std::uint64_t simulate(const scenario& s, counts& its) {
    bide::simulated::failing_server server{s.server, s.outages};
    bide::simulation all{s.plan, server, s.network, s.seed};
    watcher<decltype(all)> watch{all, its, s.clients != 0};
    std::uint64_t begun = 0;
    for (std::uint64_t i = 0; i < s.clients; ++i) begun = all.begin({});
    for (std::uint64_t n = 0; n < s.seconds; ++n) {
        for (std::uint64_t i = 0; i < s.per_second; ++i)
            begun =
                all.begin(begin_of(n) + std::chrono::nanoseconds{1'000'000'000 * i / s.per_second});
        all.run(watch, begin_of(n + 1));
    }
    return s.clients != 0 ? s.clients + its.over : begun;
}

void draw(report& r, const scenario& s, const counts& its) {
    const auto in_time = std::string{"time in seconds"};
    panel load{.title = "Load", .x_axis = in_time, .y_axis = "tries per second at the server"};
    load.lines = {{"tries", its.tries.points(s.seconds), 0},
                  {"tries in vain", its.refused.points(s.seconds), 1}};
    panel success{
        .title = "Success", .x_axis = in_time, .y_axis = "operations that succeed per second"};
    success.lines = {{"operations that succeed", its.good.points(s.seconds), 2}};
    if (!s.outages.empty()) {
        const auto at = [](bide::time_point t) {
            return std::chrono::duration<double>{t.time_since_epoch()}.count();
        };
        const auto& first = s.outages.front();
        if (at(first.ends) < static_cast<double>(s.seconds))
            load.shaded = success.shaded = span{at(first.begins), at(first.ends), "down"};
    }
    r.picture = {.title = "What do these clients do to their server?", .panels = {load, success}};
}

}  // namespace

report run_scenario(const scenario_options& how) {
    const auto s = scenario_from_json(how.scenario, how.seed);
    counts its{s.seconds};
    const auto begun = simulate(s, its);
    const auto end = static_cast<std::size_t>(s.seconds);
    report r{.summary = {{"operations", "succeeded", "still under way", "tries", "in vain",
                          "most tries in a second"}},
             .figures = {{"second", "tries", "in_vain", "succeeded"}},
             .picture = {}};
    r.summary.rows.push_back(
        {std::to_string(begun), std::to_string(its.good.sum(0, end)),
         std::to_string(begun - its.over), std::to_string(its.tries.sum(0, end)),
         std::to_string(its.refused.sum(0, end)), std::to_string(its.tries.peak(0, end))});
    for (std::size_t n = 0; n < end; ++n)
        r.figures.rows.push_back({std::to_string(n), std::to_string(its.tries[n]),
                                  std::to_string(its.refused[n]), std::to_string(its.good[n])});
    draw(r, s, its);
    return r;
}

}  // namespace herd
