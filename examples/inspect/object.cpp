// SPDX-License-Identifier: MIT
#include "inspect/object.hpp"

#include "inspect/inspection.hpp"
#include "inspect/meaning.hpp"
#include "inspect/next_step.hpp"
#include "inspect/report.hpp"
#include "inspect/unread.hpp"

#include <bide/http/request.hpp>
#include <bide/http/response.hpp>
#include <bide/quota.hpp>
#include <bide/retry/verdict.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace inspector {
namespace {

namespace http = bide::http;
using nlohmann::ordered_json;
using std::chrono::milliseconds;

ordered_json number(std::int64_t value) {
    constexpr std::int64_t most = (std::int64_t{1} << 53) - 1;
    return value < most ? value : most;
}
ordered_json number(const std::optional<std::int64_t>& value) {
    return value ? number(*value) : ordered_json();
}
ordered_json number(const std::optional<milliseconds>& value) {
    return value ? number(value->count()) : ordered_json();
}
ordered_json number(bide::duration value) {
    return number(std::chrono::ceil<milliseconds>(value).count());
}

const char* name_of(http::advice a) {
    switch (a) {
        case http::advice::none:
            return "none";
        case http::advice::again:
            return "again";
        case http::advice::stop:
            return "stop";
    }
    return "?";
}

const char* name_of(wait_source s) {
    switch (s) {
        case wait_source::nobody:
            return "nobody";
        case wait_source::fields:
            return "fields";
        case wait_source::quotas:
            return "quotas";
        case wait_source::body:
            return "body";
    }
    return "?";
}

void add(ordered_json& to, const bide::quota& q) {
    to["limit"] = number(q.limit);
    to["remaining"] = number(q.remaining);
    to["reset_ms"] = number(q.reset);
    to["window_ms"] = number(q.window);
}

ordered_json to_array(const bide::quotas& quotas) {
    auto all = ordered_json::array();
    for (const auto& q : quotas) {
        ordered_json one{{"name", q.name}, {"unit", q.unit}};
        add(one, q);
        one["binds"] = &q == quotas.binding();
        all.push_back(one);
    }
    return all;
}

ordered_json to_json(const next_step& next) {
    ordered_json j{{"again", next.again}};
    j["wait_min_ms"] = next.again ? number(next.least) : ordered_json();
    j["wait_max_ms"] = next.again ? number(next.most) : ordered_json();
    j["ended"] = next.again ? ordered_json() : ordered_json(to_string(next.ended));
    j["retry_in_ms"] = next.retry_in ? number(*next.retry_in) : ordered_json();
    return j;
}

}  // namespace

ordered_json to_line(const inspection& found, const http::response_view& response) {
    const auto& reading = found.reading;
    const auto* binding = reading.quotas.binding();
    ordered_json j{{"delay_ms", number(reading.hint)}};
    add(j, binding != nullptr ? *binding : bide::quota{});
    j["verdict"] = to_string(reading.finding.verdict);
    j["certainty"] = to_string(reading.finding.certainty);
    j["why"] = std::to_string(response.status) + ": " + meaning_of(found, response) +
               "; wait: " + wait_of(found, response);
    return j;
}

ordered_json to_object(const inspection& found, const http::response_view& response,
                       const conditions& known) {
    const auto& reading = found.reading;
    const auto idempotent = is_idempotent(known.request, *found.provider);
    auto j = to_line(found, response);
    j["status"] = response.status;
    j["method"] = known.request.method;
    j["idempotent"] = idempotent;
    j["profile"] = found.provider->name;
    j["profile_guessed"] = found.is_guessed;
    j["repeat"] = may_be_repeated(found, known);
    j["delay_from"] = name_of(found.source);
    j["quotas"] = to_array(reading.quotas);
    j["advice"] = name_of(reading.advice);
    j["not_used"] = ordered_json::array();
    for (const auto& u : unread_fields(found, response, known.now))
        j["not_used"].push_back(
            {{"name", u.field->name}, {"value", u.field->value}, {"why", u.why}});
    j["next"] = to_json(next_of(reading.finding, idempotent));
    return j;
}

std::string dumped(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace inspector
