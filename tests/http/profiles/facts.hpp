// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_HTTP_PROFILES_FACTS_HPP
#define BIDE_TESTS_HTTP_PROFILES_FACTS_HPP

#include "support/catch.hpp"

#include <bide/http/profiles.hpp>
#include <bide/http/read.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

/// What a profile says, as a response in and a finding out.
namespace facts {

struct fact {
    const bide::http::profile& provider;
    int status;
    std::span<const bide::http::field> fields;
    bide::http::request_traits request;
    bide::verdict verdict;
    bide::certainty certainty;
    std::optional<bide::duration> hint{};
};

inline constexpr bide::wall_time now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                                       std::chrono::hours{22} + std::chrono::minutes{20};

inline void check(const fact& f) {
    const auto found =
        read({.status = f.status, .fields = f.fields}, f.request, f.provider, now).finding;
    CAPTURE(f.provider.name, f.status, f.fields.size(), f.request.has_key);
    CHECK(to_string(found.verdict) == std::string{to_string(f.verdict)});
    CHECK(to_string(found.certainty) == std::string{to_string(f.certainty)});
    CHECK(std::optional<bide::duration>{found.hint} == f.hint);
    CHECK_FALSE(found.settles);  // nobody documents that
}

struct rate {
    std::uint32_t requests;
    bide::duration per;
};

inline constexpr std::array messaging = {
    &bide::http::profiles::vonage,  &bide::http::profiles::vonage_sms,
    &bide::http::profiles::twilio,  &bide::http::profiles::plivo,
    &bide::http::profiles::telnyx,  &bide::http::profiles::bandwidth,
    &bide::http::profiles::sinch,   &bide::http::profiles::bird,
    &bide::http::profiles::infobip, &bide::http::profiles::audian};

}  // namespace facts

#endif  // BIDE_TESTS_HTTP_PROFILES_FACTS_HPP
