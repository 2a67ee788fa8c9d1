// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_TRANSFER_HPP
#define BIDE_CURL_TRANSFER_HPP

#include <bide/curl/code.hpp>
#include <bide/curl/detail/header_list.hpp>
#include <bide/curl/detail/options.hpp>
#include <bide/curl/detail/receiver.hpp>
#include <bide/curl/guard.hpp>
#include <bide/curl/hooks.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/retry/mark.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string_view>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// How one try is made. `transfer` makes it, without any thought of another.
///
/// | option                                    | of a `request`        | of your own handle    |
/// |-------------------------------------------|-----------------------|-----------------------|
/// | PREREQFUNCTION, PREREQDATA                | owned                 | owned, see `hooks`    |
/// | TIMEOUT_MS, CONNECTTIMEOUT_MS             | owned: the policy's   | owned: the policy's   |
/// | NOSIGNAL                                  | owned: 1              | owned: 1              |
/// | FRESH_CONNECT, MAXAGE_CONN                | owned: `reuse_within` | owned: `reuse_within` |
/// | URL, HTTPGET, NOBODY, POST, CUSTOMREQUEST | owned                 | yours                 |
/// | POSTFIELDS, POSTFIELDSIZE, HTTPHEADER     | owned                 | yours                 |
/// | WRITE-, HEADERFUNCTION and their data     | owned                 | yours                 |
/// | ERRORBUFFER                               | owned                 | yours                 |
/// | FAILONERROR 0, SUPPRESS_CONNECT_HEADERS 1 | owned                 | yours                 |
/// | HTTP_VERSION 1.1 if not repeatable        | before `setup`        | yours                 |
/// | PROTOCOLS_STR "http,https"                | before `setup`        | yours                 |
/// | all others                                | libcurl's defaults    | yours                 |
///
/// libcurl cannot tell what an option was, so those owned on your handle have libcurl's defaults
/// after each try, also if a callback throws.
struct try_options {
    allowance time{};          ///< How long it may take.
    bool repeatable = false;   ///< It may be sent again although it may have been acted on.
    bool fresh = false;        ///< On a new connection.
    std::uint64_t number = 1;  ///< Which try it is, for `request::attempt_header`.
};

namespace detail {

inline duration spent(CURL* easy, CURLINFO what) noexcept {
    curl_off_t us = 0;
    curl_easy_getinfo(easy, what, &us);
    return std::chrono::microseconds{us};
}

inline timings timings_of(CURL* easy) noexcept {
    return {.connected = bide::detail::larger(spent(easy, CURLINFO_CONNECT_TIME_T),
                                              spent(easy, CURLINFO_APPCONNECT_TIME_T)),
            .first_byte = spent(easy, CURLINFO_STARTTRANSFER_TIME_T),
            .total = spent(easy, CURLINFO_TOTAL_TIME_T)};
}

/// Throws on what the user's callback threw. That was before the send, so by the word of `perform`
/// the try was not sent; if it was before a later one, after a redirect, it is nested in a marked
/// exception.
inline void rethrow(const send_guard& guard) {
    if (!guard.thrown()) return;
    if (!guard.sent()) std::rethrow_exception(guard.thrown());
    try {
        std::rethrow_exception(guard.thrown());
    } catch (...) {
        std::throw_with_nested(
            ambiguous(std::runtime_error{"bide::curl: hooks.prereq threw before a later send"}));
    }
}

/// The text for people, from the most exact source that there is.
inline void describe(response& to, const send_guard& guard, const char* ours,
                     const char* libcurls) {
    if (guard.vetoed())
        to.error =
            "the connection died before a reply, and libcurl was kept from sending the request "
            "again, "
            "because the server may have acted on it";
    else if (ours != nullptr)
        to.error = ours;
    else if (to.code != CURLE_OK)
        to.error =
            libcurls != nullptr && *libcurls != '\0' ? libcurls : curl_easy_strerror(to.code);
}

/// What the user's callback was given of a failed try cannot be taken back but by him.
inline void end_without_reset(response& r, const hooks& h, curl_off_t received) {
    if (received == 0 || h.reset || r.found.verdict == verdict::success) return;
    r.found.verdict = verdict::permanent;
    if (r.error.empty())
        r.error = "a part of the response was delivered, and hooks.reset is missing";
}

}  // namespace detail

