// SPDX-License-Identifier: MIT
#include "herd/outage.hpp"

#include "herd/own_plan.hpp"
#include "herd/per_second.hpp"

#include <bide/bide.hpp>
#include <bide/gate/cooldown.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/testing/failing_servers.hpp>
#include <bide/testing/simulation.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace herd {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t before = 30;     // seconds until it is down
constexpr std::uint64_t after = 90;      // seconds until no operation begins any more
constexpr std::uint64_t patience = 600;  // seconds after that for what is still under way
constexpr std::uint64_t budget_window = 10;

/// The defaults of the library, but for a shorter patience.
constexpr auto retries = bide::policy({.try_timeout = 1s});
constexpr auto no_retries = bide::policy(
    bide::exponential({}), bide::max_attempts(1) | bide::max_elapsed({}), {.try_timeout = 1s});

bide::time_point second(std::uint64_t n) { return bide::time_point{std::chrono::seconds{n}}; }

auto server_for(const outage_options& how) {
    const auto queue = 4 * how.clients;  // two seconds of work, so all who wait there are late
    return bide::simulated::failing_server{
        bide::simulated::metastable_server{
            {.rate = 2 * how.clients, .queue = queue, .slower = 0.5}},
        {{.begins = second(before),
          .ends = second(before + how.seconds),
          .found = {.verdict = bide::verdict::overloaded, .hint = 5s, .status = 503}}}};
}

struct course {
    explicit course(std::uint64_t seconds) : calls{seconds}, good{seconds}, well{seconds} {}

    void operator()(const bide::simulated::tried& t) { calls.add(t.arrived); }
    void operator()(const bide::simulated::finished& f) {
        if (f.how != bide::end::done) return;
        good.add(f.ended);
        well.add(f.began);
    }

    per_second calls;
    per_second good;
    per_second well;  // operations that succeed, by their beginning
};

template <class Plan>
course clients_with(const Plan& plan, const outage_options& how) {
    auto server = server_for(how);
    const auto last = before + how.seconds + after;
    course r{last};
    bide::simulation all{plan, server, bide::simulated::uniform_delay{{.least = 5ms, .most = 50ms}},
                         how.seed};
    const auto apart = bide::duration{1s} / static_cast<std::int64_t>(how.clients);
    for (std::uint64_t s = 0; s < last; ++s) {
        for (std::uint64_t i = 0; i < how.clients; ++i)
            all.begin(second(s) + apart * static_cast<std::int64_t>(i));
        all.run(r, second(s + 1));
    }
    all.run(r, second(last + patience));
    return r;
}

/// Seconds after the outage until 99 of 100 operations that begin succeed, for good.
std::optional<std::uint64_t> recovery(const course& r, const outage_options& how) {
    const auto up = before + how.seconds;
    auto n = r.well.size();
    while (n > up && 100 * r.well[n - 1] >= 99 * how.clients) --n;
    if (n == r.well.size()) return std::nullopt;
    return n - up;
}

/// The most load in the outage, as a multiple of that without retries.
double load(const course& r, const outage_options& how) {
    const auto window = std::min(budget_window, how.seconds);
    std::uint64_t most = 0;
    for (auto s = before; s + window <= before + how.seconds; ++s)
        most = std::max(most, r.calls.sum(s, s + window));
    return static_cast<double>(most) / static_cast<double>(window * how.clients);
}

void add(report& r, const std::string& name, const course& its, const outage_options& how) {
    const auto end = its.calls.size();
    const auto back = recovery(its, how);
    const auto lost = how.clients * end - its.well.sum(0, end);
    r.summary.rows.push_back({name, fixed(load(its, how), 2),
                              back ? std::to_string(*back) : "never", std::to_string(lost)});
    for (std::size_t s = 0; s < end; ++s)
        r.figures.rows.push_back(
            {std::to_string(s), name, std::to_string(its.calls[s]), std::to_string(its.good[s])});
    auto& panels = r.picture.panels;
    const auto colour = panels[0].lines.size();
    panels[0].lines.push_back({.name = name, .points = its.calls.points(end), .colour = colour});
    panels[1].lines.push_back({.name = name, .points = its.good.points(end), .colour = colour});
}

}  // namespace

report run_outage(const outage_options& how) {
    const span down{static_cast<double>(before), static_cast<double>(before + how.seconds), "down"};
    report r{.summary = {{"client", "load in outage", "well again after s", "operations lost"}},
             .figures = {{"second", "client", "calls", "succeeded"}},
             .picture = {.title = "After an outage: when is all well again?",
                         .panels = {{.title = "Load",
                                     .x_axis = "time in seconds",
                                     .y_axis = "tries per second at the server",
                                     .shaded = down},
                                    {.title = "Success",
                                     .x_axis = "time in seconds",
                                     .y_axis = "operations that succeed per second",
                                     .shaded = down}}}};
    add(r, "no_retry", clients_with(no_retries, how), how);
    add(r, "retry", clients_with(retries, how), how);
    {
        bide::retry_budget budget;
        add(r, "budget", clients_with(bide::with(budget, retries), how), how);
    }
    {
        bide::retry_budget budget;
        bide::cooldown pause{{}, how.seed};
        add(r, "budget+cooldown", clients_with(bide::with(budget, pause, retries), how), how);
    }
    if (!how.plan.empty()) add(r, own_name, clients_with(own_plan(how.plan, how.seed), how), how);
    return r;
}

}  // namespace herd
