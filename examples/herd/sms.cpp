// SPDX-License-Identifier: MIT
#include "herd/sms.hpp"

#include "herd/own_plan.hpp"
#include "herd/per_second.hpp"

#include <bide/bide.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/testing/limiting_servers.hpp>
#include <bide/testing/simulation.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace herd {
namespace {

using bide::simulated::fixed_window;
using bide::simulated::tells;
using namespace std::chrono_literals;

struct traffic {
    explicit traffic(std::uint64_t seconds) : sent{seconds}, accepted{seconds}, rejected{seconds} {}

    per_second sent;
    per_second accepted;
    per_second rejected;
    double took = 0;  // seconds
};

/// Begins a message for each that is over, while some are left.
template <class Simulation>
struct outbox {
    Simulation& all;
    traffic& its;
    std::uint64_t left;

    void next(bide::time_point now) {
        if (left == 0) return;
        --left;
        all.begin(now);
    }
    void operator()(const bide::simulated::finished& f) { next(f.ended); }
    void operator()(const bide::simulated::tried& t) const {
        its.sent.add(t.arrived);
        const auto good = t.found.verdict == bide::verdict::success;
        (good ? its.accepted : its.rejected).add(t.arrived);
    }
};

template <class Plan>
traffic workers_with(const Plan& plan, tells what, const sms_options& how) {
    fixed_window server{{.limit = how.limit, .window = 1s, .tells = what}};
    bide::simulation all{plan, server, bide::simulated::uniform_delay{{.least = 5ms, .most = 50ms}},
                         how.seed};
    const auto longest = 10 * (how.messages / how.limit + 10);  // seconds, for plans of any kind
    traffic r{longest};
    outbox<decltype(all)> messages{all, r, how.messages};
    for (std::uint64_t i = 0; i < how.workers; ++i) messages.next({});
    const auto end = all.run(messages, bide::time_point{std::chrono::seconds{longest}}).last;
    r.took = std::chrono::duration<double>{end.time_since_epoch()}.count();
    return r;
}

void add(report& r, const std::string& name, const traffic& its, const sms_options& how) {
    const auto end = std::min(its.sent.size(), static_cast<std::size_t>(its.took) + 1);
    const auto accepted = its.accepted.sum(0, end);
    r.summary.rows.push_back({name, std::to_string(its.sent.sum(0, end)), std::to_string(accepted),
                              std::to_string(its.rejected.sum(0, end)),
                              std::to_string(how.messages - accepted), fixed(its.took, 1)});
    for (std::size_t s = 0; s < end; ++s)
        r.figures.rows.push_back({std::to_string(s), name, std::to_string(its.sent[s]),
                                  std::to_string(its.accepted[s]),
                                  std::to_string(its.rejected[s])});
    const auto limit = static_cast<double>(how.limit);
    r.picture.panels.push_back(
        {.title = name,
         .x_axis = "time in seconds",
         .y_axis = "messages per second",
         .lines = {{"accepted", its.accepted.points(end), 2},
                   {"rejected", its.rejected.points(end), 1},
                   {.name = "limit",
                    .points = {{0, limit}, {static_cast<double>(end), limit}},
                    .colour = 0,
                    .dashed = true}}});
}

}  // namespace

report run_sms(const sms_options& how) {
    report r{.summary = {{"client", "sent", "accepted", "rejected", "not accepted", "seconds"}},
             .figures = {{"second", "client", "sent", "accepted", "rejected"}},
             .picture = {.title = std::to_string(how.limit) +
                                  " messages per second are allowed: who sends in vain?",
                         .panels = {}}};
    constexpr auto policy = bide::policy();
    add(r, "backoff", workers_with(policy, tells::nothing, how), how);
    add(r, "hints_obeyed", workers_with(policy, tells::wait, how), how);
    bide::quota_pacer pacer;
    add(r, "quota_pacer", workers_with(bide::with(pacer, policy), tells::wait, how), how);
    if (!how.plan.empty())
        add(r, own_name, workers_with(own_plan(how.plan, how.seed), tells::wait, how), how);
    return r;
}

}  // namespace herd
