// SPDX-License-Identifier: MIT
// What the library costs beside a loop by hand and beside other libraries for C++, see peers.sh.

#include "benchmark/batches.hpp"
#include "benchmark/subjects.hpp"

#include <bide/version.hpp>

#ifdef BIDE_HAS_BACKOFFXX
#include <backoffxx/backoffxx.h>
#endif

#include <chrono>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>
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
    return 0;
}
