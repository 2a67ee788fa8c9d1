// SPDX-License-Identifier: MIT
#ifndef HERD_OUTPUT_HPP
#define HERD_OUTPUT_HPP

#include <string>
#include <string_view>

namespace herd {

/// Whether the file of an option can be written; leaves it as it is.
/// @throws std::invalid_argument if it cannot.
void check_output(std::string_view option, const std::string& file);

/// @throws std::runtime_error if not all of the text could be written; then no part of it stays in
/// the file.
void write_output(std::string_view option, const std::string& file, const std::string& text);

}  // namespace herd

#endif  // HERD_OUTPUT_HPP
