// SPDX-License-Identifier: MIT
#ifndef HERD_SCENARIO_HPP
#define HERD_SCENARIO_HPP

#include "herd/report.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace herd {

struct scenario_options {
    std::string scenario{};               ///< JSON text, see scenario_text.hpp.
    std::optional<std::uint64_t> seed{};  ///< Instead of the text's.
};

/// Tries and refusals, and operations that succeed, in each second.
/// @throws std::invalid_argument if the text says no scenario.
[[nodiscard]] report run_scenario(const scenario_options& how);

}  // namespace herd

#endif  // HERD_SCENARIO_HPP
