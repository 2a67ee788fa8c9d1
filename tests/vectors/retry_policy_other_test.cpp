// SPDX-License-Identifier: MIT
#include <bide/curl/code.hpp>
#include <bide/http/profiles.hpp>
#include <bide/http/read.hpp>
#include <bide/http/request.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"
#include "vectors/decided.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <curl/curl.h>

// When other clients retry. Each is a profile: told the same rules, ours decides the same.

namespace {

using bide::certainty;
using bide::verdict;
using bide::http::field;
using bide::http::given;
using bide::http::profile;
using bide::http::request_traits;
using bide::http::status_rule;
using vectors::failed;
using vectors::json;
using vectors::judgement;

constexpr status_rule again(int first, int last) {
    return {first, last, given::always, verdict::overloaded, certainty::rejected};
}
constexpr status_rule never_again(int first, int last) {
    return {first, last, given::always, verdict::permanent, certainty::answered};
}

std::optional<int> number_in(const std::string& text) {
    const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
    if (text.empty() || text.size() > 3 || !std::ranges::all_of(text, is_digit)) return {};
    return std::stoi(text);
}

judgement judge_retry(bool is_again, const json& expect) {
    if (expect.size() != 1) return failed("something unknown is expected");
    return vectors::passed_if(is_again == expect.at("retry").get<bool>(),
                              is_again ? "retries" : "does not retry");
}

/// stripe-python retries less than Stripe documents: 409 and 5xx, and every request has a key.
judgement stripe(const json& input, const json& expect) {
    const auto sdk = [] {
        auto p = bide::http::profiles::stripe;
        p.rules = {{never_again(100, 199), never_again(400, 408), again(409, 409),
                    never_again(410, 499), again(500, 599)}};
        return p;
    }();
    std::vector<std::string> texts;
    std::vector<field> fields;
    if (input.contains("headers") && input.at("headers").is_object())
        for (const auto& item : input.at("headers").items()) {
            texts.push_back(item.key());
            texts.push_back(item.value().get<std::string>());
        }
    for (std::size_t i = 0; i < texts.size(); i += 2) fields.push_back({texts[i], texts[i + 1]});
    const request_traits request{.method = "POST", .has_key = true};
    const auto found = read({.status = input.at("status").get<int>(), .fields = fields}, request,
                            sdk, std::nullopt)
                           .finding;
    return judge_retry(vectors::decide(found, is_idempotent(request, sdk)).again, expect);
}

/// Envoy's `retry_on`: names, and a list of statuses of which it leaves out what is none.
struct retry_on {
    std::set<std::string> names;
    std::vector<int> statuses;
};

retry_on parse_retry_on(const std::string& text) {
    retry_on parsed;
    const auto colon = text.find(':');
    std::istringstream names{text.substr(0, colon)};
    for (std::string name; std::getline(names, name, ',');) parsed.names.insert(name);
    if (colon == std::string::npos) return parsed;
    std::istringstream list{text.substr(colon + 1)};
    for (std::string status; std::getline(list, status, ',');) {
        status.erase(0, status.find_first_not_of(' '));
        status.erase(status.find_last_not_of(' ') + 1);
        if (const auto number = number_in(status)) parsed.statuses.push_back(*number);
    }
    return parsed;
}

profile profile_of(const retry_on& on) {
    profile p{.name = "envoy"};
    std::size_t n = 0;
    if (on.names.contains("5xx")) p.rules[n++] = again(500, 599);
    if (on.names.contains("gateway-error")) p.rules[n++] = again(502, 504);
    if (on.names.contains("retriable-4xx")) p.rules[n++] = again(409, 409);
    for (const auto status : on.statuses) p.rules.at(n++) = again(status, status);
    p.rules.at(n) = never_again(300, 599);
    return p;
}

/// What ended a stream. Envoy's own overflow would only grow by retries.
bide::finding finding_of_reset(const std::string& kind, const retry_on& on) {
    const auto& names = on.names;
    const auto any =
        names.contains("5xx") || names.contains("gateway-error") || names.contains("reset");
    const auto taken = (any && kind != "overflow") ||
                       (names.contains("connect-failure") && kind == "connect") ||
                       (names.contains("refused-stream") && kind == "refused");
    const auto unsent = kind == "connect" || kind == "refused" || kind == "overflow";
    return {.verdict = taken ? verdict::transient : verdict::permanent,
            .certainty = unsent ? certainty::not_sent : certainty::ambiguous};
}

judgement envoy(const json& input, const json& expect) {
    const auto on = parse_retry_on(input.at("policy").get<std::string>());
    for (const auto& name : on.names)
        if (!std::set<std::string>{"none", "5xx", "gateway-error", "reset", "connect-failure",
                                   "retriable-4xx", "refused-stream", "retriable-status-codes"}
                 .contains(name))
            return failed("an unknown policy: " + name);
    const auto event = input.at("event").get<std::string>();
    const std::string reset = "reset:";
    bide::finding found;
    if (event.starts_with(reset)) {
        const auto kind = event.substr(reset.size());
        if (!std::set<std::string>{"remote", "local", "overflow", "connect", "refused",
                                   "termination"}
                 .contains(kind))
            return failed("an unknown reset");
        found = finding_of_reset(kind, on);
    } else {
        const auto status = number_in(event);
        if (!status) return failed("an unknown event");
        found = read({.status = *status}, {.method = "GET"}, profile_of(on), std::nullopt).finding;
    }
    // Whoever configures a proxy to repeat a request says that it may be repeated.
    return judge_retry(vectors::decide(found, true).again, expect);
}

/// failsafe-go judges errors of Go's client; libcurl has codes for the same ones.
judgement failsafe(const json& input, const json& expect) {
    struct error {
        const char* event;
        const char* result;
        CURLcode code;
        bool sent;
    };
    constexpr error errors[] = {
        {"connect refused", "ECONNREFUSED", CURLE_COULDNT_CONNECT, false},
        {"302 loop", "stopped after 10 redirects", CURLE_TOO_MANY_REDIRECTS, true},
        {"rstp://", "unsupported protocol scheme", CURLE_UNSUPPORTED_PROTOCOL, false},
    };
    const auto event = input.at("event").get<std::string>();
    const auto most = input.at("max_attempts").get<std::uint64_t>();
    std::optional<bide::finding> found;
    if (const auto status = number_in(event))
        found = read({.status = *status}, {.method = "GET"}, bide::http::profiles::generic,
                     std::nullopt)
                    .finding;
    for (const auto& e : errors) {
        if (event != e.event) continue;
        if (expect.at("result") != e.result) return failed("another result");
        found = bide::curl::of_code(e.code, e.sent);
    }
    if (!found) return failed("an unknown event");
    const auto tries = vectors::decide(*found, true, most).tries;
    return vectors::passed_if(tries == expect.at("attempts").get<std::uint64_t>(),
                              std::to_string(tries) + " attempts");
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto lib = input.at("lib").get<std::string>();
    if (lib == "stripe") return stripe(input, row.at("expect"));
    if (lib == "envoy") return envoy(input, row.at("expect"));
    if (lib == "failsafehttp") return failsafe(input, row.at("expect"));
    return failed("an unknown client");
}

}  // namespace

TEST_CASE("vectors: retry_policy_other", "[vectors][http]") {
    vectors::run("retry_policy_other", judge, 40);
}
