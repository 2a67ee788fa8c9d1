// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_REQUEST_HPP
#define BIDE_HTTP_REQUEST_HPP

#include <bide/http/field.hpp>
#include <bide/http/method.hpp>
#include <bide/http/profile.hpp>
#include <bide/time.hpp>

#include <span>
#include <string_view>

namespace bide::inline v1::http {

/// What must be known of a request to judge its response.
struct request_traits {
    std::string_view method{};
    bool idempotent = false;  ///< The caller's word, for example "buy this very number".
    bool has_key = false;     ///< It carries the idempotency header that the profile names.
    timespan key_age = duration::zero();  ///< Since the key was first sent.
};

/// Does one of the request's fields carry a key in the header that the provider honours?
[[nodiscard]] constexpr bool carries_key(std::span<const field> fields,
                                         const profile& provider) noexcept {
    if (provider.key_header.empty()) return false;
    const auto* f = find_field(fields, provider.key_header);
    return f != nullptr && !trim(f->value).empty();
}

/// Is the request protected by its key? A key that the provider has forgotten protects from
/// nothing: the same request with it is a new one.
[[nodiscard]] constexpr bool is_protected(const request_traits& request,
                                          const profile& provider) noexcept {
    return request.has_key && !provider.key_header.empty() &&
           request.key_age.get() < provider.key_life.get();
}

/// May the request be sent again although it may have been acted on? By its method, the caller's
/// word, or a key that protects it.
[[nodiscard]] constexpr bool is_idempotent(const request_traits& request,
                                           const profile& provider) noexcept {
    const auto by_method =
        is_idempotent(request.method) && !(provider.put_creates && request.method == "PUT");
    return request.idempotent || by_method || is_protected(request, provider);
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_REQUEST_HPP
