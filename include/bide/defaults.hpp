// SPDX-License-Identifier: MIT
#ifndef BIDE_DEFAULTS_HPP
#define BIDE_DEFAULTS_HPP

#include <bide/time.hpp>

#include <chrono>
#include <cstdint>

/// Every default of the library, in one place, chosen for a program that sends messages over HTTP.
/// Compared with the defaults of some twenty systems; where they agree we follow, where they do not
/// the reason stands beside the value.
namespace bide::inline v1::defaults {

/// Calls in all, 1 first + 3 retries: AWS has 3, Polly, urllib3 and Azure 4, gRPC at most 5. More
/// tries multiply the load of an outage without much better odds.
inline constexpr std::uint64_t max_attempts = 4;

/// Delay after the first failed try: Stripe and cenkalti 0.5 s. Shorter hits a limiter whose window
/// is a second again at once, longer is felt by somebody who waits for a code.
inline constexpr duration base = std::chrono::milliseconds{500};

/// Growth per failed try; every system but two.
inline constexpr double factor = 2;

/// Longest delay of our own: AWS standard mode. A server that wants more says so.
inline constexpr duration cap = std::chrono::seconds{20};

/// The whole operation: Microsoft's HTTP resilience defaults; about as long as a person waits.
inline constexpr duration max_elapsed = std::chrono::seconds{30};

/// A server's wait up to here is taken; beyond it the operation is deferred with the time to come
/// back. 60 s as in the Stainless SDKs: a worker that sleeps longer is better used for something
/// else.
inline constexpr duration max_hint = std::chrono::seconds{60};

/// No try starts with less time than this: a TLS handshake and one answer rarely take longer than a
/// second, and a send that is cut off turns an answer into an unknown.
inline constexpr duration least_try = std::chrono::seconds{1};

/// One try: Microsoft's attempt timeout. Without it the first stalled try eats the whole time.
inline constexpr duration try_timeout = std::chrono::seconds{10};

/// Of a try, connecting incl. TLS: two lost SYN packets (1 s and 2 s later) are survived.
inline constexpr duration connect_timeout = std::chrono::seconds{3};

/// A server's wait is lengthened by up to this share, so that those who were told the same instant
/// do not come back together. Upward only; the size is Chromium's.
inline constexpr int hint_slack_percent = 10;

}  // namespace bide::inline v1::defaults

#endif  // BIDE_DEFAULTS_HPP
