// SPDX-License-Identifier: MIT
#include "herd/aws.hpp"

#include <bide/bide.hpp>
#include <bide/testing/occ_server.hpp>
#include <bide/testing/simulation.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace herd {
namespace {

using bide::duration;
using namespace std::chrono_literals;

constexpr duration base = 5ms;
constexpr duration cap = 2s;
// The study counts failures from 1 where the exponent is the count, so its first value is 2 * base.
constexpr auto doubling = bide::exponential({.base = 2 * base, .cap = cap});

/// The study caps what was drawn, so that many delays are the cap itself; the library's
/// `decorrelated_jitter` never draws beyond the cap. Each client has its own seed.
class capped_decorrelated {
public:
    explicit capped_decorrelated(std::uint64_t seed) : seed_{seed} {}

    [[nodiscard]] bide::band band_of(const bide::attempt& a) const noexcept {
        bide::splitmix64 dice{seed_ + a.number};
        const auto drawn = bide::detail::draw(dice, base, 3 * std::max(a.previous, base));
        return {std::min(drawn, cap), std::min(drawn, cap)};
    }

private:
    std::uint64_t seed_;
};

template <class Backoff>
auto client_with(Backoff delays) {
    constexpr auto endless = std::numeric_limits<std::uint64_t>::max();
    return bide::policy(std::move(delays), bide::max_attempts(endless), {.try_timeout = 1h});
}

struct mean {
    double sum = 0;
    double squares = 0;
    double count = 0;

    void add(double value) {
        sum += value;
        squares += value * value;
        ++count;
    }
    [[nodiscard]] double value() const { return sum / count; }
    /// Standard error of the mean.
    [[nodiscard]] double error() const {
        if (count < 2) return 0;
        return std::sqrt(std::max(0.0, squares - sum * sum / count) / (count - 1) / count);
    }
};

struct cell {
    std::uint64_t clients = 0;
    std::string algorithm;
    mean time{};  // milliseconds
    mean calls{};
};

/// `make(seed)` is the backoff of one client.
template <class Make>
void study(cell& c, const aws_options& how, bide::splitmix64& seeds, Make make) {
    std::vector<decltype(client_with(make(0)))> clients;
    for (std::uint64_t trial = 0; trial < how.trials; ++trial) {
        clients.clear();
        for (std::uint64_t i = 0; i < c.clients; ++i) clients.push_back(client_with(make(seeds())));
        bide::simulated::occ_server row;
        bide::simulation all{clients.front(), row,
                             bide::simulated::normal_delay{{.mean = 10ms, .deviation = 2ms}},
                             seeds()};
        for (const auto& client : clients) all.begin({}, client);
        const std::chrono::duration<double, std::milli> took = all.run().last.time_since_epoch();
        c.time.add(took.count());
        c.calls.add(static_cast<double>(row.writes()));
    }
}

void study(cell& c, const aws_options& how, bide::splitmix64& seeds) {
    const auto same = [&](auto delays) {
        study(c, how, seeds, [=](std::uint64_t) { return delays; });
    };
    if (c.algorithm == "none") return same(bide::constant(0s));
    if (c.algorithm == "exponential") return same(doubling);
    if (c.algorithm == "equal") return same(doubling | bide::equal_jitter);
    if (c.algorithm == "full") return same(doubling | bide::full_jitter);
    if (c.algorithm == "decorrelated")
        return study(c, how, seeds, [](std::uint64_t seed) { return capped_decorrelated{seed}; });
    if (c.algorithm == "decorrelated_jitter")
        return same(bide::exponential({.base = base, .cap = cap}) | bide::decorrelated_jitter);
    throw std::invalid_argument{"aws: no algorithm is called " + c.algorithm};
}

picture draw(const std::vector<cell>& cells, const std::vector<std::string>& algorithms) {
    const std::string clients = "number of clients";
    panel work{.title = "Work", .x_axis = clients, .y_axis = "writes in all"};
    panel times{.title = "Time until all are done", .x_axis = clients, .y_axis = "seconds"};
    panel close_up{.title = "The same without exponential", .x_axis = clients, .y_axis = "seconds"};
    for (std::size_t i = 0; i < algorithms.size(); ++i) {
        series calls{.name = algorithms[i], .points = {}, .colour = i, .marked = true};
        auto time = calls;
        for (const auto& c : cells) {
            if (c.algorithm != algorithms[i]) continue;
            const auto x = static_cast<double>(c.clients);
            calls.points.push_back({x, c.calls.value()});
            time.points.push_back({x, c.time.value() / 1000});
        }
        work.lines.push_back(calls);
        times.lines.push_back(time);
        if (algorithms[i] != "exponential") close_up.lines.push_back(time);
    }
    return {.title = "Clients that update one row at once: what does jitter bring?",
            .panels = {work, times, close_up}};
}

}  // namespace

const std::vector<std::string>& aws_algorithms() {
    static const std::vector<std::string> all = {"none", "exponential",  "equal",
                                                 "full", "decorrelated", "decorrelated_jitter"};
    return all;
}

report run_aws(const aws_options& how) {
    bide::splitmix64 seeds{how.seed};
    std::vector<cell> cells;
    table figures{
        {"clients", "algorithm", "trials", "time_mean", "time_sem", "calls_mean", "calls_sem"}};
    for (const auto clients : how.clients)
        for (const auto& algorithm : how.algorithms) {
            auto& c = cells.emplace_back(cell{clients, algorithm});
            study(c, how, seeds);
            figures.rows.push_back({std::to_string(clients), algorithm, std::to_string(how.trials),
                                    fixed(c.time.value(), 3), fixed(c.time.error(), 3),
                                    fixed(c.calls.value(), 3), fixed(c.calls.error(), 3)});
        }
    return {.summary = figures, .figures = figures, .picture = draw(cells, how.algorithms)};
}

}  // namespace herd
