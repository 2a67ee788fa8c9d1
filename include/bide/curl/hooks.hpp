// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_HOOKS_HPP
#define BIDE_CURL_HOOKS_HPP

#include <bide/http/profile.hpp>
#include <bide/http/profiles.hpp>
#include <bide/http/read.hpp>
#include <bide/http/request.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// What `perform(CURL*, …)` has to be told about a handle that you set up yourself: libcurl cannot
/// read its options back.
struct hooks {
    /// What the handle is set to send, e.g. "GET". Empty: nothing is promised, so an ambiguous try
    /// is not repeated. It is compared with what libcurl is about to send; a difference is an
    /// error, unsent.
    std::string_view method{};
    /// The caller's word that the request may be repeated although it may have been acted on.
    bool idempotent = false;
    /// The request carries an idempotency key in the header that `profile` names.
    bool has_key = false;
    /// Since the key was first sent, if that was before this operation; >= 0.
    timespan key_age = duration::zero();
    /// What is known of the provider; must outlive the operation.
    const http::profile* profile = &http::profiles::generic;
    /// What reads the responses; as in `request`. Of your own handle it sees no body but `body`.
    http::reader read = &http::read;
    /// Where your WRITEFUNCTION puts the body, so that it can be read; must outlive the operation.
    /// It is looked at after each answered try, so it must be empty before the first, and `reset`
    /// has to empty it. Null: not to be read.
    const std::string* body = nullptr;
    /// As in `request`.
    timespan reuse_within = std::chrono::seconds{2};

    /// Your CURLOPT_PREREQFUNCTION and -DATA, because the library needs that place: called each
    /// time that libcurl is about to send, after the library has agreed. It may throw.
    curl_prereq_callback prereq = nullptr;
    void* prereq_data = nullptr;

    /// Called before each retry: forget what your WRITEFUNCTION and HEADERFUNCTION were given,
    /// rewind what your READFUNCTION reads. Without it a try that wrote a byte of its response is
    /// the last. It may throw; that is the failure of the next try, as `not_sent`.
    ///
    /// Also the place to change what a retry sends, such as a header field with the number of the
    /// try: `request::attempt_header` is not for your own handle, whose CURLOPT_HTTPHEADER is
    /// yours.
    std::function<void()> reset{};
};

/// What `bide/http` has to know of the request.
[[nodiscard]] inline http::request_traits traits_of(const hooks& h) noexcept {
    return {
        .method = h.method, .idempotent = h.idempotent, .has_key = h.has_key, .key_age = h.key_age};
}

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_HOOKS_HPP
