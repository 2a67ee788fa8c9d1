// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_METHOD_HPP
#define BIDE_HTTP_METHOD_HPP

#include <string_view>

namespace bide::inline v1::http {

/// Does the method only read? Names are case-sensitive (RFC 9110 9.1): `get` is unknown, and of an
/// unknown method nothing is promised. Source: RFC 9110 9.2.1.
[[nodiscard]] constexpr bool is_safe(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

/// Do several requests have the effect of one? True of the safe methods, PUT and DELETE.
/// Source: RFC 9110 9.2.2.
[[nodiscard]] constexpr bool is_idempotent(std::string_view method) noexcept {
    return is_safe(method) || method == "PUT" || method == "DELETE";
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_METHOD_HPP
