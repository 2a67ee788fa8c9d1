// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_REQUEST_HPP
#define BIDE_CURL_REQUEST_HPP

#include <bide/http/field.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/profiles.hpp>
#include <bide/http/read.hpp>
#include <bide/http/request.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// A header field that keeps its own text.
struct header {
    std::string name{};
    std::string value{};
};

/// What to send: a value that every try sends again byte by byte, `attempt_header` aside.
///
/// HTTP/1.1 for what must not be repeated; redirects are not followed, so nothing in `headers`
/// reaches another host; only http and https. Nothing is added to `headers` but what libcurl needs
/// (Host, Accept, Content-Length), the idempotency key and `attempt_header`: without a Content-Type
/// none is sent, and never `Expect: 100-continue`, which makes a server that does not know it wait
/// a second.
struct request {
    std::string url{};
    std::string method = "GET";
    std::vector<header> headers{};
    std::string body{};

    /// Sent in the header that `profile` names, the same in every try, so that the provider does
    /// the operation once. Made and stored by the caller before the first try. Empty: none.
    std::string idempotency_key{};
    /// Since the key was first sent, if that was before this operation; >= 0.
    timespan key_age = duration::zero();
    /// The caller's word that the request may be repeated although it may have been acted on.
    bool idempotent = false;
    /// Name of a header field that carries the number of the try, 1 in the first, for instance
    /// "X-Attempt"; for servers that log retries or limit them. Empty: none is sent.
    std::string attempt_header{};
    /// What is known of the provider; must outlive the operation.
    const http::profile* profile = &http::profiles::generic;
    /// What reads the responses. `&bide::json::read` reads their bodies, too, which a profile that
    /// is `told_by_body` needs.
    http::reader read = &http::read;

    /// A request that must not be repeated uses a pooled connection only if that was in use less
    /// than this long ago, counted down to whole seconds; under 2 s it always connects anew.
    /// Servers close idle connections, and of a request on a dead one nobody can say what became of
    /// it.
    timespan reuse_within = std::chrono::seconds{2};
    std::size_t max_body = std::size_t{1} << 20;  ///< Bytes of the response's body, decoded.
    std::size_t max_header_bytes = std::size_t{64}
                                   << 10;  ///< Bytes of the response's header block.

    /// Sets further options (CA file, proxy, HTTP version, credentials) before each try; what the
    /// library owns is set after it, see `bide/curl/transfer.hpp`. An exception is the try's
    /// failure, as `not_sent`.
    std::function<void(CURL*)> setup{};
};

/// What `bide/http` has to know of the request.
[[nodiscard]] inline http::request_traits traits_of(const request& r) noexcept {
    auto has_key = !r.idempotency_key.empty();
    for (const auto& h : r.headers)
        has_key = has_key ||
                  (http::same_name(h.name, r.profile->key_header) && !http::trim(h.value).empty());
    return {
        .method = r.method, .idempotent = r.idempotent, .has_key = has_key, .key_age = r.key_age};
}

/// May the request be sent again although it may have been acted on?
[[nodiscard]] inline bool is_idempotent(const request& r) noexcept {
    return http::is_idempotent(traits_of(r), *r.profile);
}

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_REQUEST_HPP
