// SPDX-License-Identifier: MIT
#ifndef BIDE_DETAIL_PLATFORM_HPP
#define BIDE_DETAIL_PLATFORM_HPP

#include <bide/random.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>

#if defined(_MSC_VER) && !defined(__clang__)
#error "bide needs GCC or Clang; on Windows these are mingw-w64 and clang"
#endif

#if defined(__linux__)
#include <cerrno>
#include <ctime>

#include <sys/random.h>
#elif defined(_WIN32)
#include <random>
#include <thread>
#elif defined(__APPLE__)
#include <ctime>

#include <sys/random.h>
#else
#include <ctime>

#include <unistd.h>
#endif

/// The only place that knows the system: clocks, sleeping, entropy.
///
/// Linux is what runs in the tests. The branch for macOS and the BSDs uses what Linux has too, so
/// the tests run it there (`-U__linux__`); the one for Windows is compiled and linked by mingw-w64.
namespace bide::inline v1::detail {

inline time_point steady_now() noexcept {
    return std::chrono::time_point_cast<duration>(std::chrono::steady_clock::now());
}

inline wall_time wall_now() noexcept {
    return std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
}

/// Returns at `until` or later, never earlier; a signal does not cut it short. Not noexcept,
/// because a cancelled thread unwinds from here.
[[gnu::cold, gnu::noinline]] inline void sleep_until(time_point until) {
#if defined(__linux__)
    // An absolute instant on the clock of steady_clock, so EINTR simply goes on.
    const auto ns = until.time_since_epoch().count();
    const timespec ts{static_cast<std::time_t>(ns / 1'000'000'000),
                      static_cast<long>(ns % 1'000'000'000)};
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, nullptr) == EINTR) {
    }
#else
    // In pieces: one may end early by a signal or by rounding, and neither function takes any
    // length.
    for (auto now = steady_now(); now < until; now = steady_now()) {
        constexpr duration longest = std::chrono::hours{1};
        const auto piece = until - now < longest ? until - now : longest;
#if defined(_WIN32)
        std::this_thread::sleep_for(std::chrono::ceil<std::chrono::milliseconds>(piece));
#else
        const timespec ts{static_cast<std::time_t>(piece.count() / 1'000'000'000),
                          static_cast<long>(piece.count() % 1'000'000'000)};
        ::nanosleep(&ts, nullptr);
#endif
    }
#endif
}

/// A seed for one operation that failed: safe across threads, forks and shared objects, because
/// nothing is kept. About 0.3 us; std::random_device takes 20 us on a virtual machine. Not
/// noexcept, because a cancelled thread unwinds from here.
[[gnu::cold, gnu::noinline]] inline std::uint64_t entropy() {
#if defined(_WIN32)
    std::random_device device;  // is rand_s there, and quick
    const std::uint64_t high = device();
    return high << 32 | device();
#else
    std::uint64_t seed = 0;
#if defined(__linux__)
    if (::getrandom(&seed, sizeof seed, GRND_NONBLOCK) == sizeof seed) return seed;
#else
    if (::getentropy(&seed, sizeof seed) == 0) return seed;
#endif
    // Before the kernel's pool is ready, or where there is none: the clock and where the stack is.
    const auto now = static_cast<std::uint64_t>(steady_now().time_since_epoch().count());
    return splitmix64{now ^ reinterpret_cast<std::uintptr_t>(&seed)}();
#endif
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_DETAIL_PLATFORM_HPP
