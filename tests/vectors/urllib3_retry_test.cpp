// SPDX-License-Identifier: MIT
#include <bide/http/retry_after.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// What urllib3 reads out of Retry-After. Its other rows are about retrying and its delays, not
// about reading.

namespace {

using std::chrono::milliseconds;
using std::chrono::sys_seconds;
using vectors::excluded;
using vectors::failed;
using vectors::json;
using vectors::judgement;

std::string shown(const std::optional<milliseconds>& wait) {
    return wait ? std::to_string(wait->count()) + " ms" : "nothing";
}

bool is_decimal(const std::string& value) {
    return bide::http::detail::parse_decimal(value).has_value() &&
           value.find('.') != std::string::npos;
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto kind = input.at("kind").get<std::string>();
    for (const auto* other :
         {"is_retry", "backoff", "sequence", "sleep", "strip_headers_on_cross_host_redirect"})
        if (kind == other) return excluded(kind + ": a rule of its Retry object, nothing is read");
    if (kind != "parse_retry_after") return failed("an unknown kind");

    const auto value = input.at("value").get<std::string>();
    std::optional<sys_seconds> now;
    if (input.contains("now_epoch"))
        now = sys_seconds{std::chrono::seconds{input.at("now_epoch").get<std::int64_t>()}};
    const auto wait = bide::http::parse_retry_after(value, now);
    if (row.at("expect").contains("error")) {
        if (is_decimal(value)) return excluded("we read decimals too, since servers send them");
        return vectors::passed_if(!wait, "reads " + shown(wait));
    }
    // It shortens a longer wait to its ceiling, 6 hours unless told otherwise.
    const auto most = input.at("config").value("retry_after_max", std::int64_t{21600});
    if (!wait) return failed("reads nothing");
    return vectors::passed_if(std::min(wait->count(), most * 1000) ==
                                  row.at("expect").at("seconds").get<std::int64_t>() * 1000,
                              "reads " + shown(wait));
}

}  // namespace

TEST_CASE("vectors: urllib3_retry", "[vectors][http][retry_after]") {
    vectors::run("urllib3_retry", judge, 4);
}
