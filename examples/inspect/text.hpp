// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_TEXT_HPP
#define INSPECTOR_TEXT_HPP

#include "common/option_text.hpp"

#include <bide/http/field.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

using common::in_quotes;
using common::printable;

/// `Retry-After: 120`, printable.
[[nodiscard]] std::string shown(const bide::http::field& f);

/// "250ms", "1.5s", from two minutes on "7200s (2h)"; whole minutes downward in the brackets.
[[nodiscard]] std::string to_text(std::chrono::milliseconds time);

/// The same, upward to milliseconds.
[[nodiscard]] std::string to_text(std::chrono::nanoseconds time);

/// "a", "a and b", "a, b and c".
[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view last);

}  // namespace inspector

#endif  // INSPECTOR_TEXT_HPP
