// SPDX-License-Identifier: MIT
#include "gateway/shapes/parts.hpp"
#include "gateway/shapes/shapes.hpp"

#include <string>

namespace gateway::shapes {
namespace {
namespace of_generic {

parsed_message read(const http_request& request) {
    if (auto wrong = misplaced(request, "POST", true, "", problem_reply)) return *wrong;
    const auto body = json::parse(request.body, nullptr, false);
    if (!body.is_object()) return refuse(problem_reply, 400, "the body must be a JSON object");
    auto id = text_of(body, "id");
    if (!is_id(id) || !has_texts(body, {"to", "text"}))
        return refuse(problem_reply, 400, "id, to and text must be strings, id of 1 to 256 bytes");
    return {.id = std::move(id)};
}

http_reply accepted(const parsed_message& m, const occasion&) {
    return reply(202, {{"id", m.id}, {"status", "accepted"}});
}

http_reply throttled(const parsed_message&, const occasion&) {
    return reply(429, {{"error", "rate_limited"}});
}

http_reply failed(int status) { return problem_reply(status, injected); }

}  // namespace of_generic
}  // namespace

/// Nobody's: POST of `{"id","to","text"}` to any path.
const provider generic{.name = "generic",
                       .headers = header_style::retry_after,
                       .read = of_generic::read,
                       .accepted = of_generic::accepted,
                       .throttled = of_generic::throttled,
                       .failed = of_generic::failed};

}  // namespace gateway::shapes
