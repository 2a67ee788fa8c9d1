// SPDX-License-Identifier: MIT
#include <bide/gate/circuit_breaker.hpp>
#include <bide/gate/concurrency_limit.hpp>
#include <bide/gate/cooldown.hpp>
#include <bide/gate/cubic_pacer.hpp>
#include <bide/gate/leaky_bucket.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/sliding_window.hpp>
#include <bide/gate/token_bucket.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>

// What asking a gate and finishing costs if nobody waits, beside a pair of mutex lock and unlock.
// The bar is twice the pair. Run as time.cpp says; times of different runs mean nothing.

using namespace std::chrono_literals;

namespace {

void mutex_pair(benchmark::State& state) {
    std::mutex mutex;
    std::uint64_t n = 0;
    for (auto _ : state) {
        const std::lock_guard lock{mutex};
        benchmark::DoNotOptimize(++n);
    }
}

/// `step` is the time that passes between two, so that the gate always opens.
template <class Gate>
void pass(benchmark::State& state, Gate& gate, bide::duration step,
          const bide::quotas* told = nullptr) {
    bide::ticket t{[](void*) noexcept {}, nullptr};
    bide::time_point now{1h};
    // Made once: to fill it with zeros may take as long as a gate does.
    const bide::report what{.found = bide::succeeded, .told = told};
    std::uint64_t refused = 0;
    for (auto _ : state) {
        now += step;
        if (gate.ask(t, {}, now).says_go())
            gate.finish(t, what, now);
        else
            ++refused;
    }
    if (refused != 0) state.SkipWithError("the gate did not open");
}

void concurrency_limit(benchmark::State& state) {
    bide::concurrency_limit gate({.in_flight = 64});
    pass(state, gate, 1ns);
}
void token_bucket(benchmark::State& state) {
    bide::token_bucket gate({.rate = 1000, .per = 1ms, .burst = 10});
    pass(state, gate, 1us);
}
void leaky_bucket(benchmark::State& state) {
    bide::leaky_bucket gate({.rate = 1000, .per = 1ms});
    pass(state, gate, 1us);
}
void sliding_window(benchmark::State& state) {
    bide::sliding_window gate({.limit = 1000, .window = 1ms});
    pass(state, gate, 1us);
}
void breaker_in_a_row(benchmark::State& state) {
    bide::circuit_breaker gate;
    pass(state, gate, 1us);
}
void breaker_by_rate(benchmark::State& state) {
    bide::circuit_breaker gate({.opens = bide::circuit_breaker::failure_rate{}});
    pass(state, gate, 1us);
}

void cooldown(benchmark::State& state) {
    bide::cooldown gate;
    pass(state, gate, 1us);
}
void quota_pacer(benchmark::State& state) {
    bide::quota_pacer gate({.start_rate = 2e6});
    pass(state, gate, 1us);
}
void quota_pacer_that_is_told(benchmark::State& state) {  // beyond the bar: it reads quotas
    bide::quotas told;
    told.keep({.limit = 1'000'000, .remaining = 500'000, .reset = 1s, .window = 1s});
    bide::quota_pacer gate;
    pass(state, gate, 2us, &told);
}
void cubic_pacer(benchmark::State& state) {
    bide::cubic_pacer gate;
    pass(state, gate, 1us);
}

BENCHMARK(mutex_pair);
BENCHMARK(concurrency_limit);
BENCHMARK(token_bucket);
BENCHMARK(leaky_bucket);
BENCHMARK(sliding_window);
BENCHMARK(breaker_in_a_row);
BENCHMARK(breaker_by_rate);
BENCHMARK(cooldown);
BENCHMARK(quota_pacer);
BENCHMARK(quota_pacer_that_is_told);
BENCHMARK(cubic_pacer);

}  // namespace

int main(int argc, char** argv) {
    // Gates are for programs with threads, and the C library's mutex is cheaper while there are
    // none: one that sleeps till the end makes it a fair comparison.
    std::mutex until_the_end;
    until_the_end.lock();
    std::thread other{[&] { const std::lock_guard lock{until_the_end}; }};
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    until_the_end.unlock();
    other.join();
    return 0;
}
