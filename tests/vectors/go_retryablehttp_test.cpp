// SPDX-License-Identifier: MIT
#include <bide/http/retry_after.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What go-retryablehttp reads out of Retry-After. Its other rows are about retrying and its delays,
// not about reading.

namespace {

using bide::http::field;
using std::chrono::milliseconds;
using std::chrono::sys_seconds;
using vectors::excluded;
using vectors::failed;
using vectors::json;
using vectors::judgement;

std::string shown(const std::optional<milliseconds>& wait) {
    return wait ? std::to_string(wait->count()) + " ms" : "nothing";
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto kind = input.at("kind").get<std::string>();
    for (const auto* other : {"check_retry", "default_backoff", "ratelimit_linear_jitter_backoff",
                              "attempts", "response_handler"})
        if (kind == other) return excluded(kind + ": a rule of its client, nothing is read");
    if (kind != "parse_retry_after") return failed("an unknown kind");

    std::vector<std::string> values;
    for (const auto& value : input.at("headers")) values.push_back(value.get<std::string>());
    std::vector<field> fields;
    for (const auto& value : values) fields.push_back({"Retry-After", value});
    if (values.size() > 1)
        return excluded("of several fields it takes the first; our longest satisfies them all");
    const sys_seconds now{std::chrono::seconds{input.at("now_epoch").get<std::int64_t>()}};
    const auto wait = bide::http::retry_after(fields, now);
    const auto& expect = row.at("expect");
    if (!expect.at("ok").get<bool>()) return vectors::passed_if(!wait, "reads " + shown(wait));
    return vectors::passed_if(
        wait == std::chrono::seconds{expect.at("sleep_s").get<std::int64_t>()},
        "reads " + shown(wait));
}

}  // namespace

TEST_CASE("vectors: go_retryablehttp", "[vectors][http][retry_after]") {
    vectors::run("go_retryablehttp", judge, 3);
}
