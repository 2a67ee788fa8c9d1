// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/testing/network.hpp>
#include <bide/testing/simulation.hpp>

#include <chrono>
#include <cstdio>

// By how much retries multiply what a server gets while it answers nothing but errors: 1000
// operations a second for a minute. Virtual time and a fixed seed, so it repeats exactly.

using namespace std::chrono_literals;

namespace {

struct server_that_is_down {
    static bide::simulated::answer serve(bide::simulated::visit&, bide::time_point) {
        return {.found = bide::simulated::overloaded};
    }
};

template <class Plan>
void measure(const char* name, const Plan& plan) {
    constexpr auto operations = 60'000;
    server_that_is_down server;
    bide::simulation all{plan, server, bide::simulated::uniform_delay{{.least = 5ms, .most = 50ms}},
                         1};
    for (auto i = 0; i < operations; ++i) all.begin(bide::time_point{i * 1ms});
    std::printf("%-44s %6.2f tries of each call\n", name,
                static_cast<double>(all.run().tries) / operations);
}

}  // namespace

int main() {
    constexpr auto policy = bide::policy();
    bide::retry_budget budget;
    measure("without retries",
            bide::policy(bide::exponential({}), bide::max_attempts(1) | bide::max_elapsed({})));
    measure("default policy", policy);
    measure("the same with a retry_budget of its defaults", bide::with(budget, policy));
    return 0;
}
