// SPDX-License-Identifier: MIT
#include <bide/http/idempotency_key.hpp>
#include <bide/http/profiles.hpp>
#include <bide/http/request.hpp>
#include <bide/json/read.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"
#include "vectors/decided.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

// What the draft of the Idempotency-Key header and providers say themselves: may this request be
// sent again?

namespace {

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::http::field;
using bide::http::key_value;
using bide::http::profile;
using bide::http::request_traits;
using vectors::failed;
using vectors::json;
using vectors::judgement;

/// An API that does what draft-ietf-httpapi-idempotency-key-header asks for.
constexpr profile draft{
    .name = "draft",
    .key_header = "Idempotency-Key",
    .key_is_quoted = true,
    .key_life = 24h,
};

/// Empty if there is none.
std::string text_of(const json& object, const char* name) {
    return object.contains(name) && object.at(name).is_string() ? object.at(name).get<std::string>()
                                                                : std::string{};
}

/// "vonage sms" is `vonage-sms`, "bandwidth messaging v2" is `bandwidth`; of whom nothing is known
/// is `generic`.
const profile& provider_of(const json& input) {
    if (!input.contains("provider")) return draft;
    auto name = input.at("provider").get<std::string>();
    for (auto& c : name)
        if (c == ' ') c = '-';
    const auto* found = bide::http::profiles::find(name);
    if (found == nullptr) found = bide::http::profiles::find(name.substr(0, name.find('-')));
    return found != nullptr ? *found : bide::http::profiles::generic;
}

/// Fields that this runner does not know may change what a row means.
std::optional<std::string> unknown_of(const json& object, const std::set<std::string>& known) {
    for (const auto& item : object.items())
        if (!known.contains(item.key())) return item.key();
    return std::nullopt;
}

judgement about_key(const json& input, const json& expect) {
    const auto& provider = provider_of(input);
    const auto key = input.at("key").get<std::string>();
    const auto value = key_value::make(key, provider);
    if (expect.contains("valid") && expect.at("valid").get<bool>() != value.has_value())
        return failed(value ? "the key is taken" : "the key is refused");
    if (expect.at("header").is_null()) return vectors::passed_if(!value, "the key is written");
    if (!value) return failed("the key is not written");
    const auto header = std::string{provider.key_header} + ": " + std::string{value->view()};
    return vectors::passed_if(header == expect.at("header").get<std::string>(), "writes " + header);
}

judgement about_header(const json& input, const json& expect) {
    const auto name = input.at("header").get<std::string>();
    const std::array fields = {field{name, "8e03978e-40d5-43e8-bc93-6894a57f9324"}};
    return vectors::passed_if(carries_key(fields, provider_of(input)) ==
                                  expect.at("accepted_on_api_requests").get<bool>(),
                              "another header is taken for a key, or a key for none");
}

judgement about_age(const json& input, const json& expect) {
    if (input.at("then") != "same key") return failed("an unknown sequel");
    const request_traits request{.method = "POST",
                                 .has_key = true,
                                 .key_age = std::chrono::hours{input.at("key_age_h").get<int>()}};
    return vectors::passed_if(is_protected(request, provider_of(input)) !=
                                  expect.at("treated_as_new_request").get<bool>(),
                              "the key lives on, or not long enough");
}

/// A failure without an answer: what counts is whether the request was sent.
bide::finding finding_of(const std::string& error) {
    if (error.ends_with("_after_send"))
        return {.verdict = verdict::transient, .certainty = certainty::ambiguous};
    if (error.ends_with("_before_send"))
        return {.verdict = verdict::transient, .certainty = certainty::not_sent};
    throw std::invalid_argument{"an unknown error"};
}

/// The statuses of the parts of a message, by their number.
std::string body_of(const json& input) {
    json body;
    for (const auto& item : input.items()) {
        const std::string prefix = "body_messages_";
        const std::string suffix = "_status";
        const auto& key = item.key();
        if (!key.starts_with(prefix) || !key.ends_with(suffix)) continue;
        const auto part = key.substr(prefix.size(), key.size() - prefix.size() - suffix.size());
        body["messages"][std::stoul(part)]["status"] = item.value();
    }
    return body.is_null() ? std::string{} : body.dump();
}

bide::finding finding_of(const json& input, const request_traits& request) {
    if (input.contains("error")) return finding_of(input.at("error").get<std::string>());
    const auto status = input.value(input.contains("status") ? "status" : "http_status", 0);
    const auto body = body_of(input);
    return bide::json::read({.status = status, .body = body}, request, provider_of(input),
                            std::nullopt)
        .finding;
}

judgement about_answer(const json& input, const json& expect) {
    const auto call = input.value("call", std::string{"POST"});
    const auto method = input.value("method", call.substr(0, call.find(' ')));
    // What only the caller can know is his word: that repeating does no harm, or that a key stands
    // in the body, as OneSignal wants it.
    const auto keyed = input.value("key_sent", false);
    const auto word = text_of(expect, "why").starts_with("idempotent") ||
                      (keyed && text_of(input, "provider") == "onesignal");
    const request_traits request{.method = method, .idempotent = word, .has_key = keyed};
    const auto found = finding_of(input, request);
    const auto decided = vectors::decide(found, is_idempotent(request, provider_of(input)));

    std::string wrong;
    for (const auto* name : {"retry", "safe_to_retry"}) {
        if (!expect.contains(name)) continue;
        const auto& may = expect.at(name);
        // Without a guarantee the outcome is open, and the caller is told so.
        const auto good = may.is_null() ? decided.ended == bide::end::unknown && !decided.again
                                        : decided.again == may.get<bool>();
        if (!good) wrong += decided.again ? "It is sent again. " : "It is not sent again. ";
    }
    if (expect.contains("outcome") && expect.at("outcome") != bide::to_string(decided.ended))
        wrong += std::string{"It ends as "} + bide::to_string(decided.ended) + ". ";
    // Every try is the same request with the same key: nothing could change it.
    if (expect.value("change_request", false)) wrong += "The request is not changed. ";
    if (!expect.value("same_key", true)) wrong += "The key stays. ";
    if (expect.contains("message_sent") && expect.at("message_sent") == false &&
        (found.certainty == certainty::ambiguous || found.verdict == verdict::success))
        wrong += "It might have been sent. ";
    return vectors::passed_if(wrong.empty(), wrong);
}

/// What a row is about, by the field that only such a row has; it may have no others.
struct topic {
    const char* field;
    std::set<std::string> fields;
    judgement (*judge)(const json& input, const json& expect);
};

const std::vector<topic>& topics() {
    static const std::vector<topic> all = {
        {"key", {"provider", "key"}, about_key},
        {"header", {"provider", "header"}, about_header},
        {"key_age_h", {"provider", "key_age_h", "then"}, about_age},
        {"error", {"provider", "call", "method", "error", "key_sent"}, about_answer},
        {"status", {"provider", "call", "method", "status", "key_sent"}, about_answer},
        {"http_status",
         {"provider", "http_status", "body_messages_0_status", "body_messages_1_status"},
         about_answer},
    };
    return all;
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    if (const auto strange =
            unknown_of(expect, {"header", "valid", "retry", "safe_to_retry", "change_request",
                                "same_key", "outcome", "why", "message_sent", "billed",
                                "accepted_on_api_requests", "treated_as_new_request"}))
        return failed("an unknown expectation: " + *strange);
    for (const auto& t : topics()) {
        if (!input.contains(t.field)) continue;
        if (const auto strange = unknown_of(input, t.fields))
            return failed("an unknown field: " + *strange);
        return t.judge(input, expect);
    }
    return failed("an unknown kind");
}

}  // namespace

TEST_CASE("vectors: idempotency", "[vectors][http][key]") {
    vectors::run("idempotency", judge, 20);
}
