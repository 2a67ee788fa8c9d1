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

/// Adds Retry-After in the form of the style; nothing for `none`.
void add_retry_after(http_reply& reply, header_style style, std::chrono::nanoseconds wait,
                     std::chrono::system_clock::time_point now);

/// Adds the RateLimit and RateLimit-Policy fields of draft-ietf-httpapi-ratelimit-headers-07.
///
/// `reset` is the time until more quota comes, which is what Retry-After says on a 429. The draft
/// counts in whole seconds, so a window of 500 ms is announced as 1 s: the client's rate errs down.
void add_quota(http_reply& reply, const options& opts, const quota& now);

}  // namespace gateway

#endif  // GATEWAY_WAIT_HEADERS_HPP
