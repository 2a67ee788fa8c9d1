// SPDX-License-Identifier: MIT
#include <bide/http/profiles.hpp>
#include <bide/http/read.hpp>
#include <bide/json/read.hpp>

#include "retry/allocations.hpp"
#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

// Whole responses, many of them captured from running servers, and what a client must read out of
// them: the wait, and the quota that binds.

namespace {

using vectors::json;
using vectors::judgement;

std::optional<std::int64_t> number(const json& value) {
    return value.is_null() ? std::nullopt : std::optional{value.get<std::int64_t>()};
}

/// As the file records numbers.
template <class T>
std::optional<std::int64_t> recorded(const std::optional<T>& value) {
    constexpr std::int64_t most = (std::int64_t{1} << 53) - 1;
    if (!value) return std::nullopt;
    if constexpr (std::is_integral_v<T>)
        return (std::min)(*value, most);
    else
        return (std::min)(std::int64_t{value->count()}, most);
}

std::string shown(const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : "nothing";
}

/// What differs from the row, in words; nothing if it is as it should be.
std::string compared(const json& row, const bide::http::reading& reading) {
    const auto* binding = reading.quotas.binding();
    const auto quota = binding != nullptr ? *binding : bide::quota{};
    std::string wrong;
    std::size_t known = 0;
    const auto compare = [&](const char* name, const std::optional<std::int64_t>& actual) {
        ++known;
        const auto expected = number(row.at("expect").at(name));
        if (actual != expected)
            wrong +=
                std::string{name} + " is " + shown(actual) + " and not " + shown(expected) + ". ";
    };
    compare("delay_ms", recorded(reading.hint));
    compare("limit", recorded(quota.limit));
    compare("remaining", recorded(quota.remaining));
    compare("reset_ms", recorded(quota.reset));
    compare("window_ms", recorded(quota.window));
    if (row.at("expect").size() != known) wrong += "Something unknown is expected.";
    return wrong;
}

judgement judge(const json& row) {
    std::vector<std::string> texts;
    for (const auto& header : row.at("headers"))
        for (const auto& text : header) texts.push_back(text.get<std::string>());
    std::vector<bide::http::field> fields;
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2)
        fields.push_back({texts[i], texts[i + 1]});
    const auto body = row.at("body").is_null() ? std::string{} : row.at("body").get<std::string>();

    std::optional<bide::wall_time> now;
    if (const auto seconds = number(row.at("now")))
        now = bide::wall_time{std::chrono::seconds{*seconds}};
    const auto status = row.at("status").get<int>();
    const bide::http::response_view response{.status = status, .fields = fields, .body = body};
    const bide::http::request_traits request{.method = "POST"};

    const auto by_body = row.at("why").get<std::string>().starts_with("[provider-body]");
    std::string wrong;
    if (!by_body) {
        const support::allocations allocated;
        const auto reading =
            bide::http::read(response, request, bide::http::profiles::generic, now);
        if (allocated.count() != 0) wrong = "It allocates. ";
        wrong += compared(row, reading);
    }
    // No other API of the file puts a refusal into a success.
    const auto& provider =
        by_body && status < 300 ? bide::http::profiles::vonage_sms : bide::http::profiles::generic;
    wrong += compared(row, bide::json::read(response, request, provider, now));
    return vectors::passed_if(wrong.empty(), wrong);
}

}  // namespace

TEST_CASE("vectors: http_responses", "[vectors][http]") {
    vectors::run("http_responses", judge, 100);
}
