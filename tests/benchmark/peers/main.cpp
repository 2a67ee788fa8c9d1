// SPDX-License-Identifier: MIT
// What the library costs beside a loop by hand and beside other libraries for C++, see peers.sh.

#include "benchmark/batches.hpp"
#include "benchmark/subjects.hpp"

#include <bide/bide.hpp>
#include <bide/gate.hpp>
#include <bide/version.hpp>

#ifdef BIDE_HAS_BACKOFFXX
#include <backoffxx/backoffxx.h>
#endif

#include <chrono>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

void print(const char* question, const char* name, subjects::subject run) {
    constexpr long calls = 500'000;
    std::vector<double> times;
    for (int round = 0; round < 5; ++round) {
        const auto begin = std::clock();
        const auto sum = run(calls);
        asm volatile("" : : "r"(sum) : "memory");
        times.push_back(1e9 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / calls);
    }
    std::printf("%s\tC++\t%s\t%.2f\n", question, name, batches::median(times));
}

subjects::subject named(std::string_view name) {
    for (const auto& s : subjects::all)
        if (s.name == name) return s.run;
    throw std::logic_error{"no such subject: " + std::string{name}};
}

#ifdef BIDE_HAS_BACKOFFXX
using namespace std::chrono_literals;

template <class Backoff>
[[gnu::noinline]] int backoffxx_call(Backoff& backoff, int x) {
    int result = 0;
    backoff.reset();
    static_cast<void>(backoffxx::attempt(backoff, [&] {
        result = subjects::work(x);
        return backoffxx::attempt_rc::success;
    }));
    return result;
}

long backoffxx_calls(long n) {
    auto backoff = backoffxx::make_full_jitter(100ms, 3);
    long sum = 0;
    for (long i = 0; i < n; ++i) sum += backoffxx_call(backoff, static_cast<int>(i));
    return sum;
}

long backoffxx_delays(long n) {
    auto backoff = backoffxx::make_full_jitter(100ms, 8, 30s);
    long sum = 0;
    for (long i = 0; i < n; ++i) {
        if (i % 8 == 0) backoff.reset();
        sum += static_cast<long>(backoff.next_delay().value_or(0ms).count());
    }
    return sum;
}
#endif

/// As people write it: both halves of a gate, each under the lock.
template <class Before, class After>
long calls_between(long n, Before before, After after) {
    std::mutex mutex;
    long sum = 0;
    for (long i = 0; i < n; ++i) {
        {
            const std::lock_guard lock{mutex};
            if (!before()) throw std::runtime_error{"closed"};
        }
        sum += subjects::work(static_cast<int>(i));
        const std::lock_guard lock{mutex};
        after();
    }
    return sum;
}

long limited_by_hand(long n) {
    int in_flight = 0;
    return calls_between(n, [&] { return ++in_flight <= 64; }, [&] { --in_flight; });
}

long broken_by_hand(long n) {
    int failures = 0;
    return calls_between(n, [&] { return failures < 5; }, [&] { failures = 0; });
}

template <class Gate>
long calls_through(long n, Gate gate) {
    constexpr auto policy = bide::policy(bide::exponential({}), bide::max_attempts(4));
    const auto plan = bide::with(gate, policy);
    long sum = 0;
    for (long i = 0; i < n; ++i)
        sum += bide::retry(plan, [&] { return subjects::work(static_cast<int>(i)); }).value();
    return sum;
}

void print_gates(const char* ours) {
    // Gates are for programs with threads, and the C library's mutex is cheaper while there are
    // none: one that sleeps till the end makes it a fair comparison.
    std::mutex until_the_end;
    until_the_end.lock();
    std::thread other{[&] { const std::lock_guard lock{until_the_end}; }};
    constexpr auto limit = "one of at most 64 at a time";
    constexpr auto breaker = "a circuit breaker, closed";
    print(limit, "by hand", limited_by_hand);
    print(limit, ours,
          [](long n) { return calls_through(n, bide::concurrency_limit{{.in_flight = 64}}); });
    print(breaker, "by hand", broken_by_hand);
    print(breaker, ours, [](long n) { return calls_through(n, bide::circuit_breaker{}); });
    until_the_end.unlock();
    other.join();
}

}  // namespace

int main() {
    constexpr auto success = "success path";
    constexpr auto limited = "success path with a time limit";
    constexpr auto delay = "one jittered delay";
    const auto ours = "bide " + std::to_string(BIDE_VERSION_MAJOR) + '.' +
                      std::to_string(BIDE_VERSION_MINOR) + '.' + std::to_string(BIDE_VERSION_PATCH);
    print(success, "by hand", named("loop"));
    print(success, ours.c_str(), named("retry"));
    print(limited, "by hand", named("loop_timed"));
    print(limited, ours.c_str(), named("retry_timed"));
    print(delay, "by hand", named("bare_draw"));
    print(delay, ours.c_str(), named("delay_factor_2"));
#ifdef BIDE_HAS_BACKOFFXX
    print(success, "backoffxx, fails by a code", backoffxx_calls);
    print(delay, "backoffxx", backoffxx_delays);
#else
    std::printf("skipped\tbackoffxx: no folder with it was given, -DBIDE_PEERS_DIR=...\n");
#endif
    print_gates(ours.c_str());
    return 0;
}
