// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_CHECK_HPP
#define BIDE_CURL_DETAIL_CHECK_HPP

#include <bide/curl/detail/plain_url.hpp>
#include <bide/curl/detail/shown.hpp>
#include <bide/curl/request.hpp>
#include <bide/detail/invalid.hpp>
#include <bide/http/field.hpp>
#include <bide/http/idempotency_key.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/read.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include <curl/curl.h>

/// Checks before the first try. Messages name the field.
namespace bide::inline v1::curl::detail {

[[noreturn]] inline void refuse(const std::string& what) {
    throw std::invalid_argument{"bide::curl::request: " + what};
}

inline void check_url(const std::string& url) {
    if (is_plain_url(url)) return;
    if (url.empty()) refuse("url must not be empty");
    const auto plain = url.find('\0') == std::string::npos;
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed{curl_url(), &curl_url_cleanup};
    if (!parsed) throw std::bad_alloc{};
    char* text = nullptr;
    auto known = plain && curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
                 curl_url_get(parsed.get(), CURLUPART_SCHEME, &text, 0) == CURLUE_OK;
    if (known) known = std::string_view{text} == "http" || std::string_view{text} == "https";
    curl_free(text);
    if (!known) refuse("url must be an absolute http or https URL, got " + shown_url(url));
}

/// `what` says whose name it is.
inline void check_name(const char* what, std::string_view name) {
    if (!is_token(name))
        refuse(what + std::string{" must be of letters, digits and !#$%&'*+-.^_`|~, got \""} +
               shown_name(name) + "\"");
}

inline bool is_libcurls(std::string_view name) noexcept {
    return http::same_name(name, "Content-Length") || http::same_name(name, "Transfer-Encoding");
}

inline void check_header(const header& h) {
    check_name("the name of a header", h.name);
    const auto holds = [&h](char c) { return h.value.find(c) != std::string::npos; };
    if (holds('\r') || holds('\n') || holds('\0'))
        refuse("the value of header " + h.name + " must not hold CR, LF or NUL");
    if (is_libcurls(h.name))
        refuse("header " + h.name + " must be left to libcurl, which knows the body");
}

/// A server must not take the number for something else, least of all for an idempotency key.
inline void check_attempt_header(const request& r) {
    const auto& name = r.attempt_header;
    if (name.empty()) return;
    check_name("attempt_header", name);
    if (is_libcurls(name) || http::same_name(name, r.profile->key_header))
        refuse(
            "attempt_header must not be Content-Length, Transfer-Encoding or the profile's "
            "key_header, got " +
            name);
    for (const auto& h : r.headers)
        if (http::same_name(h.name, name))
            refuse("header " + h.name + " must not be given beside attempt_header");
}

inline void check_key(const request& r) {
    const auto& p = *r.profile;
    if (r.idempotency_key.empty()) return;
    // A key that nobody honours is a false safety, so it is not just ignored.
    if (p.key_header.empty() || p.key_life.get() <= duration::zero())
        refuse("idempotency_key must be empty with profile " + std::string{p.name} +
               ", which honours none");
    if (!http::is_valid_key(r.idempotency_key))
        refuse("idempotency_key must be 1 to 255 visible ASCII characters other than \" and \\");
    if (!http::is_valid_key(r.idempotency_key, p))
        refuse("idempotency_key must be of letters, digits and " + std::string{p.key_punctuation} +
               " with profile " + std::string{p.name});
    for (const auto& h : r.headers)
        if (http::same_name(h.name, p.key_header))
            refuse("header " + h.name + " must not be given beside idempotency_key");
}

/// Who does not read bodies would take a refusal for a success, or never know of one. `type` is for
/// the message.
inline void check_reader(const std::string& type, http::reader read, const http::profile& p) {
    if (read == nullptr) throw std::invalid_argument{type + ": read must not be null"};
    if (p.told_by_body && read == &http::read)
        throw std::invalid_argument{
            type + ": read must be a reader of bodies such as &bide::json::read with profile " +
            std::string{p.name} + ", whose refusals may come as a 2xx, got &bide::http::read"};
}

inline void check_upload(const request& r) {
    const auto& from = r.upload;
    constexpr std::uint64_t most = (std::numeric_limits<curl_off_t>::max)();
    if (from.size && !from.open) refuse("upload.open must be given beside upload.size");
    if (from.open && !r.body.empty()) refuse("body must be empty beside upload");
    if (from.size && *from.size > most)
        refuse("upload.size must be <= " + std::to_string(most) + ", got " +
               std::to_string(*from.size));
}

/// What goes past the reader is no longer there to be read.
inline void check_download(const request& r) {
    if (!r.download.take) return;
    const auto tells = [](const http::body_rule& rule) {
        return rule.first <= 299 && rule.last >= 200;
    };
    if (r.profile->told_by_body || std::ranges::any_of(r.profile->body_rules, tells))
        refuse("download must be empty with profile " + std::string{r.profile->name} +
               ", which reads the bodies of successes");
}

/// What the request's and the hooks' durations have in common; `type` is for the message.
inline void check_times(const char* key_age, duration age, const char* reuse_within,
                        duration within) {
    if (age < duration::zero()) bide::detail::invalid(key_age, ">= 0", age);
    if (within < duration::zero()) bide::detail::invalid(reuse_within, ">= 0", within);
}

/// @throws std::invalid_argument
inline void check(const request& r) {
    check_url(r.url);
    if (!is_token(r.method) || r.method == "CONNECT")
        refuse("method must be a name such as GET or POST, got \"" + shown_name(r.method) + "\"");
    if (r.method == "HEAD" && (!r.body.empty() || r.upload.open))
        refuse("body and upload must be empty with method HEAD");
    if (r.profile == nullptr) refuse("profile must not be null");
    check_reader("bide::curl::request", r.read, *r.profile);
    for (const auto& h : r.headers) check_header(h);
    check_key(r);
    check_attempt_header(r);
    check_upload(r);
    check_download(r);
    check_times("curl::request: key_age", r.key_age, "curl::request: reuse_within", r.reuse_within);
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_CHECK_HPP
