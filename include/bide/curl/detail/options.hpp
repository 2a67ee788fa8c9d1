// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_OPTIONS_HPP
#define BIDE_CURL_DETAIL_OPTIONS_HPP

#include <bide/curl/handle.hpp>
#include <bide/curl/request.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// Upward and at least 1, because 0 means "no limit" to libcurl; at most what its int holds, 24
/// days.
inline long to_ms(duration d) noexcept {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(d).count();
    return static_cast<long>(std::clamp<long long>(ms, 1, (std::numeric_limits<int>::max)()));
}

inline void set_times(CURL* easy, const allowance& time) {
    set(easy, CURLOPT_NOSIGNAL, 1L);  // timeouts by signals are not for programs with threads
    set(easy, CURLOPT_TIMEOUT_MS, to_ms(time.whole));
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, to_ms(time.connect));
}

/// Of a body that is there POSTFIELDS: libcurl reads it where it lies, and can do so again.
inline void set_method(CURL* easy, const request& r) {
    const auto announces_body = r.method == "POST" || r.method == "PUT" || r.method == "PATCH";
    const auto streams = static_cast<bool>(r.upload.open);
    const auto posts = announces_body || !r.body.empty() || streams;
    if (posts) {
        const auto size = streams ? r.upload.size : std::uint64_t{r.body.size()};
        set(easy, CURLOPT_POST, 1L);
        set(easy, CURLOPT_POSTFIELDS, streams ? nullptr : r.body.c_str());
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, size ? static_cast<curl_off_t>(*size) : -1);
    } else if (r.method == "HEAD") {
        set(easy, CURLOPT_NOBODY, 1L);
    } else {
        set(easy, CURLOPT_HTTPGET, 1L);
    }
    const auto by_itself = posts ? r.method == "POST" : r.method == "GET" || r.method == "HEAD";
    const char* custom = by_itself ? nullptr : r.method.c_str();
    set(easy, CURLOPT_CUSTOMREQUEST, custom);
}

/// What `setup` may change.
inline void set_defaults(CURL* easy, bool repeatable) {
#if LIBCURL_VERSION_NUM >= 0x075500
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    set(easy, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    // In HTTP/2 a stream that was refused, safe to repeat, cannot be told from one that failed.
    if (!repeatable) set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
}

/// Gives the options that we own on another's handle back, as libcurl has them by default.
class lent_handle {
public:
    explicit lent_handle(CURL* easy) noexcept : easy_{easy} {}
    lent_handle(const lent_handle&) = delete;
    lent_handle& operator=(const lent_handle&) = delete;
    ~lent_handle() {
        curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 0L);
        curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, 0L);
        curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, 0L);  // 0 is the default of 300 s
        curl_easy_setopt(easy_, CURLOPT_FRESH_CONNECT, 0L);
        curl_easy_setopt(easy_, CURLOPT_MAXAGE_CONN, 118L);
    }

private:
    CURL* easy_;
};

/// Takes everything out of a handle that points to what dies with the try.
class reset_at_end {
public:
    explicit reset_at_end(CURL* easy) noexcept : easy_{easy} {}
    reset_at_end(const reset_at_end&) = delete;
    reset_at_end& operator=(const reset_at_end&) = delete;
    ~reset_at_end() { curl_easy_reset(easy_); }

private:
    CURL* easy_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_OPTIONS_HPP
