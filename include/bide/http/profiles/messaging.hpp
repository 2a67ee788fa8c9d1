// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_PROFILES_MESSAGING_HPP
#define BIDE_HTTP_PROFILES_MESSAGING_HPP

#include <bide/http/profile.hpp>

#include <chrono>

/// Providers of messages and calls. What their pages say was read in 2026, without any request to
/// them; what is not named here was not found there, and then the cautious reading of
/// `status_table` applies: 429 is throttled and rejected, 500 to 504 are ambiguous, no key
/// protects.
namespace bide::inline v1::http::profiles {

/// Vonage Messages API (api.nexmo.com/v1/messages).
///
/// - Throttled: 429 with problem+json, title "Rate Limit Hit", type ending "#rate-limit"; no
///   machine-readable wait. Source: developer.vonage.com/en/api-errors and Vonage's SDKs.
/// - 503, with or without Retry-After: nothing documented, so ambiguous.
/// - Idempotency key: none found in its reference; `client_ref` is only a tag.
/// - Rate: of the account; 1 a second at its launch in 2018 and in its sandbox (unverified).
inline constexpr profile vonage{.name = "vonage"};

/// Vonage SMS API (rest.nexmo.com/sms/json): every answer is a 200, and each part of the message
/// has a status in the body. Source of the statuses: developer.vonage.com/api-errors/sms.
///
/// - Throttled and rejected: "1" (faster than the account may) and "10" (too many connections;
///   again later). The wait, or the whole interval, is in its text, in milliseconds; source:
///   Vonage's SDK for PHP and its issue 282.
/// - Ambiguous: "5", an internal error while the message was processed.
/// - All others but "0" are final. A message of several parts may be sent in part.
/// - Idempotency key: none found; `client-ref` is only a tag.
/// - Rate: 30 requests a second for an API key; numbers may have less. Source: Vonage's support
///   article 203993598.
inline constexpr profile vonage_sms{
    .name = "vonage-sms",
    .body_rules = {{{200, 299, "/messages/*/status", "0", verdict::success, certainty::answered},
                    {200, 299, "/messages/*/status", "1", verdict::throttled, certainty::rejected},
                    {200, 299, "/messages/*/status", "10", verdict::throttled, certainty::rejected},
                    {200, 299, "/messages/*/status", "5", verdict::overloaded,
                     certainty::ambiguous},
                    {200, 299, "/messages/*/status", "", verdict::permanent, certainty::answered}}},
    .body_waits = {{{"/messages/*/error-text", "please wait [", http::reset_unit::milliseconds},
                    {"/messages/*/error-text", "INTERVAL [", http::reset_unit::milliseconds}}},
    .told_by_body = true,
    .rate = {30, std::chrono::seconds{1}},
};

/// Twilio REST API (api.twilio.com).
///
/// - Throttled and rejected: 429 with code 20429 is never processed; no wait is told,
///   `Twilio-Concurrent-Requests` tells how many run. Source: twilio.com/docs/api/errors/20429.
/// - Ambiguous: 500; sent again, a message or a call may arrive twice. GET and DELETE may be
///   repeated, and so may what buys one particular number (`request_traits::idempotent`). Source:
///   twilio.com/docs/api/errors/20500. 503: 20503 does not say.
/// - Idempotency key: none; `I-Twilio-Idempotency-Token` is in what Twilio sends to you.
/// - Rate: no number; the limit is on requests at the same time, by account.
inline constexpr profile twilio{.name = "twilio"};

/// Plivo API (api.plivo.com).
///
/// - Throttled and rejected: 429, the requests are blocked; no wait is documented. Source:
///   plivo.com/docs/voice/concepts/account-limits.
/// - 5xx: nothing documented, so ambiguous.
/// - Idempotency key: none found.
/// - Rate: 300 requests in 5 seconds for an account by default (same page); calls, which are queued
///   at 2 a second, do not count.
inline constexpr profile plivo{.name = "plivo", .rate = {300, std::chrono::seconds{5}}};

/// Telnyx API v2 (api.telnyx.com).
///
/// - Throttled: 429 with code 10011; x-ratelimit-reset counts seconds. Source:
///   developers.telnyx.com, "Telnyx API rate limiting".
/// - 5xx: its guide to calls repeats commands at once after one, which `command_id` or a key makes
///   safe; without them ambiguous. Source: developers.telnyx.com, "Command retries".
/// - Idempotency key: `Idempotency-Key`, unquoted, up to 255 letters, digits and `_:-`; **only
///   where the endpoint's reference declares it**. With another body or query it is answered 422.
///   Only successes are saved, for up to 24 h. Source: same site, "Idempotency".
/// - Rate: in the headers; no number is published.
inline constexpr profile telnyx{
    .name = "telnyx",
    .reset_unit = http::reset_unit::seconds,
    .key_header = "Idempotency-Key",
    .key_punctuation = "_:-",
    .key_life = std::chrono::hours{24},
};

/// Bandwidth Messaging API v2 (messaging.bandwidth.com). Its other APIs promise less.
///
/// - Throttled and rejected: 429, type "max-message-queue-size-exceeded": the account's queue, 15
///   minutes long, is full. Source: dev.bandwidth.com/docs/messaging/errors.
/// - Rejected: after any 4xx or 5xx the message is neither sent nor billed (same page). Taken for
///   the 5xx of RFC 9110 that may pass; not for unregistered ones, which others send.
/// - A timeout is ambiguous as everywhere.
/// - Idempotency key: none found. Rate: of the account.
inline constexpr profile bandwidth{
    .name = "bandwidth",
    .rules = {{{500, 500, given::always, verdict::overloaded, certainty::rejected},
               {502, 504, given::always, verdict::overloaded, certainty::rejected}}},
};

/// Sinch SMS and Conversation API (sinch.com).
///
/// - Throttled: 429, problem+json of type ".../errors/registry/too-many-requests"; no wait. Batches
///   of SMS are queued by service plan instead. Source: developers.sinch.com/docs/errors/registry.
/// - 5xx: nothing documented, so ambiguous.
/// - Idempotency key: newer APIs take `Idempotency-Key`. "idempotency-conflict" says that the first
///   request with it still runs and that this one was not processed; again later with the same key
///   (same site; its status is unverified). How long a key lives was not found, so none protects
///   here; who knows it for his endpoint copies the profile.
/// - Rate: of the service plan, in messages a second.
inline constexpr profile sinch{
    .name = "sinch",
    .body_rules = {{{400, 499, "/type",
                     "https://developers.sinch.com/docs/errors/registry/idempotency-conflict",
                     verdict::transient, certainty::rejected}}},
};

/// Bird Channels API (api.bird.com).
///
/// - Throttled and rejected: 429 was not processed and may be sent again; no wait. Source:
///   docs.bird.com/api/channels-api/rate-limit.
/// - 5xx: nothing documented, so ambiguous.
/// - Idempotency key: none found. The newer platform.bird.com has one that lives for about 3 hours;
///   that is another API. Source: bird.com/docs, "Idempotency".
/// - Rate: 500 POST a second for a workspace; GET 50 (same page as 429).
inline constexpr profile bird{.name = "bird", .rate = {500, std::chrono::seconds{1}}};

/// Infobip API (api.infobip.com).
///
/// - Throttled: 429, errorCode "E429", older endpoints with another body; no wait is documented.
///   Source: infobip.com/docs, "Rate limits and throttling".
/// - 5xx: nothing documented, so ambiguous.
/// - Idempotency key: none found. Rate: of the endpoint; most that send messages have none.
inline constexpr profile infobip{.name = "infobip"};

/// Audian API (api.audian.com).
///
/// - Throttled: 429 with Retry-After in seconds; RateLimit-Limit, -Remaining, -Reset. Source:
///   docs.audian.com/rate-limiting/best-practices. The unit of RateLimit-Reset is unverified, so it
///   is read by its size.
/// - 5xx: nothing documented, so ambiguous.
/// - Idempotency key: none found. Rate: in the headers.
/// - PUT creates and POST updates, so a PUT is not repeated. Source: docs.audian.com/api-basics.
inline constexpr profile audian{.name = "audian", .put_creates = true};

}  // namespace bide::inline v1::http::profiles

#endif  // BIDE_HTTP_PROFILES_MESSAGING_HPP
