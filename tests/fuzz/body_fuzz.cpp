// SPDX-License-Identifier: MIT
#include <bide/json/read.hpp>

#include "fuzz/require.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Any bytes are the body of a response. What is read of it is compared with a naive reading.
namespace {

using bide::certainty;
using bide::verdict;
using bide::http::field;
using bide::http::profile;
using bide::http::reading;
using nlohmann::json;

constexpr std::chrono::sys_seconds now{std::chrono::seconds{1'795'299'600}};

constexpr profile generic{.name = "generic"};
constexpr profile sms{
    .name = "sms",
    .body_rules = {{
        {200, 299, "/messages/*/status", "0", verdict::success, certainty::answered},
        {200, 299, "/messages/*/status", "1", verdict::throttled, certainty::rejected},
        {200, 299, "/messages/*/status", "", verdict::permanent, certainty::answered},
    }},
    .body_waits = {{{"/messages/*/error-text", "please wait [",
                     bide::http::reset_unit::milliseconds}}},
    .told_by_body = true,
};
constexpr profile coded{
    .name = "coded",
    .body_rules = {{{403, 403, "/error/code", "", verdict::throttled, certainty::rejected},
                    {403, 403, "/errors/0/code", "1*", verdict::success, certainty::answered}}},
    .body_waits = {{{"", "again in "}, {"/message", "again in "}}},
    .least_wait = std::chrono::seconds{60},
};

/// The library's own tree is made from events, this one by the parser.
std::optional<json> parsed(std::string_view text) {
    if (text.size() > bide::json::max_body_read) return {};
    if (text.find('\0') != std::string_view::npos) return {};
    std::vector<std::set<std::string>> keys;
    bool good = true;
    const auto look = [&](int depth, json::parse_event_t event, const json& value) {
        using kind = json::parse_event_t;
        if ((event == kind::object_start || event == kind::array_start) && depth >= 32)
            good = false;
        if (event == kind::object_start) keys.emplace_back();
        if (event == kind::object_end) keys.pop_back();
        if (event == kind::key && !keys.back().insert(value.get<std::string>()).second)
            good = false;
        return true;
    };
    auto tree = json::parse(text.begin(), text.end(), look, false);
    if (!good || tree.is_discarded() || !tree.is_structured()) return {};
    return tree;
}

reading read(int status, std::string_view body, const profile& provider,
             const std::vector<field>& fields = {}) {
    return bide::json::read({.status = status, .fields = fields, .body = body}, {.method = "POST"},
                            provider, bide::wall_time{now});
}

void require_sound(const reading& r) {
    require(!r.hint || r.hint->count() >= 0, "a hint is 0 or more");
    require(!r.hint || r.finding.hint, "what was read is found");
    require(!r.finding.hint || *r.finding.hint >= bide::duration::zero(), "both are");
    require(r.finding.verdict != verdict::success || !r.finding.hint, "no wait after a success");
}

/// A part without a status is one that does not tell.
void check_parts(const reading& found, const std::optional<json>& body) {
    std::size_t sent = 0;
    std::size_t throttled = 0;
    std::size_t failed = 0;
    std::size_t all = 0;
    if (body && body->is_object() && body->contains("messages") && (*body)["messages"].is_array())
        for (const auto& part : (*body)["messages"]) {
            ++all;
            if (!part.is_object() || !part.contains("status") || part["status"].is_null()) continue;
            const auto& status = part["status"];
            if (status == "0" || (status == 0 && status.is_number()))
                ++sent;
            else if (status == "1" || (status == 1 && status.is_number()))
                ++throttled;
            else
                ++failed;
        }
    auto v = verdict::permanent;
    auto c = certainty::ambiguous;
    const auto told = sent + throttled + failed;
    if (told == 0) v = verdict::transient;
    if (told > 0 && sent == all) v = verdict::success;
    if (told > 0 && throttled == all) v = verdict::throttled;
    if (v == verdict::success || (sent + throttled == 0 && told > 0 && told == all))
        c = certainty::answered;
    if (v == verdict::throttled) c = certainty::rejected;
    require(found.finding.verdict == v, "the verdict of the parts");
    require(found.finding.certainty == c, "the certainty of the parts");
}

void check_hint(const reading& found, std::string_view text, const std::optional<json>& body) {
    if (!body) return require(!found.hint, "no wait of what is no JSON");
    const auto plain = text.find('\\') == std::string_view::npos;
    if (plain && text.find("etry") == std::string_view::npos &&
        text.find("nextValid") == std::string_view::npos)
        require(!found.hint, "no wait without a name for it");
    if (!body->is_object() || !body->contains("retry_after")) return;
    for (const char* name :
         {"retry_after_ms", "retryAfterMs", "retry_after_seconds", "retryAfterSeconds"})
        if (body->contains(name)) return;
    const auto& value = (*body)["retry_after"];
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 1'000'000'000) return;
    require(found.hint == std::chrono::seconds{value.get<std::uint64_t>()}, "the wait in seconds");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{data, data + size};
    const auto body = parsed(text);

    const auto throttled = read(429, text, generic);
    require_sound(throttled);
    require(throttled.finding.certainty == certainty::rejected, "429");
    check_hint(throttled, text, body);

    const auto asked = read(429, text, generic, {{"Retry-After", "7"}});
    require(asked.hint == std::chrono::seconds{7}, "fields come first");

    const auto told = read(200, text, sms);
    require_sound(told);
    check_parts(told, body);

    const auto unasked = read(200, text, generic);
    require(unasked.finding.verdict == verdict::success && !unasked.hint, "no candidate");

    const auto forbidden = read(403, text, coded);
    require_sound(forbidden);
    const auto stopped = read(403, text, coded, {{"x-should-retry", "false"}});
    require_sound(stopped);
    require(
        stopped.finding.verdict ==
            (forbidden.finding.verdict == verdict::success ? verdict::success : verdict::permanent),
        "stop means stop");
    require(stopped.finding.certainty == forbidden.finding.certainty, "and nothing else");
    return 0;
}
