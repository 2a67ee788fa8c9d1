// SPDX-License-Identifier: MIT
#include <bide/http/hint.hpp>
#include <bide/http/quota_fields.hpp>
#include <bide/http/rate_limit.hpp>
#include <bide/http/response.hpp>
#include <bide/http/retry_after.hpp>
#include <bide/http/structured.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// RateLimit and RateLimit-Policy as the examples and the rules of the newest draft have them. Read
// as fields of a 429, for the rows tell of no status.

namespace {

using bide::http::field;
using vectors::excluded;
using vectors::failed;
using vectors::json;
using vectors::judgement;
using optional_ms = std::optional<std::chrono::milliseconds>;

/// The byte sequence `pk` of the item of that name.
std::string partition_key(const std::vector<field>& fields, std::string_view name) {
    using namespace bide::http::structured;
    reader list{form::list, fields, "ratelimit"};
    bool here = false;
    for (auto e = list.next(); e != event::end && e != event::malformed; e = list.next()) {
        if (e == event::item) here = list.value().text() == name;
        if (e == event::parameter && here && list.key() == "pk")
            return std::string{list.value().text()};
    }
    return {};
}

json policies_in(const std::vector<field>& fields) {
    auto all = json::array();
    for (const auto& p : bide::http::parse_rate_limit_policy(fields)) {
        json policy = {{"name", p.name}, {"q", p.limit.value()}};
        policy["qu"] = p.unit.empty() ? "requests" : p.unit;
        if (p.window) policy["w"] = p.window->count() / 1000;
        all.push_back(policy);
    }
    return all;
}

json limits_in(const std::vector<field>& fields) {
    auto all = json::array();
    for (const auto& q : bide::http::parse_rate_limit(fields, std::nullopt)) {
        json limit = {{"name", q.name}};
        if (q.remaining) limit["r"] = *q.remaining;
        if (q.reset) limit["t"] = q.reset->count() / 1000;
        if (const auto pk = partition_key(fields, q.name); !pk.empty()) limit["pk_base64"] = pk;
        all.push_back(limit);
    }
    return all;
}

std::optional<std::chrono::sys_seconds> base_of(const std::vector<field>& fields) {
    return bide::http::date_of({.status = 429, .fields = fields}, std::nullopt);
}

optional_ms wait_in(const std::vector<field>& fields) {
    const auto base = base_of(fields);
    return bide::http::hint_of(bide::http::read_asked_wait(fields, base),
                               bide::http::read_quotas(fields, base), 429);
}

/// Empty, or why a field that this draft rules out is read by us.
std::string accepted_because(const std::vector<field>& fields) {
    for (const auto& f : fields) {
        if (f.value.find("limit=") != std::string_view::npos)
            return "draft 07's dictionary; servers send it still";
        if (!f.value.empty() && bide::http::structured::detail::is_alpha(f.value.front()))
            return "a token for a name; an example of the drafts has one";
    }
    return {};
}

judgement judge(const json& row) {
    if (row.at("input").size() != 1) return failed("an unknown kind of input");
    std::vector<std::string> texts;
    for (const auto& header : row.at("input").at("headers"))
        for (const auto& text : header) texts.push_back(text.get<std::string>());
    std::vector<field> fields;
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2)
        fields.push_back({texts[i], texts[i + 1]});

    std::string wrong;
    const auto check = [&](bool good, const std::string& what) {
        if (!good) wrong += what + ". ";
    };
    for (const auto& [key, expected] : row.at("expect").items()) {
        const auto wait = wait_in(fields);
        if (key == "policies") {
            const auto actual = policies_in(fields);
            check(actual == expected, "policies are " + actual.dump());
        } else if (key == "limits") {
            const auto actual = limits_in(fields);
            check(actual == expected, "limits are " + actual.dump());
        } else if (key == "suggested_wait_s") {
            // No wait is 0 there where something remains, and null where nothing was understood.
            const auto seconds = expected.is_null() ? 0 : expected.get<std::int64_t>();
            check(wait.value_or(std::chrono::milliseconds{}) == std::chrono::seconds{seconds},
                  "the wait is " + (wait ? std::to_string(wait->count()) + " ms" : "none"));
        } else if (key == "source_of_wait") {
            check(expected == "Retry-After" &&
                      bide::http::retry_after(fields, base_of(fields)) == wait,
                  "the wait is not Retry-After's");
        } else if (key == "ignored") {
            const auto because = accepted_because(fields);
            if (!because.empty()) return excluded(because);
            check(expected == true && bide::http::read_quotas(fields, std::nullopt).empty(),
                  "it is not ignored");
        } else {
            check(false, "unknown: " + key);
        }
    }
    return vectors::passed_if(wrong.empty(), wrong);
}

}  // namespace

TEST_CASE("vectors: ratelimit_fields", "[vectors][http][rate_limit]") {
    vectors::run("ratelimit_fields", judge, 10);
}
