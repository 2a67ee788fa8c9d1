// SPDX-License-Identifier: MIT
#include "gateway/shapes/form_body.hpp"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::shapes {
namespace {

/// A percent sign without two digits stands for itself.
std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte = 0;
        const auto* const digits = text.data() + i + 1;
        if (text[i] == '%' && text.size() - i > 2 &&
            std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

}  // namespace

form_body::form_body(std::string_view text) {
    while (!text.empty()) {
        const auto part = text.substr(0, text.find('&'));
        text.remove_prefix(part.size() < text.size() ? part.size() + 1 : part.size());
        if (part.empty()) continue;
        const auto equals = part.find('=');
        fields_.emplace_back(
            decoded(part.substr(0, equals)),
            equals == std::string_view::npos ? "" : decoded(part.substr(equals + 1)));
    }
}

std::string form_body::field(std::string_view name) const {
    for (const auto& [key, value] : fields_)
        if (key == name) return value;
    return {};
}

std::optional<form_body> form_of(const http_request& request) {
    const auto type = request.field("Content-Type");
    if (!same_word(type.substr(0, type.find(';')), "application/x-www-form-urlencoded"))
        return std::nullopt;
    return form_body{request.body};
}

}  // namespace gateway::shapes
