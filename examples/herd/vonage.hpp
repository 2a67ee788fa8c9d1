// SPDX-License-Identifier: MIT
#ifndef HERD_VONAGE_HPP
#define HERD_VONAGE_HPP

#include "herd/report.hpp"

#include <cstdint>
#include <string>

namespace herd {

/// Tasks that fail for minutes: how do their calls spread over time? One second for `constant`;
/// 1 s, 2 s, 4 s and so on up to one minute for `exponential` and `full_jitter`.
struct vonage_options {
    std::uint64_t tasks = 500;
    std::uint64_t seconds = 300;
    std::uint64_t seed = 1;
    std::string plan{};  ///< One more client: JSON text, see bide/json/plan.hpp.
};

/// Calls that arrive in each second, for each algorithm.
[[nodiscard]] report run_vonage(const vonage_options& how);

}  // namespace herd

#endif  // HERD_VONAGE_HPP
