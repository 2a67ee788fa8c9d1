// SPDX-License-Identifier: MIT
#include "gateway/shapes/form_body.hpp"
#include "gateway/shapes/parts.hpp"
#include "gateway/shapes/shapes.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace gateway::shapes {
namespace {
namespace of_twilio {

constexpr std::string_view before = "/2010-04-01/Accounts/";
constexpr std::string_view after = "/Messages.json";

http_reply coded(int status, int code, std::string_view message) {
    return reply(status,
                 {{"code", code},
                  {"message", message},
                  {"more_info", "https://www.twilio.com/docs/errors/" + std::to_string(code)},
                  {"status", status}});
}

/// 20404 and 20004 are its codes for a wrong path or method; of what is missing in a message it has
/// one per field.
http_reply problem(int status, std::string_view detail) {
    if (status == 404) return coded(status, 20404, detail);
    return coded(status, status == 405 ? 20004 : 21604, detail);
}

parsed_message read(const http_request& request) {
    const auto account = account_in(request.path(), before, after);
    if (auto wrong = misplaced(request, "POST", !account.empty(),
                               "/2010-04-01/Accounts/{AccountSid}/Messages.json", problem))
        return *wrong;
    const auto form = form_of(request);
    if (!form) return refuse(problem, 400, "the body must be application/x-www-form-urlencoded");
    for (const auto* const name : {"To", "From", "Body"})
        if (form->field(name).empty())
            return refuse(problem, 400, "A '" + std::string{name} + "' value is required.");
    auto id = reference_in(form->field("StatusCallback"));
    if (!is_id(id)) return refuse(problem, 400, "StatusCallback must be a URL with ?ref=ID");
    return {.id = std::move(id),
            .to = form->field("To"),
            .from = form->field("From"),
            .text = form->field("Body"),
            .account = std::string{account}};
}

http_reply accepted(const parsed_message& m, const occasion& now) {
    const auto sid = "SM" + hex_like(m.id, now.seen, 32);
    const auto uri = std::string{before} + m.account + "/Messages/" + sid + ".json";
    return reply(201, {{"sid", sid},
                       {"account_sid", m.account},
                       {"to", m.to},
                       {"from", m.from},
                       {"body", m.text},
                       {"status", "queued"},
                       {"num_segments", "1"},
                       {"direction", "outbound-api"},
                       {"api_version", "2010-04-01"},
                       {"error_code", nullptr},
                       {"error_message", nullptr},
                       {"uri", uri}});
}

http_reply throttled(const parsed_message&, const occasion&) {
    return coded(429, 20429, "Too Many Requests");
}

http_reply failed(int status) {
    return status == 500 ? coded(500, 20500, "Internal Server Error")
                         : problem_reply(status, injected);
}

void sign(http_reply& reply, const occasion& now) {
    reply.fields.emplace_back("Twilio-Concurrent-Requests", std::to_string(now.in_progress));
}

}  // namespace of_twilio
}  // namespace

/// Twilio's Messages resource. Its limit is one of requests in flight (`--algorithm concurrency`);
/// no header names a wait. It takes no reference of the client's own and no idempotency key, so the
/// id is in the URL that its reports go to.
///
/// Source: Twilio's reference of the resource and of errors 20429 and 20500; that the header comes
/// with every answer is second-hand.
const provider twilio{.name = "twilio",
                      .headers = header_style::none,
                      .read = of_twilio::read,
                      .accepted = of_twilio::accepted,
                      .throttled = of_twilio::throttled,
                      .failed = of_twilio::failed,
                      .sign = of_twilio::sign};

}  // namespace gateway::shapes
