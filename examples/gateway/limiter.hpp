// SPDX-License-Identifier: MIT
#ifndef GATEWAY_LIMITER_HPP
#define GATEWAY_LIMITER_HPP

#include <chrono>
#include <cstdint>
#include <deque>
#include <variant>

namespace gateway {

/// The instants that limiters are told; they never read a clock themselves.
using instant = std::chrono::steady_clock::time_point;

enum class algorithm : std::uint8_t { fixed, sliding, bucket, concurrency };

/// What a limiter says: whether the request may pass, and the quota after that decision.
struct quota {
    bool accepted = true;
    std::uint32_t remaining = 0;         ///< Requests that would pass at this instant.
    std::chrono::nanoseconds more_in{};  ///< Until one more than now would pass; zero if unknown.
    std::uint32_t limit = 0;             ///< The limit at that instant; 0 = unlimited.
};

/// At most `limit` requests between two multiples of `window`, counted from `start`.
class fixed_window {
public:
    fixed_window(std::uint32_t limit, std::chrono::nanoseconds window, instant start);
    [[nodiscard]] quota take(instant now);
    [[nodiscard]] quota peek(instant now) const;
    void set_limit(std::uint32_t limit, instant now);

private:
    [[nodiscard]] std::int64_t window_of(instant now) const;

    std::uint32_t limit_;
    std::chrono::nanoseconds window_;
    instant start_;
    std::int64_t current_ = 0;
    std::uint32_t used_ = 0;
};

/// At most `limit` requests in every half-open interval (t - window, t]: a log of accepted
/// instants.
class sliding_window {
public:
    sliding_window(std::uint32_t limit, std::chrono::nanoseconds window);
    [[nodiscard]] quota take(instant now);
    [[nodiscard]] quota peek(instant now) const;
    void set_limit(std::uint32_t limit, instant now);

private:
    std::uint32_t limit_;
    std::chrono::nanoseconds window_;
    std::deque<instant> accepted_;
};

/// A bucket of `limit` tokens that fills at limit/window, kept as the generic cell rate algorithm
/// (ITU-T I.371): one instant instead of a count and a refill.
class token_bucket {
public:
    token_bucket(std::uint32_t limit, std::chrono::nanoseconds window, instant start);
    [[nodiscard]] quota take(instant now);
    [[nodiscard]] quota peek(instant now) const;
    void set_limit(std::uint32_t limit, instant now);

private:
    std::uint32_t limit_;
    std::chrono::nanoseconds window_;
    std::chrono::nanoseconds interval_;  ///< Rounded up, so that the rate is never exceeded.
    instant full_at_;                    ///< When the bucket will be full ("theoretical arrival").
};

/// At most `limit` requests at the same time; `give_back` ends one.
class concurrency_limit {
public:
    explicit concurrency_limit(std::uint32_t limit);
    [[nodiscard]] quota take(instant now);
    [[nodiscard]] quota peek(instant now) const;
    void set_limit(std::uint32_t limit, instant now);
    void give_back();

private:
    std::uint32_t limit_;
    std::uint32_t in_flight_ = 0;
};

/// One of the algorithms, or none when the limit is 0. Rejected requests consume nothing.
///
/// Instants must not go backwards between calls. Not thread-safe.
class limiter {
public:
    limiter(algorithm how, std::uint32_t limit, std::chrono::nanoseconds window, instant start);

    /// Asks for one request to pass at `now`.
    [[nodiscard]] quota take(instant now);

    /// Answers the quota at `now` without using any; `accepted` says whether `take` would pass.
    [[nodiscard]] quota peek(instant now) const;

    /// Another limit from `now` on; what was used before stays used. Nothing where there is none.
    void set_limit(std::uint32_t limit, instant now);

    /// Ends a request that `take` accepted; only the concurrency algorithm cares.
    void give_back();

private:
    struct unlimited {
        [[nodiscard]] static quota take(instant) { return {}; }
        [[nodiscard]] static quota peek(instant) { return {}; }
        static void set_limit(std::uint32_t, instant) {}
    };
    using any =
        std::variant<unlimited, fixed_window, sliding_window, token_bucket, concurrency_limit>;

    [[nodiscard]] static any make(algorithm how, std::uint32_t limit,
                                  std::chrono::nanoseconds window, instant start);

    any rule_;
};

}  // namespace gateway

#endif  // GATEWAY_LIMITER_HPP
