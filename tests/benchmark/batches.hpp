// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_BATCHES_HPP
#define BIDE_TESTS_BENCHMARK_BATCHES_HPP

#include <algorithm>
#include <ctime>
#include <vector>

namespace batches {

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Nanoseconds of the processor, for machines are shared: the median of `rounds` batches. What `f`
/// returns counts as used, so that the compiler cannot leave any of the work out.
template <class F>
double time(F f, int batch = 2000, int rounds = 15) {
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto begin = std::clock();
        for (int i = 0; i < batch; ++i) {
            const auto result = f();
            asm volatile("" : : "r"(&result) : "memory");
        }
        times.push_back(1e9 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / batch);
    }
    return median(times);
}

}  // namespace batches

#endif  // BIDE_TESTS_BENCHMARK_BATCHES_HPP