/// Makes one try of a request on a handle that is reset, and is again afterwards.
/// `world` tells the wall clock, for responses without a date.
template <class World>
[[nodiscard]] response transfer(CURL* easy, const request& r, const try_options& how,
                                World&& world) {
    response result;
    std::array<char, CURL_ERROR_SIZE> error{};
    detail::receiver receiver{result, {.body = r.max_body, .header_bytes = r.max_header_bytes}};
    const detail::header_list headers{r, how.number};
    const detail::reset_at_end reset{easy};

    detail::set_defaults(easy, how.repeatable);
    if (r.setup) r.setup(easy);
    detail::set(easy, CURLOPT_URL, r.url.c_str());
    detail::set_method(easy, r);
    detail::set(easy, CURLOPT_HTTPHEADER, headers.get());
    detail::set(easy, CURLOPT_FAILONERROR, 0L);
    detail::set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    detail::set(easy, CURLOPT_ERRORBUFFER, error.data());
    detail::set_times(easy, how.time);
    limit_reuse(easy, {.repeatable = how.repeatable, .fresh = how.fresh, .within = r.reuse_within});
    receiver.listen(easy);
    const send_guard guard{easy, {.repeatable = how.repeatable}};

    result.code = curl_easy_perform(easy);
    if (receiver.out_of_memory()) result.code = CURLE_OUT_OF_MEMORY;
    const auto headed = receiver.headed() && guard.last_send_replied();
    const auto* cut_off = result.code == CURLE_OK && guard.sends() > 0 && !headed
                              ? "the connection was closed within the response's header"
                              : nullptr;
    result.sends = guard.sends();
    result.time = detail::timings_of(easy);
    result.received = world.wall();
    result.reset_unit = r.profile->reset_unit;
    detail::describe(result, guard, receiver.refusal() != nullptr ? receiver.refusal() : cut_off,
                     error.data());
    result.found = judge(
        result,
        {.sent = guard.sent(), .answered = headed, .vetoed = guard.vetoed(), .body = result.body},
        traits_of(r), *r.profile, result.received, r.read);
    return result;
}

/// Makes one try with a handle that the user set up.
///
/// Whether the header block of the response is whole cannot be known here, since that place is the
/// user's: libcurl reports success for one that was cut off.
template <class World>
[[nodiscard]] response transfer(CURL* easy, const hooks& h, const try_options& how, World&& world) {
    response result;
    const detail::lent_handle lent{easy};
    detail::set_times(easy, how.time);
    limit_reuse(easy, {.repeatable = how.repeatable, .fresh = how.fresh, .within = h.reuse_within});
    const send_guard guard{easy,
                           {.repeatable = how.repeatable,
                            .method = h.method,
                            .chained = h.prereq,
                            .chained_data = h.prereq_data}};

    result.code = curl_easy_perform(easy);
    detail::rethrow(guard);
    const auto replied = guard.last_send_replied();
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (replied && (status < 100 || status > 199)) {
        result.status = static_cast<int>(status);
        result.headers = detail::kept_headers(easy);
    }
    result.sends = guard.sends();
    result.time = detail::timings_of(easy);
    result.received = world.wall();
    result.reset_unit = h.profile->reset_unit;
    detail::describe(result, guard, nullptr, nullptr);
    const auto answered = result.status != 0 || (replied && result.code == CURLE_OK);
    curl_off_t received = 0;
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &received);
    // Without a byte, what stands there is of an earlier response.
    const auto body =
        h.body != nullptr && received > 0 ? std::string_view{*h.body} : std::string_view{};
    result.found =
        judge(result,
              {.sent = guard.sent(), .answered = answered, .vetoed = guard.vetoed(), .body = body},
              traits_of(h), *h.profile, result.received, h.read);
    detail::end_without_reset(result, h, received);
    return result;
}

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_TRANSFER_HPP
