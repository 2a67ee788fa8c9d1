// SPDX-License-Identifier: MIT
#ifndef GATEWAY_OPTIONS_HPP
#define GATEWAY_OPTIONS_HPP

#include "gateway/fault_plan.hpp"
#include "gateway/limiter.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace gateway {

/// Which headers tell a throttled client when to come back.
enum class header_style : std::uint8_t {
    none,
    retry_after,       ///< Whole seconds, rounded up, at least 1.
    retry_after_date,  ///< IMF-fixdate, rounded up to the next whole second.
    draft6,            ///< RateLimit-Limit, -Remaining, -Reset and -Policy on every answer that
                       ///< knows its quota, Retry-After on a 429.
    draft7,            ///< The same in two fields, RateLimit and RateLimit-Policy, dictionaries.
    draft8,            ///< The same two as lists of named quotas.
    x_delta,           ///< x-ratelimit-limit, -remaining, -reset in seconds; no Retry-After.
    x_epoch,           ///< X-RateLimit-Limit, -Remaining, -Reset in seconds since 1970; likewise.
};

/// Which provider the requests and answers look like.
enum class shape : std::uint8_t { generic, vonage, vonage_sms, twilio, plivo, telnyx, audian };

/// A latency drawn uniformly between both ends; equal ends are a fixed one.
struct latency_range {
    std::chrono::nanoseconds low{};
    std::chrono::nanoseconds high{};
};

/// Another limit, some time after the start.
struct limit_change {
    std::uint32_t limit = 1;
    std::chrono::nanoseconds after{};
};

/// Everything that a server can be told; the defaults are those of the program.
struct options {
    std::uint16_t port = 0;   ///< 0 = any free port.
    std::uint32_t limit = 0;  ///< Deliveries per window, or in flight; 0 = unlimited.
    std::chrono::nanoseconds window = std::chrono::seconds{1};
    std::optional<limit_change> then{};
    algorithm how = algorithm::sliding;
    std::optional<header_style> headers{};  ///< Absent: what the provider sends.
    shape looks = shape::generic;

    fault_plan faults;  ///< Durations that the plan sets win over those below.
    std::uint64_t seed = 1;
    std::chrono::nanoseconds stall = std::chrono::seconds{3};
    std::chrono::nanoseconds refuse_for = std::chrono::milliseconds{200};
    std::chrono::nanoseconds idle_for = std::chrono::milliseconds{20};
    latency_range latency;

    /// More connections than this wait in the kernel's backlog until one ends.
    std::size_t max_connections = 1024;

    /// Told one line per exchange, from any thread, one call at a time; empty = nobody asks.
    std::function<void(const std::string&)> log;
};

/// The largest limit: a larger one would need intervals under the clock's resolution.
inline constexpr std::uint32_t largest_limit = 1'000'000;

/// @throws std::invalid_argument that names the option, the allowed values and the value, also for
/// options that have no meaning together.
void check(const options& opts);

}  // namespace gateway

#endif  // GATEWAY_OPTIONS_HPP
