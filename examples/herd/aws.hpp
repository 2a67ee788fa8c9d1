// SPDX-License-Identifier: MIT
#ifndef HERD_AWS_HPP
#define HERD_AWS_HPP

#include "herd/report.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace herd {

/// N clients that each update one row by optimistic concurrency: how long until all are done, and
/// how many writes does it take?
///
/// Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015, and the
/// simulator that belongs to it.
struct aws_options {
    static constexpr std::uint64_t most_clients = 1000;

    std::vector<std::uint64_t> clients = {10,  20,  30,  40,  50,  60,  70,  80,  90,  100,
                                          110, 120, 130, 140, 150, 160, 170, 180, 190, 200};
    std::uint64_t trials = 100;
    std::uint64_t seed = 1;
    std::vector<std::string> algorithms = {"none", "exponential", "equal", "full", "decorrelated"};
};

/// The names that `aws_options::algorithms` may have.
[[nodiscard]] const std::vector<std::string>& aws_algorithms();

/// One row for each number of clients and algorithm; times in milliseconds.
[[nodiscard]] report run_aws(const aws_options& how);

}  // namespace herd

#endif  // HERD_AWS_HPP
