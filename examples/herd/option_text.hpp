// SPDX-License-Identifier: MIT
#ifndef HERD_OPTION_TEXT_HPP
#define HERD_OPTION_TEXT_HPP

#include <cstdint>
#include <string>
#include <vector>

/// What the text of an option says. All throw std::invalid_argument that names the option, what is
/// allowed, and the text.
namespace herd {

[[nodiscard]] std::uint64_t seed_of(const std::string& option, const std::string& text);

/// "10,50": of `aws`.
[[nodiscard]] std::vector<std::uint64_t> clients_of(const std::string& option,
                                                    const std::string& text);
/// "full,equal": of `aws`.
[[nodiscard]] std::vector<std::string> algorithms_of(const std::string& option,
                                                     const std::string& text);

/// A file, or - for standard output.
[[nodiscard]] std::string csv_of(const std::string& option, const std::string& text);
/// A file.
[[nodiscard]] std::string svg_of(const std::string& option, const std::string& text);

/// JSON: the text itself, what a file holds, for @FILE, or standard input, for -.
[[nodiscard]] std::string json_of(const std::string& option, const std::string& text);
/// The same, which is a plan.
[[nodiscard]] std::string plan_of(const std::string& option, const std::string& text);

}  // namespace herd

#endif  // HERD_OPTION_TEXT_HPP
