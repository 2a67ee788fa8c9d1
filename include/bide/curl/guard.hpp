// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_GUARD_HPP
#define BIDE_CURL_GUARD_HPP

#include <bide/curl/handle.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// Counts how often libcurl sends a request during one transfer, and keeps it from sending one
/// again that must not be repeated.
///
/// libcurl repeats any request, POST too, when a reused connection dies before the reply, up to
/// five times, and no option forbids it (lib/transfer.c, Curl_retry_request; curl#18417). It calls
/// CURLOPT_PREREQFUNCTION before each send; a call without a redirect or an authentication round
/// since the last (CURLINFO_REDIRECT_COUNT) is such a repetition, harmless only if no byte went out
/// meanwhile (CURLINFO_REQUEST_SIZE). After a veto nobody can know what the server did, so
/// `limit_reuse` comes first.
///
/// Owns PREREQFUNCTION and PREREQDATA for its lifetime and sets them to libcurl's defaults at its
/// end.
class send_guard {
public:
    struct options {
        bool repeatable = false;                 ///< Nothing is vetoed, only counted.
        std::string_view method{};               ///< If given, what libcurl must be about to send.
        curl_prereq_callback chained = nullptr;  ///< Asked after us; may throw.
        void* chained_data = nullptr;
    };

    send_guard(CURL* easy, const options& o) : easy_{easy}, options_{o} {
        detail::set(easy_, CURLOPT_PREREQDATA, static_cast<void*>(this));
        detail::set(easy_, CURLOPT_PREREQFUNCTION, &send_guard::about_to_send);
    }
    send_guard(const send_guard&) = delete;
    send_guard& operator=(const send_guard&) = delete;
    ~send_guard() {
        curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, nullptr);
        curl_easy_setopt(easy_, CURLOPT_PREREQDATA, nullptr);
    }

    /// Sends that were begun.
    [[nodiscard]] int sends() const noexcept { return sends_; }
    [[nodiscard]] bool vetoed() const noexcept { return vetoed_; }
    /// What the chained callback threw.
    [[nodiscard]] const std::exception_ptr& thrown() const noexcept { return thrown_; }

    /// Has anything arrived since the last send, and is no further one due? If not, the status that
    /// libcurl reports belongs to an earlier hop. Asked after the transfer.
    [[nodiscard]] bool last_send_replied() const noexcept {
        return sends_ > 0 && number(CURLINFO_REDIRECT_COUNT) == redirects_ &&
               number(CURLINFO_HEADER_SIZE) > header_bytes_;
    }
    [[nodiscard]] bool sent() const noexcept {
        return sends_ > 0 && number(CURLINFO_REQUEST_SIZE) > 0;
    }

private:
    static int about_to_send(void* self, char* to, char* from, int to_port,
                             int from_port) noexcept {
        return static_cast<send_guard*>(self)->allow(to, from, to_port, from_port);
    }

    int allow(char* to, char* from, int to_port, int from_port) noexcept {
        const auto redirects = number(CURLINFO_REDIRECT_COUNT);
        const auto request_bytes = number(CURLINFO_REQUEST_SIZE);
        const auto resend =
            sends_ > 0 && redirects == redirects_ && request_bytes != request_bytes_;
        if (resend && !options_.repeatable) {
            vetoed_ = true;
            return CURL_PREREQFUNC_ABORT;
        }
        try {
            if (sends_ == 0) check_method();
            if (options_.chained != nullptr &&
                options_.chained(options_.chained_data, to, from, to_port, from_port) !=
                    CURL_PREREQFUNC_OK)
                return CURL_PREREQFUNC_ABORT;
        } catch (...) {
            thrown_ = std::current_exception();
            return CURL_PREREQFUNC_ABORT;
        }
        ++sends_;
        redirects_ = redirects;
        request_bytes_ = request_bytes;
        header_bytes_ = number(CURLINFO_HEADER_SIZE);
        return CURL_PREREQFUNC_OK;
    }

    void check_method() const {
        if (options_.method.empty()) return;
        const char* actual = nullptr;
        curl_easy_getinfo(easy_, CURLINFO_EFFECTIVE_METHOD, &actual);
        if (actual == nullptr || options_.method == actual) return;
        throw std::invalid_argument{"bide::curl::hooks: method must be what the handle sends, " +
                                    std::string{actual} + ", got " + std::string{options_.method}};
    }

    [[nodiscard]] long number(CURLINFO what) const noexcept {
        long value = 0;
        curl_easy_getinfo(easy_, what, &value);
        return value;
    }

    CURL* easy_;
    options options_;
    int sends_ = 0;
    bool vetoed_ = false;
    // As they were when the last send began.
    long redirects_ = 0;
    long request_bytes_ = 0;
    long header_bytes_ = 0;
    std::exception_ptr thrown_{};
};

/// Which connections a request may use.
struct reuse {
    bool repeatable = false;  ///< Any: libcurl may send it again.
    bool fresh = false;       ///< A new one, because the last one failed.
    duration within{};        ///< If not repeatable: one that was in use less than this long ago.
};

/// Sets CURLOPT_MAXAGE_CONN or CURLOPT_FRESH_CONNECT.
///
/// MAXAGE_CONN n admits a connection that was idle for n seconds, up to libcurl 8 for n seconds and
/// a fraction; 0 means "any" in new versions. So it is set one lower than the window, and never to
/// 0.
inline void limit_reuse(CURL* easy, const reuse& r) {
    const auto age = std::chrono::floor<std::chrono::seconds>(r.within).count() - 1;
    const auto fresh = r.fresh || (!r.repeatable && age < 1);
    detail::set(easy, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
    if (!r.repeatable && !fresh)
        detail::set(
            easy, CURLOPT_MAXAGE_CONN,
            static_cast<long>((std::min<long long>)(age, (std::numeric_limits<int>::max)())));
}

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_GUARD_HPP
