// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_CODE_HPP
#define BIDE_CURL_CODE_HPP

#include <bide/curl/response.hpp>
#include <bide/http/read.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <array>
#include <string_view>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// What was seen of a try besides libcurl's code, which alone proves nothing: "could not connect"
/// is also what a second, hidden send may come to after the first was read.
struct evidence {
    /// libcurl began to send (PREREQ was called) and a byte went out (CURLINFO_REQUEST_SIZE > 0).
    /// The latter counts a proxy's CONNECT too, so it errs to the careful side.
    bool sent = false;
    /// The header block of a final response to the last send is there as a whole.
    bool answered = false;
    /// We did not let libcurl send the request a second time.
    bool vetoed = false;
    /// The body of that response as far as it was received and is ours to see.
    std::string_view body{};
};

/// A code after which the same request fails again.
struct permanent_code {
    CURLcode code;
    bool once_sent = true;  ///< Also if the request went out.
};

/// The one table of codes. What is not in it is transient; how certain it is comes from the
/// evidence, so a code that nobody knows never means "safe".
inline constexpr auto permanent_codes = std::to_array<permanent_code>({
    // Unsent: the scheme. Sent: the reply was not HTTP, which may pass.
    {CURLE_UNSUPPORTED_PROTOCOL, false},

    // Program, options, build.
    {CURLE_FAILED_INIT},
    {CURLE_URL_MALFORMAT},
    {CURLE_NOT_BUILT_IN},
    {CURLE_REMOTE_ACCESS_DENIED},  // in HTTP: Basic authentication could not be written
    {CURLE_UPLOAD_FAILED},         // in HTTP: a chunked upload to an HTTP/1.0 server
    {CURLE_BAD_FUNCTION_ARGUMENT},
    {CURLE_INTERFACE_FAILED},
    {CURLE_UNKNOWN_OPTION},
    {CURLE_SETOPT_OPTION_SYNTAX},
    {CURLE_RECURSIVE_API_CALL},
    {CURLE_OUT_OF_MEMORY},

    // A callback said no: the caller's stop, our limits, a body that cannot be read again.
    {CURLE_WRITE_ERROR},
    {CURLE_READ_ERROR},
    {CURLE_ABORTED_BY_CALLBACK},
    {CURLE_FILESIZE_EXCEEDED},

    // Trust and keys. Never again, and never a fallback to something insecure.
    {CURLE_SSL_ENGINE_NOTFOUND},
    {CURLE_SSL_ENGINE_SETFAILED},
    {CURLE_SSL_ENGINE_INITFAILED},
    {CURLE_SSL_CERTPROBLEM},
    {CURLE_SSL_CIPHER},
    {CURLE_PEER_FAILED_VERIFICATION},
    {CURLE_SSL_CACERT_BADFILE},
    {CURLE_SSL_CRL_BADFILE},
    {CURLE_SSL_ISSUER_ERROR},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH},
    {CURLE_SSL_INVALIDCERTSTATUS},
    {CURLE_SSL_CLIENTCERT},
    {CURLE_LOGIN_DENIED},
    {CURLE_AUTH_ERROR},

    // An answer, but one that will be the same next time.
    {CURLE_TOO_MANY_REDIRECTS},
    {CURLE_BAD_CONTENT_ENCODING},
    {CURLE_RANGE_ERROR},
    {CURLE_BAD_DOWNLOAD_RESUME},
});

/// What a code means for a try that got no answer.
[[nodiscard]] constexpr finding of_code(CURLcode code, bool sent) noexcept {
    auto v = verdict::transient;
    for (const auto& p : permanent_codes)
        if (p.code == code && (!sent || p.once_sent)) v = verdict::permanent;
    return {.verdict = v,
            .certainty = sent ? certainty::ambiguous : certainty::not_sent,
            .error = static_cast<int>(code)};
}

/// What happened to a try: by the response where there is a whole one, else by code and evidence.
///
/// A failure after the header block of a 2xx (body cut off, too large, not decodable) is ambiguous:
/// the request was accepted, but what the caller was to learn of it is lost. Other statuses say all
/// that is needed in their header; a body that was cut off is no JSON. CURLINFO_RETRY_AFTER is not
/// used: it cannot tell 0 from absent or garbage, it was negative before 8.12 and silently has a
/// ceiling since.
[[nodiscard]] inline finding judge(const response& r, const evidence& seen,
                                   const http::request_traits& traits, const http::profile& profile,
                                   wall_time now, http::reader read = &http::read) {
    if (seen.answered && !seen.vetoed && (r.code == CURLE_OK || r.status >= 300)) {
        if (read == &http::read && http::is_plain_success(r.status, profile)) {
            auto found = succeeded;
            found.status = r.status;
            return found;
        }
        const auto fields = detail::fields_of(r.headers);
        auto found =
            read({.status = r.status, .fields = fields, .body = seen.body}, traits, profile, now)
                .finding;
        found.error = static_cast<int>(r.code);
        if (r.code == CURLE_ABORTED_BY_CALLBACK)
            found.verdict = verdict::permanent;  // the caller's stop
        return found;
    }
    auto found = of_code(r.code, seen.sent);
    if (seen.vetoed) found.verdict = verdict::transient;
    found.status = r.status;
    return found;
}

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_CODE_HPP
