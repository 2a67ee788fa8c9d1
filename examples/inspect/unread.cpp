// SPDX-License-Identifier: MIT
#include "inspect/unread.hpp"

#include "inspect/inspection.hpp"

#include <bide/http/advice.hpp>
#include <bide/http/field.hpp>
#include <bide/http/hint.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/quota_fields.hpp>
#include <bide/http/quota_name.hpp>
#include <bide/http/rate_limit.hpp>
#include <bide/http/response.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {
namespace {

namespace http = bide::http;
using std::chrono::sys_seconds;

constexpr std::string_view not_understood = "its value is not understood";
constexpr std::string_view no_clock =
    "an instant, and neither a Date nor --now says what time it is";

bool asks_for_a_wait(const http::field& f, std::optional<sys_seconds> base) {
    return http::read_asked_wait(std::span{&f, 1}, base).wait.has_value();
}

bool tells_a_quota(const http::field& f, std::optional<sys_seconds> base, http::reset_unit unit) {
    return !http::read_quotas(std::span{&f, 1}, base, unit).empty() ||
           !http::parse_rate_limit_policy(std::span{&f, 1}).empty();
}

/// Is it a name under which a wait is asked for outright? Known by what a good value does.
bool is_name_of_a_wait(std::string_view name) {
    return asks_for_a_wait({name, "1"}, {}) || asks_for_a_wait({name, "1s"}, {});
}

bool is_name_of_a_quota(std::string_view name) {
    return http::same_name(name, "ratelimit") || http::same_name(name, "ratelimit-policy") ||
           tells_a_quota({name, "1"}, {}, http::reset_unit::by_value);
}

bool seems_to_be_about_waiting(std::string_view name) {
    std::string lower{name};
    for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    constexpr std::array words = {"ratelimit", "rate-limit", "retry", "quota", "throttl"};
    return std::any_of(words.begin(), words.end(),
                       [&](const char* word) { return lower.find(word) != std::string::npos; });
}

bool is_advice(const http::field& f) {
    return http::same_name(f.name, "stripe-should-retry") ||
           http::same_name(f.name, "x-should-retry");
}

bool is_from_a_cache(const http::response_view& response) {
    if (http::find_field(response.fields, "age") == nullptr) return false;
    std::vector<http::field> fields{response.fields.begin(), response.fields.end()};
    fields.push_back({"RateLimit-Remaining", "1"});
    return http::read_quotas(fields, {}).empty();
}

}  // namespace

std::vector<unread_field> unread_fields(const inspection& found,
                                        const http::response_view& response,
                                        std::optional<bide::wall_time> now) {
    const auto base = base_of(found.reading, now);
    const auto unit = found.provider->reset_unit;
    const bool cached = is_from_a_cache(response);
    const auto why = [&](const http::field& f) -> std::string_view {
        const sys_seconds any_time{};
        if (http::same_name(f.name, "date"))
            return found.reading.date ? "" : "no valid date; the time of arrival is used instead";
        if (is_name_of_a_wait(f.name)) {
            if (asks_for_a_wait(f, base))
                return response.status < 300 && !found.reading.hint
                           ? "on a success it means nothing: several servers send it all the time"
                           : "";
            return asks_for_a_wait(f, any_time) ? no_clock : not_understood;
        }
        if (tells_a_quota(f, base, unit))
            return cached ? "from a cache (Age), so it was said to somebody else" : "";
        if (is_name_of_a_quota(f.name))
            return tells_a_quota(f, any_time, unit) ? no_clock : not_understood;
        if (is_advice(f))
            return http::advice_of(std::span{&f, 1}) == http::advice::none ? not_understood : "";
        return seems_to_be_about_waiting(f.name) ? "no name of a wait or a quota that we know" : "";
    };
    std::vector<unread_field> all;
    for (const auto& f : response.fields)
        if (const auto reason = why(f); !reason.empty()) all.push_back({&f, reason});
    return all;
}

}  // namespace inspector
