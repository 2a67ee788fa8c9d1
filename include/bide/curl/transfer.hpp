// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_TRANSFER_HPP
#define BIDE_CURL_TRANSFER_HPP

#include <bide/curl/code.hpp>
#include <bide/curl/detail/header_list.hpp>
#include <bide/curl/detail/options.hpp>
#include <bide/curl/exchange.hpp>
#include <bide/curl/guard.hpp>
#include <bide/curl/hooks.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/retry/mark.hpp>
#include <bide/time.hpp>

#include <exception>
#include <stdexcept>
#include <string_view>

#include <curl/curl.h>

namespace bide::inline v1::curl {

namespace detail {

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
    exchange e{easy, r, how};
    const auto code = curl_easy_perform(easy);
    return e.finish(code, world.wall());
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
