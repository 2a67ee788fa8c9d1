// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_SENDER_HPP
#define BIDE_HTTP_SENDER_HPP

#include <bide/retry/policy.hpp>

namespace bide::inline v1::http {

/// The policy for a program that sends messages over HTTP and has not made up its mind: exponential
/// backoff with full jitter, 4 attempts within 30 s, 10 s for each, a server's wait of up to 60 s.
/// The values and their reasons stand in `bide/defaults.hpp`.
///
/// What is retried is no matter of the policy: a response says itself whether it was throttled,
/// rejected or ambiguous, and what may have been sent is not sent again.
[[nodiscard]] constexpr auto sender(policy_options options = policy_options{}) {
    return policy(options);
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_SENDER_HPP
