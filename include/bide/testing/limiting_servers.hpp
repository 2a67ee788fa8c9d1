// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_LIMITING_SERVERS_HPP
#define BIDE_TESTING_LIMITING_SERVERS_HPP

#include <bide/detail/invalid.hpp>
#include <bide/testing/limited_answer.hpp>
#include <bide/testing/server.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>

/// Servers that accept so much and answer 429 to the rest; what they refuse does not count.
/// Written without the library's own gates, which they are to be tried against.
namespace bide::inline v1::simulated {

/// `limit` in each window; the first request after the end of one begins the next, as
/// express-rate-limit has it.
class fixed_window {
public:
    struct options {
        std::uint64_t limit = 100;                  ///< >= 1
        timespan window = std::chrono::seconds{1};  ///< > 0
        simulated::tells tells = tells::wait;
    };

    /// @throws std::invalid_argument naming the field.
    explicit fixed_window(options opts)
        : limit_{detail::at_least_one("fixed_window: limit", opts.limit)},
          window_{detail::above_zero("fixed_window: window", opts.window)},
          tells_{opts.tells} {}

    limited_answer serve(visit&, time_point now) {
        if (now >= ends_) {
            ends_ = detail::saturating_add(now, window_);
            used_ = 0;
        }
        const auto accepted = used_ < limit_;
        if (accepted) ++used_;
        return detail::limited(tells_, accepted, detail::left_of(limit_, used_, window_),
                               ends_ - now);
    }

private:
    std::uint64_t limit_;
    duration window_;
    simulated::tells tells_;
    time_point ends_ = time_point::min();
    std::uint64_t used_ = 0;
};
static_assert(server<fixed_window>);

/// `limit` in any span of `window`.
class sliding_window {
public:
    using options = fixed_window::options;

    /// @throws std::invalid_argument naming the field.
    explicit sliding_window(options opts)
        : limit_{detail::at_least_one("sliding_window: limit", opts.limit)},
          window_{detail::above_zero("sliding_window: window", opts.window)},
          tells_{opts.tells} {}

    limited_answer serve(visit&, time_point now) {
        while (!accepted_.empty() && now - accepted_.front() >= window_) accepted_.pop_front();
        const auto accepted = accepted_.size() < limit_;
        if (accepted) accepted_.push_back(now);
        return detail::limited(tells_, accepted, detail::left_of(limit_, accepted_.size(), window_),
                               accepted_.front() + window_ - now);
    }

private:
    std::uint64_t limit_;
    duration window_;
    simulated::tells tells_;
    std::deque<time_point> accepted_;  // within the window
};
static_assert(server<sliding_window>);

/// `rate` in each second on average, up to `burst` at once after a pause, as nginx's limit_req with
/// `nodelay`. Begins full.
class token_bucket {
public:
    struct options {
        std::uint64_t rate = 100;  ///< Per second, 1 to 10^9.
        std::uint64_t burst = 1;   ///< 1 to 10^9.
        simulated::tells tells = tells::wait;
    };

    /// @throws std::invalid_argument naming the field.
    explicit token_bucket(options opts)
        : burst_{checked("token_bucket: burst", opts.burst)},
          step_{std::chrono::nanoseconds{std::chrono::seconds{1}} /
                checked("token_bucket: rate", opts.rate)},
          tells_{opts.tells} {}

    limited_answer serve(visit&, time_point now) {
        const auto begins = (std::max)(full_, now);  // of the token that it would take
        const auto opens = begins - step_ * (burst_ - 1);
        const auto accepted = opens <= now;
        if (accepted) full_ = begins + step_;
        const auto used = (full_ - now + step_ - duration{1}) / step_;
        return detail::limited(tells_, accepted,
                               detail::left_of(static_cast<std::uint64_t>(burst_),
                                               static_cast<std::uint64_t>(used), step_ * burst_),
                               (std::max)(full_ - step_ * (burst_ - 1) - now, duration::zero()));
    }

private:
    static std::int64_t checked(const char* setting, std::uint64_t value) {
        if (value == 0 || value > 1'000'000'000) detail::invalid(setting, "1 to 1000000000", value);
        return static_cast<std::int64_t>(value);
    }

    std::int64_t burst_;
    duration step_;
    simulated::tells tells_;
    time_point full_{};  // when the bucket is full again
};
static_assert(server<token_bucket>);

/// `limit` at a time, each of which takes `takes`.
class concurrency {
public:
    struct options {
        std::uint64_t limit = 10;                         ///< >= 1
        timespan takes = std::chrono::milliseconds{100};  ///< > 0
    };

    /// @throws std::invalid_argument naming the field.
    explicit concurrency(options opts)
        : limit_{detail::at_least_one("concurrency: limit", opts.limit)},
          takes_{detail::above_zero("concurrency: takes", opts.takes)} {}

    answer serve(visit&, time_point now) {
        while (!ends_.empty() && ends_.front() <= now) ends_.pop_front();
        if (ends_.size() >= limit_) return {.found = throttled};
        ends_.push_back(detail::saturating_add(now, takes_));
        return {.found = succeeded, .takes = takes_};
    }

private:
    std::uint64_t limit_;
    duration takes_;
    std::deque<time_point> ends_;  // of those in work, in order
};
static_assert(server<concurrency>);

}  // namespace bide::inline v1::simulated

#endif  // BIDE_TESTING_LIMITING_SERVERS_HPP
