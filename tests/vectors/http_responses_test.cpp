// SPDX-License-Identifier: MIT
#include <bide/http/read.hpp>

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

using vectors::excluded;
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

judgement judge(const json& row) {
    const auto why = row.at("why").get<std::string>();
    if (why.starts_with("[provider-body]")) return excluded("[provider-body]: bide/json reads it");

    std::vector<std::string> texts;
    for (const auto& header : row.at("headers"))
        for (const auto& text : header) texts.push_back(text.get<std::string>());
    std::vector<bide::http::field> fields;
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2)
        fields.push_back({texts[i], texts[i + 1]});

    std::optional<bide::wall_time> now;
    if (const auto seconds = number(row.at("now")))
        now = bide::wall_time{std::chrono::seconds{*seconds}};
    const auto status = row.at("status").get<int>();
    constexpr bide::http::profile generic{.name = "generic"};
    const support::allocations allocated;
    const auto reading =
        bide::http::read({.status = status, .fields = fields}, {.method = "POST"}, generic, now);
    const auto allocations = allocated.count();
    const auto* binding = reading.quotas.binding();
    const auto quota = binding != nullptr ? *binding : bide::http::quota{};

    std::string wrong = allocations == 0 ? "" : "It allocates. ";
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
    return vectors::passed_if(wrong.empty(), wrong);
}

}  // namespace

TEST_CASE("vectors: http_responses", "[vectors][http]") {
    vectors::run("http_responses", judge, 100);
}
