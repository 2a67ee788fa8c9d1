// SPDX-License-Identifier: MIT
#include "benchmark/subjects.hpp"

#include <benchmark/benchmark.h>

// Run with --benchmark_enable_random_interleaving=true --benchmark_repetitions=15 and read the
// medians of pairs beside each other: machines are shared and noisy.
int main(int argc, char** argv) {
    for (const auto& s : subjects::all)
        benchmark::RegisterBenchmark(s.name, [run = s.run](benchmark::State& state) {
            constexpr long batch = 1000;
            for (auto _ : state) benchmark::DoNotOptimize(run(batch));
            state.SetItemsProcessed(state.iterations() * batch);
        });
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
