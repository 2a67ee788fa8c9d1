// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_EXCHANGE_HPP
#define BIDE_CURL_EXCHANGE_HPP

#include <bide/curl/code.hpp>
#include <bide/curl/detail/header_list.hpp>
#include <bide/curl/detail/options.hpp>
#include <bide/curl/detail/receiver.hpp>
#include <bide/curl/detail/uploader.hpp>
#include <bide/curl/guard.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// How one try is made. `exchange` makes it, without any thought of another.
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
/// | READ-, SEEKFUNCTION and their data        | owned with `upload`   | yours                 |
/// | ERRORBUFFER                               | owned                 | yours                 |
/// | FAILONERROR 0, SUPPRESS_CONNECT_HEADERS 1 | owned                 | yours                 |
/// | HTTP_VERSION 1.1 if not repeatable        | before `setup`        | yours                 |
/// | PROTOCOLS_STR "http,https"                | before `setup`        | yours                 |
/// | PRIVATE                                   | the driver's          | yours                 |
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

inline std::string text_of(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "what is no std::exception";
    }
}

}  // namespace detail

/// One try of a request, for whoever drives the handle: `transfer` does it with
/// `curl_easy_perform`, the asynchronous client with a multi handle.
///
/// libcurl points into the object and into the request until the object is gone, so both stay where
/// they are, and the request as it is. For one thread at a time.
class exchange {
public:
    /// Sets all options of a handle that is reset.
    ///
    /// What it throws was not sent: what `request::setup` and `request::upload.open` throw,
    /// std::bad_alloc, std::logic_error if libcurl does not know an option that is needed.
    exchange(CURL* easy, const request& r, const try_options& how)
        : easy_{easy},
          request_{&r},
          receiver_{result_, r},
          uploader_{r.upload},
          headers_{r, how.number},
          reset_{easy},
          guard_{with_options(how), {.repeatable = how.repeatable}} {}
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;
    /// Resets the handle, which is in no multi handle any more.
    ~exchange() = default;

    /// What came of it, as far as it went: `code` is libcurl's word, or CURLE_ABORTED_BY_CALLBACK
    /// if the driver took the handle out of its multi handle before the end. `now` serves responses
    /// without a date. Called once, after the handle has left its multi handle, and the last use of
    /// the object.
    [[nodiscard]] response finish(CURLcode code, wall_time now) {
        auto& r = result_;
        r.code = receiver_.out_of_memory() ? CURLE_OUT_OF_MEMORY : code;
        const auto headed = receiver_.headed() && guard_.last_send_replied();
        const auto* ours = receiver_.refusal();
        if (ours == nullptr && r.code == CURLE_OK && guard_.sends() > 0 && !headed)
            ours = "the connection was closed within the response's header";
        r.sends = guard_.sends();
        r.time = detail::timings_of(easy_);
        r.received = now;
        r.reset_unit = request_->profile->reset_unit;
        detail::describe(r, guard_, ours, error_.data());
        r.found = judge(
            r,
            {.sent = guard_.sent(), .answered = headed, .vetoed = guard_.vetoed(), .body = r.body},
            traits_of(*request_), *request_->profile, now, request_->read);
        if (uploader_.thrown()) blame_upload();
        if (r.thrown)
            r.error = (uploader_.thrown() ? "upload threw: " : "download threw: ") +
                      detail::text_of(r.thrown);
        return std::move(r);
    }

private:
    /// All but the guard's: that comes last, since `setup` must not take its place.
    CURL* with_options(const try_options& how) {
        const auto& r = *request_;
        detail::set_defaults(easy_, how.repeatable);
        if (r.setup) r.setup(easy_);
        detail::set(easy_, CURLOPT_URL, r.url.c_str());
        detail::set_method(easy_, r);
        detail::set(easy_, CURLOPT_HTTPHEADER, headers_.get());
        detail::set(easy_, CURLOPT_FAILONERROR, 0L);
        detail::set(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        detail::set(easy_, CURLOPT_ERRORBUFFER, error_.data());
        detail::set_times(easy_, how.time);
        limit_reuse(easy_,
                    {.repeatable = how.repeatable, .fresh = how.fresh, .within = r.reuse_within});
        receiver_.listen(easy_);
        uploader_.feed(easy_);
        return easy_;
    }

    /// It knows better what to do, and the transfer what became of the request.
    void blame_upload() {
        auto& r = result_;
        r.thrown = uploader_.thrown();
        const auto certainty = r.found.certainty;
        r.found = uploader_.failure();
        r.found.certainty = certainty;
        r.found.error = static_cast<int>(r.code);
    }

    CURL* easy_;
    const request* request_;
    response result_{};
    std::array<char, CURL_ERROR_SIZE> error_{};
    detail::receiver receiver_;
    detail::uploader uploader_;
    detail::header_list headers_;
    detail::reset_at_end reset_;  // after what it frees the handle from
    send_guard guard_;
};

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_EXCHANGE_HPP
