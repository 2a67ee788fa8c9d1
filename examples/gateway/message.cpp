// SPDX-License-Identifier: MIT
#include "gateway/message.hpp"

#include "gateway/hashing.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

// Ordered, so that answers look like those in the providers' documentation.
using json = nlohmann::ordered_json;

constexpr std::size_t longest_id = 256;

/// A text in the form of a version 4 UUID that depends on nothing but its arguments.
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

parsed_message refuse(int status, std::string_view detail) {
    return {{}, problem_reply(status, detail)};
}

/// The text of a member, or nothing useful if it is missing or of another type.
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

parsed_message generic_message(const json& body) {
    auto id = text_of(body, "id");
    if (id.empty() || id.size() > longest_id || !has_texts(body, {"to", "text"}))
        return refuse(400, "id, to and text must be strings, id of 1 to 256 bytes");
    return {std::move(id), {}};
}

parsed_message vonage_message(const json& body) {
    auto id = text_of(body, body.contains("client_ref") ? "client_ref" : "id");
    if (id.empty() || id.size() > longest_id || !has_texts(body, {"to", "from", "text"}))
        return refuse(422, "client_ref, to, from and text must be strings");
    if (text_of(body, "channel") != "sms" || text_of(body, "message_type") != "text")
        return refuse(422, R"(channel must be "sms" and message_type "text")");
    return {std::move(id), {}};
}

}  // namespace

parsed_message parse_message(shape looks, const http_request& request) {
    if (looks == shape::vonage && request.path() != "/v1/messages")
        return refuse(404, "the only resource is /v1/messages");
    if (request.method != "POST") {
        auto refusal = refuse(405, "a message is sent with POST");
        refusal.refusal.fields.emplace_back("Allow", "POST");
        return refusal;
    }
    const auto body = json::parse(request.body, nullptr, false);
    if (!body.is_object()) return refuse(400, "the body must be a JSON object");
    return looks == shape::vonage ? vonage_message(body) : generic_message(body);
}

http_reply accepted_reply(shape looks, std::string_view id, std::uint64_t seen) {
    const auto body = looks == shape::vonage
                          ? json{{"message_uuid", uuid_like(id, seen)}}
                          : json{{"id", std::string{id}}, {"status", "accepted"}};
    return {202, "application/json", {}, body.dump()};
}

http_reply throttled_reply(shape looks, std::string_view id) {
    if (looks == shape::generic)
        return {429, "application/json", {}, json{{"error", "rate_limited"}}.dump()};
    const json body = {{"type", "https://developer.vonage.com/api-errors#rate-limit"},
                       {"title", "Rate Limit Hit"},
                       {"detail", "Please wait, then retry your request"},
                       {"instance", uuid_like(id, 0)}};
    return {429, "application/problem+json", {}, body.dump()};
}

http_reply failed_reply(int status) {
    return problem_reply(status, "This failure was injected by bide-gateway.");
}

http_reply problem_reply(int status, std::string_view detail) {
    const json body = {{"type", "about:blank"},
                       {"title", std::string{reason_phrase(status)}},
                       {"status", status},
                       {"detail", std::string{detail}}};
    return {status, "application/problem+json", {}, body.dump()};
}

}  // namespace gateway
