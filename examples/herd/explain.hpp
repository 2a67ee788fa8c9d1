// SPDX-License-Identifier: MIT
#ifndef HERD_EXPLAIN_HPP
#define HERD_EXPLAIN_HPP

#include "herd/report.hpp"

#include <cstdint>
#include <string>

namespace herd {

/// One policy: what may each of its waits be, and all of them together? Lists at most 20 retries.
struct explain_options {
    std::string plan = "{}";         ///< JSON text, see bide/json/plan.hpp.
    std::uint64_t samples = 10'000;  ///< Walks, where a delay depends on the one before it.
    std::uint64_t seed = 1;
};

/// Least, quartiles and greatest of the delays before each retry, in seconds.
/// @throws std::invalid_argument for a policy that cannot be read.
[[nodiscard]] report run_explain(const explain_options& how);

}  // namespace herd

#endif  // HERD_EXPLAIN_HPP
