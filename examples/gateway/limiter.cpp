// SPDX-License-Identifier: MIT
#include "gateway/limiter.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <variant>

namespace gateway {
namespace {

using std::chrono::nanoseconds;

/// What is left of a limit that may have shrunk below what is used.
std::uint32_t left_of(std::uint32_t limit, std::uint32_t used) {
    return limit - std::min(limit, used);
}

/// Rounded up, so that the rate is never exceeded.
nanoseconds interval_of(std::uint32_t limit, nanoseconds window) {
    return nanoseconds{(window.count() + limit - 1) / limit};
}

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
    return {used < limit_, left_of(limit_, used), start_ + (index + 1) * window_ - now, limit_};
}

quota fixed_window::take(instant now) {
    const auto before = peek(now);
    if (before.accepted) {
        current_ = window_of(now);
        used_ = limit_ - before.remaining + 1;
    }
    return after_taking(before);
}

void fixed_window::set_limit(std::uint32_t limit, instant) { limit_ = limit; }

sliding_window::sliding_window(std::uint32_t limit, nanoseconds window)
    : limit_{limit}, window_{window} {}

quota sliding_window::peek(instant now) const {
    const auto oldest = std::upper_bound(accepted_.begin(), accepted_.end(), now - window_);
    const auto used = static_cast<std::uint32_t>(accepted_.end() - oldest);
    if (used == 0) return {true, limit_, nanoseconds::zero(), limit_};
    // After the limit shrank, several must expire before one more passes.
    const auto over = used > limit_ ? used - limit_ : 0;
    const auto freed = *(oldest + static_cast<std::ptrdiff_t>(over));
    return {used < limit_, left_of(limit_, used), freed + window_ - now, limit_};
}

quota sliding_window::take(instant now) {
    while (!accepted_.empty() && accepted_.front() <= now - window_) accepted_.pop_front();
    const auto before = peek(now);
    if (before.accepted) accepted_.push_back(now);
    auto after = after_taking(before);
    if (before.accepted && accepted_.size() == 1) after.more_in = window_;
    return after;
}

void sliding_window::set_limit(std::uint32_t limit, instant) { limit_ = limit; }

token_bucket::token_bucket(std::uint32_t limit, nanoseconds window, instant start)
    : limit_{limit}, window_{window}, interval_{interval_of(limit, window)}, full_at_{start} {}

quota token_bucket::peek(instant now) const {
    const nanoseconds missing = std::max(full_at_ - now, instant::duration::zero());
    // Tokens in use, partly refilled ones included: ceil(missing / interval).
    const auto used =
        static_cast<std::uint32_t>((missing.count() + interval_.count() - 1) / interval_.count());
    const auto more_in = used == 0 ? nanoseconds::zero() : missing - (used - 1) * interval_;
    return {used < limit_, left_of(limit_, used), more_in, limit_};
}

quota token_bucket::take(instant now) {
    const auto before = peek(now);
    if (!before.accepted) return before;
    full_at_ = std::max(full_at_, now) + interval_;
    auto after = peek(now);
    after.accepted = true;  // peek tells of the next request, this one has passed.
    return after;
}

/// Keeps the tokens that are left, as far as the new bucket holds them.
void token_bucket::set_limit(std::uint32_t limit, instant now) {
    const auto left = std::min(peek(now).remaining, limit);
    limit_ = limit;
    interval_ = interval_of(limit, window_);
    full_at_ = now + (limit - left) * interval_;
}

concurrency_limit::concurrency_limit(std::uint32_t limit) : limit_{limit} {}

quota concurrency_limit::peek(instant) const {
    return {in_flight_ < limit_, left_of(limit_, in_flight_), nanoseconds::zero(), limit_};
}

void concurrency_limit::set_limit(std::uint32_t limit, instant) { limit_ = limit; }

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

void limiter::set_limit(std::uint32_t limit, instant now) {
    std::visit([=](auto& rule) { rule.set_limit(limit, now); }, rule_);
}

void limiter::give_back() {
    if (auto* const rule = std::get_if<concurrency_limit>(&rule_)) rule->give_back();
}

}  // namespace gateway
