// SPDX-License-Identifier: MIT
#include "gateway/shapes/parts.hpp"
#include "gateway/shapes/shapes.hpp"

#include <string>
#include <utility>

namespace gateway::shapes {
namespace {
namespace of_vonage {

constexpr auto path = "/v1/messages";

parsed_message read(const http_request& request) {
    const bool is_path = request.path() == path;
    if (auto wrong = misplaced(request, "POST", is_path, path, problem_reply)) return *wrong;
    const auto body = json::parse(request.body, nullptr, false);
    if (!body.is_object()) return refuse(problem_reply, 400, "the body must be a JSON object");
    auto id = text_of(body, body.contains("client_ref") ? "client_ref" : "id");
    if (!is_id(id) || !has_texts(body, {"to", "from", "text"}))
        return refuse(problem_reply, 422, "client_ref, to, from and text must be strings");
    if (text_of(body, "channel") != "sms" || text_of(body, "message_type") != "text")
        return refuse(problem_reply, 422, R"(channel must be "sms" and message_type "text")");
    return {.id = std::move(id)};
}

http_reply accepted(const parsed_message& m, const occasion& now) {
    return reply(202, {{"message_uuid", uuid_like(m.id, now.seen)}});
}

http_reply throttled(const parsed_message& m, const occasion&) {
    return reply(429,
                 {{"type", "https://developer.vonage.com/api-errors#rate-limit"},
                  {"title", "Rate Limit Hit"},
                  {"detail", "Please wait, then retry your request"},
                  {"instance", uuid_like(m.id, 0)}},
                 "application/problem+json");
}

http_reply failed(int status) { return problem_reply(status, injected); }

}  // namespace of_vonage
}  // namespace

/// Vonage Messages API. Source: its reference, and the 429 that Vonage's Python SDK tests with; no
/// header that names a wait is documented.
const provider vonage{.name = "vonage",
                      .headers = header_style::none,
                      .read = of_vonage::read,
                      .accepted = of_vonage::accepted,
                      .throttled = of_vonage::throttled,
                      .failed = of_vonage::failed};

}  // namespace gateway::shapes
