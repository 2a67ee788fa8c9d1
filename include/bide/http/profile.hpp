// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_PROFILE_HPP
#define BIDE_HTTP_PROFILE_HPP

#include <bide/http/reset_value.hpp>
#include <bide/http/status.hpp>
#include <bide/time.hpp>

#include <array>
#include <string_view>

namespace bide::inline v1::http {

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

    /// An answered 4xx also tells that earlier tries of the same request did nothing.
    bool client_error_settles = false;

    /// What the number in a reset field counts, where its size cannot tell: a wait in milliseconds.
    http::reset_unit reset_unit = http::reset_unit::by_value;

    /// The request's header field for an idempotency key; empty where no key is honoured.
    std::string_view key_header{};
    /// The key is written as a string of RFC 9651, in double quotes.
    bool key_is_quoted = false;
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
