// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_LINES_HPP
#define INSPECTOR_LINES_HPP

#include "inspect/inspection.hpp"

#include <iosfwd>
#include <string>
#include <string_view>

namespace inspector {

/// The answer to one line such as
/// `{"now":1795299600,"status":429,"headers":[["Retry-After","5"]],"body":null}`, without a line
/// end. now and body may be missing, other keys are passed over.
/// @throws std::invalid_argument saying what is wrong with the line.
[[nodiscard]] std::string answer_line(std::string_view line, const conditions& known);

/// Answers each line of `in` with one line on `out`, at once; a bad one with
/// `{"error":"line 3: …"}`.
/// @returns whether all lines were good.
/// @throws std::runtime_error if `out` cannot be written.
[[nodiscard]] bool answer_lines(std::istream& in, std::ostream& out, const conditions& known);

}  // namespace inspector

#endif  // INSPECTOR_LINES_HPP
