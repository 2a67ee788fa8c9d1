// SPDX-License-Identifier: MIT
#include "benchmark/subjects.hpp"

#include <bide/bide.hpp>

#include <chrono>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

namespace subjects {

namespace {

constexpr auto untimed =
    bide::policy(bide::exponential({.base = 100ms}) | bide::full_jitter, bide::max_attempts(4));
constexpr auto judging =
    bide::policy(bide::exponential({.base = 100ms}) | bide::full_jitter, bide::max_attempts(4),
                 bide::classify(bide::accept_if([](int r) { return r >= 0; })));
constexpr auto timed = bide::policy();

[[gnu::noinline]] int loop(int x) {
    for (int n = 1;; ++n) {
        try {
            return work(x);
        } catch (const std::runtime_error&) {
            if (n == 4) throw;
        }
        std::this_thread::sleep_for(100ms * (1 << n));
    }
}

[[gnu::noinline]] int loop_judging(int x) {
    for (int n = 1;; ++n) {
        try {
            const int r = work(x);
            if (r >= 0) return r;
        } catch (const std::runtime_error&) {
            if (n == 4) throw;
        }
        if (n == 4) throw std::runtime_error{"gave up"};
        std::this_thread::sleep_for(100ms * (1 << n));
    }
}

[[gnu::noinline]] int loop_timed(int x) {
    const auto start = std::chrono::steady_clock::now();
    for (int n = 1;; ++n) {
        try {
            return work(x);
        } catch (const std::runtime_error&) {
            if (n == 4 || std::chrono::steady_clock::now() - start > 30s) throw;
        }
        std::this_thread::sleep_for(100ms * (1 << n));
    }
}

[[gnu::noinline]] int library(int x) {
    return bide::retry(untimed, [&] { return work(x); }).value();
}
[[gnu::noinline]] int library_judging(int x) {
    return bide::retry(judging, [&] { return work(x); }).value();
}
[[gnu::noinline]] int library_timed(int x) {
    return bide::retry(timed, [&] { return work(x); }).value();
}

template <int (*Call)(int)>
long calls(long n) {
    long sum = 0;
    for (long i = 0; i < n; ++i) sum += Call(static_cast<int>(i));
    return sum;
}

/// The draw that no jittered delay can do without.
[[gnu::noinline]] long bare_draws(long n) {
    long sum = 0;
    bide::splitmix64 random{1};
    for (long i = 0; i < n; ++i)
        sum += bide::detail::draw(random, 0ns, bide::duration{100'000'000L << (i & 7)}).count();
    return sum;
}

template <class Backoff>
[[gnu::noinline]] long delays(const Backoff& backoff, long n) {
    long sum = 0;
    bide::splitmix64 random{1};
    for (long i = 0; i < n; ++i)
        sum += bide::delay_of(backoff, {.number = 1 + (static_cast<std::uint64_t>(i) & 7)}, random)
                   .count();
    return sum;
}

/// The factor comes from outside, so that nothing is computed at compile time.
template <int Tenths>
long exponential_delays(long n) {
    volatile int tenths = Tenths;
    return delays(
        bide::exponential({.base = 100ms, .factor = tenths / 10.0, .cap = 30s}) | bide::full_jitter,
        n);
}

}  // namespace

const named all[9] = {
    {"loop", "loop", calls<loop>},
    {"retry", "loop", calls<library>},
    {"loop_judging", "loop_judging", calls<loop_judging>},
    {"retry_judging", "loop_judging", calls<library_judging>},
    {"loop_timed", "loop_timed", calls<loop_timed>},
    {"retry_timed", "loop_timed", calls<library_timed>},
    {"bare_draw", "bare_draw", bare_draws},
    {"delay_factor_2", "bare_draw", exponential_delays<20>},
    {"delay_factor_2.5", "bare_draw", exponential_delays<25>},
};

}  // namespace subjects
