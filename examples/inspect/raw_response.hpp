// SPDX-License-Identifier: MIT
#ifndef INSPECTOR_RAW_RESPONSE_HPP
#define INSPECTOR_RAW_RESPONSE_HPP

#include <bide/http/field.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inspector {

/// A response in storage of its own.
struct raw_response {
    int status = 0;
    std::string reason{};  ///< What follows the status; empty since HTTP/2.
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
};

/// Reads what `curl -i` prints: one or more header blocks, of which the last counts, and a body.
///
/// Interim responses, redirects that were followed and the answer of a proxy to CONNECT come first.
/// Lines end in CRLF or LF; a line that begins with a blank continues the value before it (RFC 9112
/// 5.2). The empty line before the body may be missing where there is none.
/// @throws std::invalid_argument naming the line and what is allowed there.
[[nodiscard]] raw_response parse_response(std::string_view text);

/// Views into `response`.
[[nodiscard]] std::vector<bide::http::field> fields_of(const raw_response& response);

}  // namespace inspector

#endif  // INSPECTOR_RAW_RESPONSE_HPP
