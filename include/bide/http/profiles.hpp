// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_PROFILES_HPP
#define BIDE_HTTP_PROFILES_HPP

#include <bide/http/profile.hpp>

#include <array>
#include <string_view>

/// The profiles that come with the library. A statement that is missing was not found documented,
/// and then the cautious reading of `status_table` applies.
namespace bide::inline v1::http::profiles {

/// Any HTTP API, of which nothing is known but HTTP: no key is honoured, a 503 may have acted, a
/// 4xx says nothing of the tries before it.
inline constexpr profile generic{.name = "generic"};

/// Vonage Messages API (api.nexmo.com/v1/messages). The older SMS API answers 200 and throttles in
/// the body; it is another profile.
///
/// - Throttled: 429 with problem+json, title "Rate Limit Hit", type ending "#rate-limit"; no
///   machine-readable wait. Source: developer.vonage.com/en/api-errors and Vonage's SDKs.
/// - 503, with or without Retry-After: nothing documented, so ambiguous.
/// - Idempotency key: none found in its reference; `client_ref` is only a tag.
/// - Whether a 4xx settles earlier tries: nothing documented.
inline constexpr profile vonage{.name = "vonage"};

inline constexpr std::array all = {&generic, &vonage};

/// The profile of that name, null if there is none.
[[nodiscard]] constexpr const profile* find(std::string_view name) noexcept {
    for (const auto* p : all)
        if (p->name == name) return p;
    return nullptr;
}

}  // namespace bide::inline v1::http::profiles

#endif  // BIDE_HTTP_PROFILES_HPP
