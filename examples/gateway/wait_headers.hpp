// SPDX-License-Identifier: MIT
#ifndef GATEWAY_WAIT_HEADERS_HPP
#define GATEWAY_WAIT_HEADERS_HPP

#include "gateway/http_reply.hpp"
#include "gateway/limiter.hpp"
#include "gateway/options.hpp"

#include <chrono>

namespace gateway {

/// Whole seconds, rounded up, at least 1: no header may ever call a client too early.
[[nodiscard]] std::chrono::seconds whole_seconds(std::chrono::nanoseconds wait);

/// Adds Retry-After in the form of the style, where it has one, and answers the wait that the
/// client has been told; zero for none.
std::chrono::nanoseconds add_retry_after(http_reply& reply, header_style style,
                                         std::chrono::nanoseconds wait,
                                         std::chrono::system_clock::time_point now);

/// Adds what the style tells of the quota, where it tells any and there is a limit, and answers the
/// time to the reset that the client has been told; zero for none.
///
/// `reset` is the time until more quota comes, which is what Retry-After says on a 429. All count
/// in whole seconds, so a window of 500 ms is announced as 1 s: the client's rate errs down.
/// Sources: draft-ietf-httpapi-ratelimit-headers-06, -07 and -08; for `x_delta` @fastify/rate-limit
/// and Telnyx, for `x_epoch` GitHub and Okta.
std::chrono::nanoseconds add_quota(http_reply& reply, const options& opts, const quota& room,
                                   std::chrono::system_clock::time_point now);

}  // namespace gateway

#endif  // GATEWAY_WAIT_HEADERS_HPP
