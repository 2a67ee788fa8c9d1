// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_RUN_HPP
#define INSPECTOR_RUN_HPP

#include "inspect/command_line.hpp"

#include <bide/time.hpp>

#include <iosfwd>

namespace inspector {

/// Reads `in`, answers on `out`; `arrival` is when the response came if the request does not say.
/// @returns 0, or 1 if a line of many was bad.
/// @throws std::invalid_argument for an input that is no response, or a profile that is none;
///         std::runtime_error if `out` cannot be written.
[[nodiscard]] int run(const request& wanted, std::istream& in, std::ostream& out,
                      bide::wall_time arrival);

}  // namespace inspector

#endif  // INSPECTOR_RUN_HPP
