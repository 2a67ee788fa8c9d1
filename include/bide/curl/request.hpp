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
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// A header field that keeps its own text.
struct header {
    std::string name{};
    std::string value{};
};

/// Fills what it is given with the next bytes of a body and says how many they are; 0: the body has
/// ended.
using body_reader = std::function<std::size_t(std::span<char>)>;

/// A body that is made while it is sent, such as a file's content.
///
/// Both functions are called on the thread that makes the try, from within libcurl: all else that
/// this thread does waits for them, and they must not end the client that makes it. What they throw
/// is that try's failure, of the verdict that `default_classifier` has for it: `not_sent` out of
/// the first `open` of a try, `ambiguous` once a byte of the request went out, although the server
/// cannot have had all of it: it may act on what it got. `response::thrown` keeps the latter.
struct body_source {
    /// What Content-Length says; exactly so many bytes must come, else the try fails for good.
    /// Absent: not known before; in HTTP/1.1 it goes in chunks, which no server of HTTP/1.0 takes.
    std::optional<std::uint64_t> size{};
    /// Begins anew: each reader gives the same body from its first byte. Called at the beginning of
    /// each try, and within one when libcurl has to send again (authentication, a redirect, a
    /// connection that was dead).
    std::function<body_reader()> open{};
};

/// A piece of a response's body.
struct body_part {
    std::string_view data{};  ///< Decoded; valid during the call.
    /// The body begins: all that came before is void, for it is of a try that failed. Told in a
    /// call of its own, without data, and for an empty body, too.
    bool restart = false;
};

/// Takes the body of a success (2xx) while it is received. Others are collected in
/// `response::body`, since they are read by machines.
struct body_sink {
    /// Called as a `body_source` is. What it throws ends the operation as `unknown`, since the
    /// request was accepted, but what there was to learn of it is lost; see `response::thrown`.
    std::function<void(const body_part&)> take{};
    /// Bytes, decoded; a body that is larger ends the operation in the same way.
    std::uint64_t max_bytes = (std::numeric_limits<std::uint64_t>::max)();
};

/// What to send: a value that every try sends again byte by byte, `attempt_header` aside; with
/// `upload`, as far as that keeps its word.
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
    body_source upload{};  ///< Instead of `body`, if it has an `open`.
    /// Instead of `response::body`, if it has a `take`; not with a profile that has rules for the
    /// bodies of successes, which must be read to know what they are.
    body_sink download{};

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
    std::size_t max_body = std::size_t{1} << 20;  ///< Bytes of `response::body`, decoded.
    std::size_t max_header_bytes = std::size_t{64}
                                   << 10;  ///< Bytes of the response's header block.

    /// Sets further options (CA file, proxy, HTTP version, credentials) before each try; what the
    /// library owns is set after it, see `bide/curl/exchange.hpp`. An exception is the try's
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
