// SPDX-License-Identifier: MIT
#include "benchmark/batches.hpp"

#include <bide/bide.hpp>
#include <bide/testing/network.hpp>
#include <bide/testing/occ_server.hpp>
#include <bide/testing/simulation.hpp>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <vector>

// What an event of the simulator costs: clients that update one row at once, as `bide-herd aws`.

using namespace std::chrono_literals;

namespace {

template <class Policy>
void measure(const char* name, const Policy& policy, std::uint64_t clients) {
    std::vector<double> per_event;
    std::vector<double> tries_per_second;
    for (int round = 0; round < 15; ++round) {
        double events = 0;
        double tries = 0;
        const auto begin = std::clock();
        for (std::uint64_t seed = 1; events < 100'000; ++seed) {
            bide::simulated::occ_server row;
            bide::simulation all{
                policy, row, bide::simulated::normal_delay{{.mean = 10ms, .deviation = 2ms}}, seed};
            for (std::uint64_t i = 0; i < clients; ++i) all.begin({});
            const auto sum = all.run();
            events += static_cast<double>(sum.events);
            tries += static_cast<double>(sum.tries);
        }
        const auto seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        per_event.push_back(1e9 * seconds / events);
        tries_per_second.push_back(tries / seconds);
    }
    std::printf("%-14s %8llu %12.1f %16.0f\n", name, static_cast<unsigned long long>(clients),
                batches::median(per_event), batches::median(tries_per_second));
}

}  // namespace

int main() {
    const auto unlimited = bide::max_attempts(1'000'000'000);
    const auto at_once = bide::policy(bide::constant(0s), unlimited, {.try_timeout = 1h});
    const auto jittered =
        bide::policy(bide::exponential({.base = 10ms, .cap = 2s}) | bide::full_jitter, unlimited,
                     {.try_timeout = 1h});
    std::printf("%-14s %8s %12s %16s\n", "delays", "clients", "ns per event", "tries per second");
    for (const std::uint64_t clients : {10U, 50U, 100U}) {
        measure("none", at_once, clients);
        measure("full jitter", jittered, clients);
    }
    return 0;
}
