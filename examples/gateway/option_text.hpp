// SPDX-License-Identifier: MIT
#ifndef GATEWAY_OPTION_TEXT_HPP
#define GATEWAY_OPTION_TEXT_HPP

#include "gateway/options.hpp"

#include <string>
#include <string_view>

namespace gateway {

/// Sets one option from its text, for instance ("--window", "250ms").
/// @throws std::invalid_argument that names the option, what is allowed, and the text.
void set_option(options& opts, std::string_view name, const std::string& text);

/// The word for it, as `--headers` takes it.
[[nodiscard]] std::string name_of(header_style style);

}  // namespace gateway

#endif  // GATEWAY_OPTION_TEXT_HPP
