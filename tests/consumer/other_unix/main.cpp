// SPDX-License-Identifier: MIT
// What bide asks of the system: never back too early, whatever signals come, and a seed.
#include <bide/bide.hpp>

#include <csignal>
#include <cstdio>

#include <sys/time.h>

namespace {
volatile std::sig_atomic_t signals = 0;
}

int main() {
    using namespace std::chrono_literals;
    using bide::detail::entropy;
    using bide::detail::sleep_until;
    using bide::detail::steady_now;

    std::signal(SIGALRM, [](int) { signals = signals + 1; });
    const itimerval every_half_millisecond{{0, 500}, {0, 500}};
    ::setitimer(ITIMER_REAL, &every_half_millisecond, nullptr);
    const auto until = steady_now() + 4ms;
    sleep_until(until);
    if (steady_now() < until || signals == 0) return 1;

    sleep_until(until);  // is over
    sleep_until(bide::time_point{});
    sleep_until(bide::time_point::min());
    if (entropy() == entropy()) return 2;

#if defined(__linux__)
    std::puts("linux");
#elif defined(__APPLE__)
    std::puts("apple");
#else
    std::puts("other");
#endif
}
