// SPDX-License-Identifier: MIT
#include "gateway/shapes/parts.hpp"
#include "gateway/shapes/shapes.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace gateway::shapes {
namespace {
namespace of_telnyx {

constexpr auto path = "/v2/messages";
constexpr std::string_view key_field = "Idempotency-Key";
constexpr std::string_view key_characters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:-";

http_reply error(int status, std::string_view code, std::string_view title,
                 std::string_view detail) {
    return reply(status, {{"errors",
                           json::array({{{"code", code}, {"title", title}, {"detail", detail}}})}});
}

/// 10005, 10015 and 10007 are only near to what it would say: unverified.
http_reply problem(int status, std::string_view detail) {
    return error(status, status == 404 ? "10005" : "10015", reason_phrase(status), detail);
}

bool is_key(std::string_view key) {
    return key.size() <= 255 && key.find_first_not_of(key_characters) == std::string_view::npos;
}

parsed_message read(const http_request& request) {
    const bool is_path = request.path() == path;
    if (auto wrong = misplaced(request, "POST", is_path, path, problem)) return *wrong;
    const auto body = json::parse(request.body, nullptr, false);
    if (!body.is_object()) return refuse(problem, 400, "the body must be a JSON object");
    if (!has_texts(body, {"from", "to", "text"}))
        return refuse(problem, 400, "from, to and text must be strings");
    const auto tags = body.find("tags");
    if (tags == body.end() || !tags->is_array() || tags->empty() || !tags->at(0).is_string() ||
        !is_id(tags->at(0).get<std::string>()))
        return refuse(problem, 400, "tags must be an array whose first string is the id");
    const auto key = request.field(key_field);
    if (!is_key(key)) return refuse(problem, 400, "Idempotency-Key is malformed");
    return {.id = tags->at(0).get<std::string>(),
            .to = text_of(body, "to"),
            .from = text_of(body, "from"),
            .text = text_of(body, "text"),
            .key = std::string{key}};
}

http_reply accepted(const parsed_message& m, const occasion& now) {
    return reply(200, {{"data",
                        {{"record_type", "message"},
                         {"direction", "outbound"},
                         {"id", uuid_like(m.id, now.seen)},
                         {"type", "SMS"},
                         {"from", {{"phone_number", m.from}}},
                         {"to", json::array({{{"phone_number", m.to}, {"status", "queued"}}})},
                         {"text", m.text},
                         {"tags", json::array({m.id})}}}});
}

http_reply throttled(const parsed_message&, const occasion&) {
    return error(429, "10011", "Too many requests",
                 "You have exceeded the maximum number of allowed requests.");
}

http_reply failed(int status) { return error(status, "10007", reason_phrase(status), injected); }

}  // namespace of_telnyx
}  // namespace

/// Telnyx's Messaging API v2. It tells limit, remaining and reset in seconds with every answer, and
/// no Retry-After; which shape the limit has is unverified. Its `Idempotency-Key` is honoured, so
/// that the second request with one delivers nothing.
/// Source: developers.telnyx.com on rate limits, on sending a message and on idempotency.
const provider telnyx{.name = "telnyx",
                      .headers = header_style::x_delta,
                      .honours_key = true,
                      .read = of_telnyx::read,
                      .accepted = of_telnyx::accepted,
                      .throttled = of_telnyx::throttled,
                      .failed = of_telnyx::failed};

}  // namespace gateway::shapes
