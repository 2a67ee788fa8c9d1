// SPDX-License-Identifier: MIT
#include "gateway/shapes/parts.hpp"

#include "gateway/hashing.hpp"
#include "gateway/shapes/form_body.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::shapes {
namespace {

constexpr std::size_t longest_id = 256;

}  // namespace

http_reply reply(int status, const json& body, std::string_view type) {
    return {
        status, std::string{type}, {}, body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

std::string uuid_like(std::string_view id, std::uint64_t seen) {
    const auto a = hash_text(id, seen);
    const auto b = mix(a);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-%04x-%012llx",
                  static_cast<unsigned>(a >> 32U), static_cast<unsigned>(a >> 16U & 0xffffU),
                  static_cast<unsigned>(a & 0xfffU),
                  static_cast<unsigned>((b >> 48U & 0x3fffU) | 0x8000U),
                  static_cast<unsigned long long>(b & 0xffffffffffffU));
    return text.data();
}

std::string hex_like(std::string_view id, std::uint64_t seen, std::size_t digits) {
    std::string text;
    for (auto h = hash_text(id, seen); text.size() < digits; h = mix(h)) {
        std::array<char, 20> part{};
        std::snprintf(part.data(), part.size(), "%016llx", static_cast<unsigned long long>(h));
        text += part.data();
    }
    text.resize(digits);
    return text;
}

parsed_message refuse(problem_form form, int status, std::string_view detail) {
    return {.refusal = form(status, detail)};
}

std::optional<parsed_message> misplaced(const http_request& request, std::string_view method,
                                        bool is_path, std::string_view path, problem_form form) {
    if (!is_path) return refuse(form, 404, "the only resource is " + std::string{path});
    if (request.method == method) return std::nullopt;
    auto refusal = refuse(form, 405, "a message is sent with " + std::string{method});
    refusal.refusal.fields.emplace_back("Allow", method);
    return refusal;
}

std::string_view account_in(std::string_view path, std::string_view before,
                            std::string_view after) {
    if (!path.starts_with(before) || !path.ends_with(after) ||
        path.size() <= before.size() + after.size())
        return {};
    path.remove_prefix(before.size());
    path.remove_suffix(after.size());
    return path.find('/') == std::string_view::npos ? path : std::string_view{};
}

std::string text_of(const json& body, const char* name) {
    const auto at = body.find(name);
    return at != body.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

bool has_texts(const json& body, std::initializer_list<const char*> names) {
    for (const auto* const name : names) {
        const auto at = body.find(name);
        if (at == body.end() || !at->is_string()) return false;
    }
    return true;
}

bool is_id(std::string_view id) { return !id.empty() && id.size() <= longest_id; }

std::string reference_in(std::string_view url) {
    const auto mark = url.find('?');
    if (mark == std::string_view::npos) return {};
    return form_body{url.substr(mark + 1)}.field("ref");
}

}  // namespace gateway::shapes
