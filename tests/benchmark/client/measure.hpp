// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_CLIENT_MEASURE_HPP
#define BIDE_TESTS_BENCHMARK_CLIENT_MEASURE_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

using steady = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

/// Of all threads of the process, user and system.
inline double cpu_seconds() {
    rusage u{};
    getrusage(RUSAGE_SELF, &u);
    const auto as_seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return as_seconds(u.ru_utime) + as_seconds(u.ru_stime);
}

inline double resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    double all = 0;
    double resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// `share` 0.5 is the median.
inline double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

#endif  // BIDE_TESTS_BENCHMARK_CLIENT_MEASURE_HPP
