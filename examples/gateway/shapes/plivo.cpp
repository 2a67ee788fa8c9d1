// SPDX-License-Identifier: MIT
#include "gateway/shapes/parts.hpp"
#include "gateway/shapes/shapes.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace gateway::shapes {
namespace {
namespace of_plivo {

http_reply error(int status, std::string_view id, std::string_view text) {
    return reply(status, {{"api_id", uuid_like(id, 0)}, {"error", text}});
}

http_reply problem(int status, std::string_view detail) { return error(status, {}, detail); }

parsed_message read(const http_request& request) {
    const auto account = account_in(request.path(), "/v1/Account/", "/Message/");
    if (auto wrong =
            misplaced(request, "POST", !account.empty(), "/v1/Account/{auth_id}/Message/", problem))
        return *wrong;
    const auto body = json::parse(request.body, nullptr, false);
    if (!body.is_object()) return refuse(problem, 400, "the body must be a JSON object");
    if (!has_texts(body, {"src", "dst", "text"}))
        return refuse(problem, 400, "src, dst and text must be strings");
    auto id = reference_in(text_of(body, "url"));
    if (!is_id(id)) return refuse(problem, 400, "url must be a URL with ?ref=ID");
    return {.id = std::move(id)};
}

http_reply accepted(const parsed_message& m, const occasion& now) {
    return reply(202, {{"message", "message(s) queued"},
                       {"message_uuid", json::array({uuid_like(m.id, now.seen)})},
                       {"api_id", uuid_like(m.id, ~now.seen)}});
}

http_reply throttled(const parsed_message& m, const occasion&) {
    return error(429, m.id, "Too Many Requests");
}

http_reply failed(int status) { return problem(status, injected); }

}  // namespace of_plivo
}  // namespace

/// Plivo's Message API: 429 over 300 requests in 5 seconds, no header that names a wait is
/// documented; the body of its 429 is unverified. The id is in the URL that its reports go to.
/// Source: Plivo's reference of the Message API and of account limits.
const provider plivo{.name = "plivo",
                     .headers = header_style::none,
                     .read = of_plivo::read,
                     .accepted = of_plivo::accepted,
                     .throttled = of_plivo::throttled,
                     .failed = of_plivo::failed};

}  // namespace gateway::shapes
