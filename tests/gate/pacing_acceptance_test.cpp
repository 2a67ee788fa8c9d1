// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/pacing_scenarios.hpp"

#include <bide/gate/quota_pacer.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// The pacer against models of servers, in virtual time: every row must be met by every seed. One
// seed by default; BIDE_PACING_SEEDS=5 is the whole table, and prints it.

namespace {

using simulated::row;

std::uint64_t seeds() {
    const auto* text = std::getenv("BIDE_PACING_SEEDS");
    return text == nullptr ? 1 : std::clamp(std::strtoull(text, nullptr, 10), 1ULL, 1000ULL);
}

/// The worst and the mean of all seeds.
struct tally {
    simulated::result worst{.first_goodput = 1e9, .steady_goodput = 1e9};
    double mean_goodput = 0;
    double mean_refused = 0;

    void add(const simulated::result& r) {
        worst.first_goodput = std::min(worst.first_goodput, r.first_goodput);
        worst.first_refused = std::max(worst.first_refused, r.first_refused);
        worst.steady_goodput = std::min(worst.steady_goodput, r.steady_goodput);
        worst.steady_refused = std::max(worst.steady_refused, r.steady_refused);
        worst.refused_first = std::max(worst.refused_first, r.refused_first);
        worst.p99 = std::max(worst.p99, r.p99);
        worst.adapted = std::max(worst.adapted, r.adapted);
        mean_goodput += r.steady_goodput / static_cast<double>(seeds());
        mean_refused += r.steady_refused / static_cast<double>(seeds());
    }
};

void judge(const row& r, const tally& t) {
    CHECK(t.worst.first_goodput >= r.must.first_goodput);
    CHECK(t.worst.first_refused <= r.must.first_refused);
    CHECK(t.worst.steady_goodput >= r.must.steady_goodput);
    CHECK(t.worst.steady_refused <= r.must.steady_refused);
    CHECK(t.worst.refused_first <= r.must.refused_first);
    CHECK(fair_shares(r, t.worst.p99) <= r.must.p99);
    CHECK(t.worst.adapted <= r.must.adapted);
    if (seeds() < 5) return;  // a mean of fewer is none
    CHECK(t.mean_goodput >= r.must.mean_goodput);
    CHECK(t.mean_refused <= r.must.mean_refused);
}

}  // namespace

TEST_CASE("pacing: comes close to every limit without being told", "[gate][pacing][acceptance]") {
    for (const auto& r : simulated::acceptance()) {
        CAPTURE(r.name);
        tally sum;
        for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
            CAPTURE(seed);
            bide::quota_pacer gate({.start_rate = r.start_rate});
            const auto got = simulate(for_seed(r, seed), gate, seed);
            REQUIRE(got.accepted == r.runs.learning + r.runs.steady);
            CHECK(got.sent_inside == 0);   // of a wait that the server asked for
            CHECK(got.out_of_order == 0);  // first come, first served
            CHECK(gate.waiting() == 0);
            sum.add(got);
        }
        judge(r, sum);
        if (seeds() > 1)
            std::printf("%-30s first %6.1f %% %.4f  steady %6.1f %% %.4f  p99 %.2f  %.1f s\n",
                        r.name, sum.worst.first_goodput, sum.worst.first_refused,
                        sum.worst.steady_goodput, sum.worst.steady_refused,
                        fair_shares(r, sum.worst.p99), sum.worst.adapted);
    }
}
