// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_PROFILE_HPP
#define BIDE_HTTP_PROFILE_HPP

#include <bide/http/reset_value.hpp>
#include <bide/http/status.hpp>
#include <bide/time.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace bide::inline v1::http {

/// What a body of JSON means where its status does not say. A default-made rule matches nothing.
/// Only `bide/json` reads bodies; see `json::read`.
///
/// Of a reply in parts each part must tell the same: a rule that holds for some of the places that
/// `where` names, but not for all, makes the answer permanent and ambiguous, since a part of it was
/// done. So the rule for success comes first, and one without `is` after all that know better.
struct body_rule {
    int first = 0;  ///< Statuses.
    int last = -1;
    /// A JSON pointer (RFC 6901); the step `*` stands for every element of an array.
    std::string_view where{};
    /// The text of the string, number or bool there, `*` at its end for any rest; empty: there is
    /// anything but null.
    std::string_view is{};
    bide::verdict verdict = bide::verdict::transient;
    bide::certainty certainty = bide::certainty::ambiguous;
};

/// Where a body of JSON says how long to wait, if not by one of the names that `json::read` knows
/// anyway. A default-made one says nothing.
struct body_wait {
    /// As in `body_rule`; of several places the longest wait counts.
    std::string_view where{};
    /// The text in front of it, for instance "please wait ["; empty: the value is nothing else.
    std::string_view after{};
    /// As for a reset field: `by_value` also reads dates and `1m30s`.
    http::reset_unit unit = http::reset_unit::by_value;
};

/// So many requests in so much time; of zero none is published, or it depends on the account.
struct published_rate {
    std::uint32_t requests = 0;
    timespan per = std::chrono::seconds{1};
};

/// What is known of one provider, as data: where it differs from what HTTP says of everybody.
///
/// An aggregate, so that your own takes few lines:
///
///     constexpr bide::http::profile acme{
///         .name = "acme",
///         .rules = {{{403, 403, given::retry_after, verdict::throttled, certainty::rejected},
///                    bide::http::unavailable_is_rejected}},
///         .key_header = "Idempotency-Key",
///         .key_life = 24h,
///     };
///
/// Each statement needs a source: what says `rejected` is sent again without asking.
struct profile {
    std::string_view name{};

    /// Statuses that mean something else here than in `status_table`; they come first.
    std::array<status_rule, 8> rules{};

    /// Where the status does not tell; the first that holds anywhere in the body decides.
    std::array<body_rule, 8> body_rules{};
    /// The first that tells a wait counts, if no header field did.
    std::array<body_wait, 2> body_waits{};
    /// A refusal may come as a 2xx, and only the body tells: a 2xx counts as a success only if a
    /// body rule says so. Adapters refuse to send without a reader of bodies.
    bool told_by_body = false;

    /// What a throttled answer asks for that says no time itself, where that is documented.
    timespan least_wait = duration::zero();
    published_rate rate{};

    /// PUT makes something new each time, so that, other than RFC 9110 9.2.2 has it, it is no more
    /// repeatable than POST.
    bool put_creates = false;

    /// An answered 4xx also tells that earlier tries of the same request did nothing.
    bool client_error_settles = false;

    /// What the number in a reset field counts, where its size cannot tell: a wait in milliseconds.
    http::reset_unit reset_unit = http::reset_unit::by_value;
    /// The unit to which it cuts its waits off instead of rounding them up, so that they end too
    /// early (koa-ratelimit: 1 s). Each hint is that much longer. >= 0.
    timespan truncates_to = duration::zero();

    /// The request's header field for an idempotency key; empty where no key is honoured.
    std::string_view key_header{};
    /// The key is written as a string of RFC 9651, in double quotes.
    bool key_is_quoted = false;
    /// What a key may have besides letters and digits; empty: all that `is_valid_key` allows.
    std::string_view key_punctuation{};
    /// How long a key protects, from its first use; with zero it never does.
    timespan key_life = duration::zero();
    /// The response's header field that marks a saved answer; empty where there is none.
    std::string_view replay_header{};
};

/// For profiles of providers that say so: a 503 with a Retry-After turned the request away unread.
inline constexpr status_rule unavailable_is_rejected{503, 503, given::retry_after,
                                                     verdict::overloaded, certainty::rejected};

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_PROFILE_HPP
