// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_PROFILES_HPP
#define BIDE_HTTP_PROFILES_HPP

#include <bide/http/profile.hpp>
#include <bide/http/profiles/messaging.hpp>
#include <bide/http/profiles/references.hpp>

#include <array>
#include <string_view>

/// The profiles that come with the library. Documentation changes: who sends much reads his
/// provider's again, and writes his own profile where it says more.
namespace bide::inline v1::http::profiles {

/// Any HTTP API, of which nothing is known but HTTP: no key is honoured, a 503 may have acted, a
/// 4xx says nothing of the tries before it.
inline constexpr profile generic{.name = "generic"};

inline constexpr std::array all = {&generic, &vonage,    &vonage_sms, &twilio, &plivo,
                                   &telnyx,  &bandwidth, &sinch,      &bird,   &infobip,
                                   &audian,  &github,    &stripe};

/// The profile of that name, null if there is none. Names are those of the objects, with hyphens.
[[nodiscard]] constexpr const profile* find(std::string_view name) noexcept {
    for (const auto* p : all)
        if (p->name == name) return p;
    return nullptr;
}

}  // namespace bide::inline v1::http::profiles

#endif  // BIDE_HTTP_PROFILES_HPP
