// SPDX-License-Identifier: MIT
#ifndef GATEWAY_SHAPES_FORM_BODY_HPP
#define GATEWAY_SHAPES_FORM_BODY_HPP

#include "gateway/http_request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::shapes {

/// The fields of application/x-www-form-urlencoded (WHATWG URL Standard, section 5.1).
class form_body {
public:
    explicit form_body(std::string_view text);

    /// The first field of that name; empty if there is none.
    [[nodiscard]] std::string field(std::string_view name) const;

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// The fields of a request that says that it is a form.
[[nodiscard]] std::optional<form_body> form_of(const http_request& request);

}  // namespace gateway::shapes

#endif  // GATEWAY_SHAPES_FORM_BODY_HPP
