// SPDX-License-Identifier: MIT
#include "gateway/shapes/parts.hpp"
#include "gateway/shapes/shapes.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace gateway::shapes {
namespace {
namespace of_audian {

http_reply error(int status, std::string_view message, std::string_view request) {
    return reply(status, {{"data", {{"message", message}}},
                          {"error", std::to_string(status)},
                          {"message", message},
                          {"request_id", hex_like(request, 0, 32)},
                          {"status", "error"}});
}

http_reply problem(int status, std::string_view detail) { return error(status, detail, detail); }

parsed_message read(const http_request& request) {
    const auto account = account_in(request.path(), "/v2/accounts/", "/sms");
    if (auto wrong =
            misplaced(request, "PUT", !account.empty(), "/v2/accounts/{ACCOUNT_ID}/sms", problem))
        return *wrong;
    const auto body = json::parse(request.body, nullptr, false);
    if (!body.is_object() || !body.contains("data") || !body["data"].is_object())
        return refuse(problem, 400, "the body must be a JSON object with an object data");
    const auto& data = body["data"];
    if (!has_texts(data, {"from", "to", "body"}))
        return refuse(problem, 400, "from, to and body must be strings");
    auto id = data.contains("custom_vars") && data["custom_vars"].is_object()
                  ? text_of(data["custom_vars"], "ref")
                  : std::string{};
    if (!is_id(id)) return refuse(problem, 400, "custom_vars must be an object with a string ref");
    return {.id = std::move(id),
            .to = text_of(data, "to"),
            .from = text_of(data, "from"),
            .text = text_of(data, "body")};
}

http_reply accepted(const parsed_message& m, const occasion& now) {
    const auto request = hex_like(m.id, now.seen, 32);
    return reply(201, {{"data",
                        {{"message_id", request},
                         {"from", m.from},
                         {"to", m.to},
                         {"body", m.text},
                         {"custom_vars", {{"ref", m.id}}}}},
                       {"request_id", request},
                       {"status", "success"}});
}

http_reply throttled(const parsed_message& m, const occasion&) {
    return error(429, "too many requests", m.id);
}

http_reply failed(int status) { return error(status, injected, {}); }

}  // namespace of_audian
}  // namespace

/// Audian's API v2: `{"data":…}` both ways, made with PUT, which is therefore nothing to repeat;
/// RateLimit-Limit, -Remaining and -Reset, and Retry-After on a 429.
///
/// Source: docs.audian.com, "API Basics" and "Rate limiting best practices". Unverified: the
/// resource for messages (taken from the Kazoo platform, whose API looks the same), the member that
/// carries the id, and whether its reset is a number of seconds.
const provider audian{.name = "audian",
                      .headers = header_style::draft6,
                      .read = of_audian::read,
                      .accepted = of_audian::accepted,
                      .throttled = of_audian::throttled,
                      .failed = of_audian::failed};

}  // namespace gateway::shapes
