// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_RESPONSE_HPP
#define BIDE_CURL_RESPONSE_HPP

#include <bide/curl/request.hpp>
#include <bide/http/field.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

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

/// What one try came to: an answer, or how it failed.
struct response {
    int status = 0;  ///< The HTTP status of the final response; 0 if none was received.
    /// Of the final response alone: not of interim ones, redirects, proxies or trailers.
    std::vector<header> headers{};
    std::string body{};  ///< As far as it was received; see `code`. Empty with your own handle.
    CURLcode code = CURLE_OK;
    /// For people, empty without an error. May name hosts and addresses; never goes into events or
    /// `explain()`.
    std::string error{};
    int sends =
        0;  ///< How often libcurl began to send the request; more than 1 after its own resends.
    timings time{};
    bide::finding found{};

    /// Makes the response self-describing: the default classifier asks it.
    [[nodiscard]] bide::finding what_happened() const noexcept { return found; }

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
