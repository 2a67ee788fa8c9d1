// SPDX-License-Identifier: MIT
#include "gateway/limiter.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <variant>

namespace gateway {
namespace {

using std::chrono::nanoseconds;

/// Turns "what peek says" into "what is left after taking one".
quota after_taking(quota before) {
    if (before.accepted) --before.remaining;
    return before;
}

}  // namespace

fixed_window::fixed_window(std::uint32_t limit, nanoseconds window, instant start)
    : limit_{limit}, window_{window}, start_{start} {}

std::int64_t fixed_window::window_of(instant now) const { return (now - start_) / window_; }

quota fixed_window::peek(instant now) const {
    const auto index = window_of(now);
    const auto used = index == current_ ? used_ : 0;
    return {used < limit_, limit_ - used, start_ + (index + 1) * window_ - now};
}

quota fixed_window::take(instant now) {
    const auto before = peek(now);
    if (before.accepted) {
        current_ = window_of(now);
        used_ = limit_ - before.remaining + 1;
    }
    return after_taking(before);
}

sliding_window::sliding_window(std::uint32_t limit, nanoseconds window)
    : limit_{limit}, window_{window} {}

quota sliding_window::peek(instant now) const {
    const auto oldest = std::upper_bound(accepted_.begin(), accepted_.end(), now - window_);
    const auto used = static_cast<std::uint32_t>(accepted_.end() - oldest);
    const auto more_in = used == 0 ? nanoseconds::zero() : nanoseconds{*oldest + window_ - now};
    return {used < limit_, limit_ - used, more_in};
}

quota sliding_window::take(instant now) {
    while (!accepted_.empty() && accepted_.front() <= now - window_) accepted_.pop_front();
    const auto before = peek(now);
    if (before.accepted) accepted_.push_back(now);
    auto after = after_taking(before);
    if (before.accepted && accepted_.size() == 1) after.more_in = window_;
    return after;
}

token_bucket::token_bucket(std::uint32_t limit, nanoseconds window, instant start)
    : limit_{limit}, interval_{(window.count() + limit - 1) / limit}, full_at_{start} {}

quota token_bucket::peek(instant now) const {
    const nanoseconds missing = std::max(full_at_ - now, instant::duration::zero());
    // Tokens in use, partly refilled ones included: ceil(missing / interval).
    const auto used =
        static_cast<std::uint32_t>((missing.count() + interval_.count() - 1) / interval_.count());
    const auto more_in = used == 0 ? nanoseconds::zero() : missing - (used - 1) * interval_;
    return {used < limit_, limit_ - used, more_in};
}

quota token_bucket::take(instant now) {
    const auto before = peek(now);
    if (!before.accepted) return before;
    full_at_ = std::max(full_at_, now) + interval_;
    auto after = peek(now);
    after.accepted = true;  // peek tells of the next request, this one has passed.
    return after;
}

concurrency_limit::concurrency_limit(std::uint32_t limit) : limit_{limit} {}

quota concurrency_limit::peek(instant) const {
    return {in_flight_ < limit_, limit_ - in_flight_, nanoseconds::zero()};
}

quota concurrency_limit::take(instant now) {
    const auto before = peek(now);
    if (before.accepted) ++in_flight_;
    return after_taking(before);
}

void concurrency_limit::give_back() { --in_flight_; }

limiter::limiter(algorithm how, std::uint32_t limit, nanoseconds window, instant start)
    : rule_{make(how, limit, window, start)} {}

limiter::any limiter::make(algorithm how, std::uint32_t limit, nanoseconds window, instant start) {
    if (limit == 0) return unlimited{};
    switch (how) {
        case algorithm::fixed:
            return fixed_window{limit, window, start};
        case algorithm::sliding:
            return sliding_window{limit, window};
        case algorithm::bucket:
            return token_bucket{limit, window, start};
        case algorithm::concurrency:
            break;
    }
    return concurrency_limit{limit};
}

quota limiter::take(instant now) {
    return std::visit([now](auto& rule) { return rule.take(now); }, rule_);
}

quota limiter::peek(instant now) const {
    return std::visit([now](const auto& rule) { return rule.peek(now); }, rule_);
}

void limiter::give_back() {
    if (auto* const rule = std::get_if<concurrency_limit>(&rule_)) rule->give_back();
}

}  // namespace gateway
