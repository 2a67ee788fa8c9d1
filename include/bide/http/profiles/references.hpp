// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_PROFILES_REFERENCES_HPP
#define BIDE_HTTP_PROFILES_REFERENCES_HPP

#include <bide/http/profile.hpp>

#include <chrono>

/// Two APIs whose limits and keys are documented best; models for your own profile.
namespace bide::inline v1::http::profiles {

/// GitHub REST API (api.github.com). Source: docs.github.com, "Rate limits for the REST API".
///
/// - Throttled: 429, and 403 where nothing remains, where there is a Retry-After, or where the body
///   speaks of a secondary limit. A 403 refuses (RFC 9110 15.5.4), so it is rejected.
/// - Wait: Retry-After, else until x-ratelimit-reset (seconds since 1970) if nothing remains, else
///   at least a minute, growing.
/// - 5xx: nothing documented, so ambiguous. Idempotency key: none found.
/// - Rate: 5000 requests an hour with a user's token; 60 without, more for some apps.
inline constexpr profile github{
    .name = "github",
    .rules = {{{403, 403, given::retry_after, verdict::throttled, certainty::rejected},
               {403, 403, given::exhausted, verdict::throttled, certainty::rejected}}},
    .body_rules = {{{403, 403, "/message", "You have exceeded a secondary rate limit*",
                     verdict::throttled, certainty::rejected}}},
    .least_wait = std::chrono::minutes{1},
    .rate = {5000, std::chrono::hours{1}},
    .reset_unit = http::reset_unit::epoch_seconds,
};

/// Stripe API v1 (api.stripe.com/v1).
///
/// - Throttled: 429, by rate, by requests at the same time, or as another request holds the object
///   ("lock_timeout"); no wait. Source: docs.stripe.com/rate-limits. `Stripe-Should-Retry` is
///   obeyed in every profile.
/// - 409 with a key: the first request with it still runs. Source: docs.stripe.com/api/errors.
/// - 5xx: ambiguous; safe to repeat with the same key, and pointless if the answer is a saved one.
/// - Idempotency key: `Idempotency-Key`, unquoted, up to 255 characters, at least 24 h; then the
///   same key is a new request. Any saved answer comes again, also a 500, with
///   `Idempotent-Replayed: true`. Source: docs.stripe.com/api/idempotent_requests and
///   /error-low-level. v2 is another API: it finishes failed work, and its keys live for 30 days.
/// - Rate: 25 requests a second for an endpoint, 100 for an account, 25 in a sandbox.
inline constexpr profile stripe{
    .name = "stripe",
    .rate = {25, std::chrono::seconds{1}},
    .key_header = "Idempotency-Key",
    .key_life = std::chrono::hours{24},
    .replay_header = "Idempotent-Replayed",
};

}  // namespace bide::inline v1::http::profiles

#endif  // BIDE_HTTP_PROFILES_REFERENCES_HPP
