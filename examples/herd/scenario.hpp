// SPDX-License-Identifier: MIT
#ifndef HERD_SCENARIO_HPP
#define HERD_SCENARIO_HPP

#include "herd/report.hpp"

#include <string>

namespace herd {

/// A scenario of the user's: JSON text or @FILE, see scenario_text.hpp.
struct scenario_options {
    std::string scenario{};
};

/// Tries and refusals, and operations that succeed, in each second.
/// @throws std::invalid_argument if the text says no scenario.
[[nodiscard]] report run_scenario(const scenario_options& how);

}  // namespace herd

#endif  // HERD_SCENARIO_HPP
