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
#include <memory>
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
void pass(benchmark::State& state, const typename Gate::options& how, bide::duration step,
          const bide::quotas* told = nullptr) {
    // Not on the stack: at some distances from its frames, always the same in one build, processors
    // take an address in the one for one in the other, and a gate costs a third more.
    const auto gate = std::make_unique<Gate>(how);
    bide::ticket t{[](void*) noexcept {}, nullptr};
    bide::time_point now{1h};
    // Made once: to fill it with zeros may take as long as a gate does.
    const bide::report what{.found = bide::succeeded, .told = told};
    std::uint64_t refused = 0;
    for (auto _ : state) {
        now += step;
        if (gate->ask(t, {}, now).says_go())
            gate->finish(t, what, now);
        else
            ++refused;
    }
    if (refused != 0) state.SkipWithError("the gate did not open");
}

void concurrency_limit(benchmark::State& state) {
    pass<bide::concurrency_limit>(state, {.in_flight = 64}, 1ns);
}
void token_bucket(benchmark::State& state) {
    pass<bide::token_bucket>(state, {.rate = 1000, .per = 1ms, .burst = 10}, 1us);
}
void leaky_bucket(benchmark::State& state) {
    pass<bide::leaky_bucket>(state, {.rate = 1000, .per = 1ms}, 1us);
}
void sliding_window(benchmark::State& state) {
    pass<bide::sliding_window>(state, {.limit = 1000, .window = 1ms}, 1us);
}
void breaker_in_a_row(benchmark::State& state) { pass<bide::circuit_breaker>(state, {}, 1us); }
void breaker_by_rate(benchmark::State& state) {
    pass<bide::circuit_breaker>(state, {.opens = bide::circuit_breaker::failure_rate{}}, 1us);
}

void cooldown(benchmark::State& state) { pass<bide::cooldown>(state, {}, 1us); }
void quota_pacer(benchmark::State& state) {
    pass<bide::quota_pacer>(state, {.start_rate = 2e6}, 1us);
}
void quota_pacer_that_is_told(benchmark::State& state) {  // beyond the bar: it reads quotas
    bide::quotas told;
    told.keep({.limit = 1'000'000, .remaining = 500'000, .reset = 1s, .window = 1s});
    pass<bide::quota_pacer>(state, {}, 2us, &told);
}
void cubic_pacer(benchmark::State& state) { pass<bide::cubic_pacer>(state, {}, 1us); }

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
