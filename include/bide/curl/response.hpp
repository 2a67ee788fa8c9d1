// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_RESPONSE_HPP
#define BIDE_CURL_RESPONSE_HPP

#include <bide/curl/request.hpp>
#include <bide/http/field.hpp>
#include <bide/http/quota_fields.hpp>
#include <bide/http/reset_value.hpp>
#include <bide/http/response.hpp>
#include <bide/quota.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// Where the time of one try went, from its beginning; zero for what was not reached or not needed.
struct timings {
    duration connected{};   ///< The connection stood, TLS included; zero for a reused one.
    duration first_byte{};  ///< The response began.
    duration total{};
};

namespace detail {

/// Views into `headers`, as `bide/http` reads them.
inline std::vector<http::field> fields_of(const std::vector<header>& headers) {
    std::vector<http::field> fields;
    fields.reserve(headers.size());
    for (const auto& h : headers) fields.push_back({h.name, h.value});
    return fields;
}

}  // namespace detail

/// What one try came to: an answer, or how it failed.
struct response {
    int status = 0;  ///< The HTTP status of the final response; 0 if none was received.
    /// Of the final response alone: not of interim ones, redirects, proxies or trailers.
    std::vector<header> headers{};
    /// As far as it was received; see `code`. Empty with your own handle, and of a success with
    /// `request::download`.
    std::string body{};
    CURLcode code = CURLE_OK;
    /// For people, empty without an error. May name hosts and addresses; never goes into events or
    /// `explain()`.
    std::string error{};
    /// What `request::upload` or `request::download` threw meanwhile; null if neither did.
    std::exception_ptr thrown{};
    int sends =
        0;  ///< How often libcurl began to send the request; more than 1 after its own resends.
    timings time{};
    wall_time received{};  ///< When the try ended.
    /// As the profile has it.
    http::reset_unit reset_unit = http::reset_unit::by_value;
    bide::finding found{};

    /// Makes the response self-describing: the default classifier asks it.
    [[nodiscard]] bide::finding what_happened() const noexcept { return found; }

    /// What the response told of the server's limits, also a success; the texts are views into
    /// `headers`. Read anew in each call, in less than a microsecond for a usual response.
    [[nodiscard]] bide::quotas quotas() const {
        const auto fields = detail::fields_of(headers);
        const auto now = std::chrono::floor<std::chrono::seconds>(received);
        const auto date = http::date_of({.status = status, .fields = fields}, now);
        return http::read_quotas(fields, date.value_or(now), reset_unit);
    }

    /// The first header field of that name, null if there is none. Upper and lower case do not
    /// differ.
    [[nodiscard]] const std::string* find(std::string_view name) const noexcept {
        for (const auto& h : headers)
            if (http::same_name(h.name, name)) return &h.value;
        return nullptr;
    }
};
static_assert(self_describing<response>);

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_RESPONSE_HPP
