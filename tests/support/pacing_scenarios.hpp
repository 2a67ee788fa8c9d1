// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_PACING_SCENARIOS_HPP
#define BIDE_TESTS_SUPPORT_PACING_SCENARIOS_HPP

#include "support/pacing_simulator.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace simulated {

/// What a run must reach; a bound that is not set does not bind.
struct bounds {
    double first_goodput = 0;
    double first_refused = 1e9;
    double steady_goodput = 0;
    double steady_refused = 1e9;
    double p99 = 1e9;  ///< In fair shares: workers / rate.
    double adapted = 1e9;
    std::size_t refused_first = 1'000'000;
    double mean_goodput = 0;  ///< Steady, over all seeds.
    double mean_refused = 1e9;
};

struct row {
    const char* name;
    scenario runs;
    bounds must;
    double start_rate = 0;      ///< Told to the pacer.
    bool random_phase = false;  ///< Of an aligned window, by seed.
};

/// Every row of the acceptance table: a server model, a client, and how well a pacer must do.
inline std::vector<row> acceptance() {
    const gcra bucket{.per_second = 100, .burst = 20};
    const auto window = [](double limit, double length, fields sends, bool aligned = false) {
        return fixed_window{.limit = limit, .window = length, .sends = sends, .aligned = aligned};
    };
    const bounds usual{99, 0.02, 99.5, 0.005};
    const auto with_p99 = [](bounds b, double p99) {
        b.p99 = p99;
        return b;
    };
    const bounds told{99, 0.002, 99, 0.001};
    const scenario far{.limits = bucket, .round_trip = 0.05, .jitter = 0.01};
    const scenario very_far{.limits = bucket, .round_trip = 0.2, .jitter = 0.04};
    const scenario busy{.limits = window(100, 1, fields::none),
                        .round_trip = 0.0004,
                        .jitter = 0.0003,
                        .late_timers = 0.0002,
                        .stall_every = 1,
                        .stall = 0.03,
                        .connect = 0.008,
                        .client_stall_every = 1,
                        .client_stall = 0.03};
    auto busy_and_told = busy;
    busy_and_told.limits = window(100, 1, fields::full);
    return {
        {"1 bucket 100/s, burst 20", {.limits = bucket}, with_p99(usual, 1.1)},
        {"2 500 workers", {.limits = bucket, .workers = 500}, with_p99(usual, 1.05)},
        {"3 all queued at once", {.limits = bucket, .all_at_once = true}, usual},
        {"4 burst 1", {.limits = gcra{100, 1}}, {97, 0.01, 99, 0.005}},
        {"5 burst 100", {.limits = gcra{100, 100}}, {102, 0.03, 99.5, 0.005}},
        {"6 burst 0", {.limits = gcra{100, 0}}, {89, 0.01, 87, 0.006}},
        {"7 10/s, burst 5", {.limits = gcra{10, 5}, .workers = 10}, {99, 0.02, 99, 0.005}},
        {"8 1/s, burst 5",
         {.limits = gcra{1, 5}, .workers = 10, .learning = 500},
         {.first_goodput = 99,
          .first_refused = 0.07,
          .steady_goodput = 99,
          .steady_refused = 0.005,
          .refused_first = 35}},
        {"9 1000/s, burst 20", {.limits = gcra{1000, 20}}, {88, 0.03, 99.5, 0.005}},
        {"9b start rate told", {.limits = gcra{1000, 20}}, {99, 0.03, 99.5, 0.005}, 1000},
        {"10 50 ms away", far, {99, 0.035, 99.5, 0.006}},
        {"11 200 ms away", very_far, {92, 0.07, 98, 0.025}},
        {"11b start rate told", very_far, {98, 0.03, 98, 0.025}, 100},
        {"12 2 % of 503", {.limits = bucket, .failures = 0.02}, {98.5, 0.015, 99, 0.005}},
        {"13 late timers", {.limits = bucket, .late_timers = 0.001}, usual},
        {"14 limit halves",
         {.limits = bucket, .change = 0.5},
         {.steady_goodput = 99, .steady_refused = 0.005, .adapted = 2}},
        {"15 limit doubles",
         {.limits = bucket, .change = 2},
         {.steady_goodput = 99, .steady_refused = 0.006, .adapted = 10}},
        {"16 refusals count",
         {.limits = gcra{.per_second = 100, .burst = 20, .counts_refused = true}},
         {85, 0.05, 97, 0.01}},
        {"17 another client", {.limits = bucket, .other_client = 0.5}, {98, 0.03, 98, 0.006}},
        {"18 window 1 s, told", {.limits = window(100, 1, fields::full)}, told},
        {"18b aligned", {.limits = window(100, 1, fields::full, true)}, told, 0, true},
        {"18c 500 workers", {.limits = window(100, 1, fields::full), .workers = 500}, told},
        {"18d all queued", {.limits = window(100, 1, fields::full), .all_at_once = true}, told},
        {"19 told, doubles",
         {.limits = window(100, 1, fields::full), .change = 2},
         {.steady_goodput = 99, .steady_refused = 0.001, .adapted = 1}},
        {"19b told, halves",
         {.limits = window(100, 1, fields::full), .change = 0.5},
         {.steady_goodput = 99, .steady_refused = 0.001, .adapted = 1}},
        {"19c within a window",
         {.limits = window(100, 1, fields::full), .learning = 2050, .change = 0.5},
         {.steady_goodput = 99, .steady_refused = 0.001, .adapted = 1}},
        {"20 told, 200 ms away",
         {.limits = window(100, 1, fields::full), .round_trip = 0.2, .jitter = 0.04},
         {80, 0.003, 90, 0.002}},
        {"21 window 5 s, told", {.limits = window(500, 5, fields::full)}, {96.5, 0.002, 99, 0.001}},
        {"22 window 60 s, told",
         {.limits = window(6000, 60, fields::full), .learning = 12000},
         {98.5, 0.001, 99, 0.001}},
        {"22b length not told",
         {.limits = window(6000, 60, fields::full_without_window), .learning = 12000},
         {98.5, 0.001, 99, 0.001}},
        {"23 window 1 s, nothing told",
         {.limits = window(100, 1, fields::none)},
         {98.5, 0.025, 99, 0.005}},
        {"24 aligned",
         {.limits = window(100, 1, fields::none, true)},
         {.first_goodput = 84,
          .first_refused = 0.07,
          .steady_goodput = 85,
          .mean_goodput = 97,
          .mean_refused = 0.01},
         0,
         true},
        {"25 Retry-After only",
         {.limits = window(100, 1, fields::retry_after)},
         {85, 0.01, 98, 0.001}},
        {"26 window 5 s, nothing told",
         {.limits = window(500, 5, fields::none)},
         {98, 0.055, 98.5, 0.003}},
        {"27 window 60 s, nothing told",
         {.limits = window(6000, 60, fields::none), .learning = 12000},
         {99, 0.02, 99, 0.003}},
        {"28 sliding log", {.limits = sliding_log{100, 1}}, {88, 0.03, 98.5, 0.005}},
        {"29 window 1 s of 1, told",
         {.limits = window(1, 1, fields::full), .workers = 10},
         {98.5, 0.005, 98.5, 0.001}},
        {"30 nothing told, doubles",
         {.limits = window(100, 1, fields::none), .change = 2},
         {.steady_goodput = 98, .steady_refused = 0.015, .adapted = 14}},
        {"30b halves",
         {.limits = window(100, 1, fields::none), .change = 0.5},
         {.steady_goodput = 99, .steady_refused = 0.005, .adapted = 3}},
        {"30c doubles, start rate told",
         {.limits = window(100, 1, fields::none), .change = 2},
         {.steady_goodput = 98, .steady_refused = 0.015, .adapted = 10},
         100},
        {"31 nothing told, busy machines", busy, {98, 0.025, 98, 0.008}},
        {"31b told, busy machines", busy_and_told, {97, 0.002, 97, 0.001}},
        {"32 Retry-After only, aligned",
         {.limits = window(100, 1, fields::retry_after, true)},
         {.steady_goodput = 95, .steady_refused = 0.001},
         0,
         true},
        {"33 ten at a time, exponential",
         {.limits = concurrency{10, 0.05, true}},
         {60, 0.04, 84, 0.015}},
    };
}

/// The scenario of a row for one seed.
inline scenario for_seed(const row& r, std::uint64_t seed) {
    auto s = r.runs;
    if (auto* w = std::get_if<fixed_window>(&s.limits); w != nullptr && r.random_phase) {
        std::mt19937_64 random{seed};
        w->phase = std::uniform_real_distribution<double>{0, w->window}(random)-w->window;
    }
    return s;
}

/// In the unit of `bounds::p99`.
inline double fair_shares(const row& r, double seconds) {
    if (r.runs.all_at_once) return 0;
    const auto rate = std::visit([](const auto& s) { return s.rate(); }, r.runs.limits) *
                      r.runs.change * (1 - r.runs.other_client);
    return seconds * rate / static_cast<double>(r.runs.workers);
}

}  // namespace simulated

#endif  // BIDE_TESTS_SUPPORT_PACING_SCENARIOS_HPP
