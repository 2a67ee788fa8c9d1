// SPDX-License-Identifier: MIT
#include "gateway/shapes/form_body.hpp"
#include "gateway/shapes/parts.hpp"
#include "gateway/shapes/shapes.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace gateway::shapes {
namespace {
namespace of_vonage_sms {

constexpr auto path = "/sms/json";

/// One part of a message, which is never a long one here.
http_reply one_part(const json& part) {
    return reply(200, {{"message-count", "1"}, {"messages", json::array({part})}});
}

http_reply status_reply(std::string_view status, std::string_view text) {
    return one_part({{"status", status}, {"error-text", text}});
}

http_reply problem(int status, std::string_view detail) {
    return status == 400 ? status_reply("2", detail) : problem_reply(status, detail);
}

parsed_message read(const http_request& request) {
    const bool is_path = request.path() == path;
    if (auto wrong = misplaced(request, "POST", is_path, path, problem)) return *wrong;
    const auto form = form_of(request);
    if (!form) return refuse(problem, 400, "the body must be application/x-www-form-urlencoded");
    for (const auto* const name : {"from", "to", "text"})
        if (form->field(name).empty())
            return refuse(problem, 400, "Missing " + std::string{name} + " param");
    auto id = form->field("client-ref");
    if (!is_id(id)) return refuse(problem, 400, "Missing client-ref param");
    return {.id = std::move(id), .to = form->field("to")};
}

http_reply accepted(const parsed_message& m, const occasion& now) {
    return one_part({{"to", m.to},
                     {"message-id", hex_like(m.id, now.seen, 16)},
                     {"status", "0"},
                     {"remaining-balance", "15.53590000"},
                     {"message-price", "0.03330000"},
                     {"network", "99999"},
                     {"client-ref", m.id}});
}

http_reply throttled(const parsed_message&, const occasion& now) {
    if (!now.wait) return status_reply("1", "Throttled");
    return status_reply("1", "Throughput Rate Exceeded - please wait [ " +
                                 std::to_string(now.wait->count()) + " ] and retry");
}

http_reply failed(int status) {
    return status == 500 ? status_reply("5", "Internal Error") : problem_reply(status, injected);
}

}  // namespace of_vonage_sms
}  // namespace

/// Vonage's older SMS API: all that it says itself comes as a 200, with a status per part; the wait
/// is told in the text of a throttled one, in milliseconds.
///
/// Source: its guide "Troubleshooting SMS" (statuses), the tests of nyaruka/courier and Vonage's
/// PHP SDK (the text). `client-ref` is a tag of the client's own.
const provider vonage_sms{.name = "vonage-sms",
                          .headers = header_style::none,
                          .tells_wait_in_body = true,
                          .read = of_vonage_sms::read,
                          .accepted = of_vonage_sms::accepted,
                          .throttled = of_vonage_sms::throttled,
                          .failed = of_vonage_sms::failed};

}  // namespace gateway::shapes
