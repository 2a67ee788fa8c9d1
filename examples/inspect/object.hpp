// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_OBJECT_HPP
#define INSPECTOR_OBJECT_HPP

#include "inspect/inspection.hpp"

#include <bide/http/response.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace inspector {

/// `{"delay_ms","limit","remaining","reset_ms","window_ms","verdict","certainty","why"}`.
///
/// limit to window_ms are of the quota that binds. Numbers end at 2^53-1, the last whole one that
/// every reader of JSON keeps; null is unknown.
[[nodiscard]] nlohmann::ordered_json to_line(const inspection& found,
                                             const bide::http::response_view& response);

/// The same and all the rest: status, method, profile, quotas, advice, what was not used, and what
/// the default policy does next.
[[nodiscard]] nlohmann::ordered_json to_object(const inspection& found,
                                               const bide::http::response_view& response,
                                               const conditions& known);

/// On one line; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string dumped(const nlohmann::ordered_json& value);

}  // namespace inspector

#endif  // INSPECTOR_OBJECT_HPP
