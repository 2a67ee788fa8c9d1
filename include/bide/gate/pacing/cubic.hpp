// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_CUBIC_HPP
#define BIDE_GATE_PACING_CUBIC_HPP

#include <bide/gate/pacing/sample.hpp>
#include <bide/quota.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bide::inline v1::pacing {

/// The curve of CUBIC (RFC 9438) for rates: fast back to the rate that was refused, slowly past it.
class cubic_curve {
public:
    struct options {
        double beta = 0.7;   ///< What a refusal leaves of the rate.
        double scale = 0.4;  ///< How steep the curve is.
    };
    constexpr cubic_curve() noexcept = default;
    constexpr explicit cubic_curve(options its) noexcept : its_{its} {}

    /// As if `rate` had been refused at `now`, without a cut.
    void set(double rate, double now) noexcept {
        max_ = rate;
        since_ = now;
    }
    [[nodiscard]] double throttled(double rate, double now) noexcept {
        set(rate, now);
        return rate * its_.beta;
    }
    [[nodiscard]] double succeeded(double now) const noexcept {
        const auto t = now - since_ - k();
        return its_.scale * t * t * t + max_;
    }
    /// Seconds from a refusal until the rate is back.
    [[nodiscard]] double k() const noexcept {
        return std::cbrt(max_ * (1 - its_.beta) / its_.scale);
    }

private:
    options its_{};
    double max_ = 0;
    double since_ = 0;
};

/// Answers per second, smoothed, counted in half seconds.
class rate_clock {
public:
    explicit rate_clock(double now = 0) noexcept : bucket_{bucket_of(now)} {}

    double record(double now, double answers = 1) noexcept {
        count_ += answers;
        const auto bucket = bucket_of(now);
        if (bucket > bucket_) {
            measured_ = 0.8 * count_ / (bucket - bucket_) + 0.2 * measured_;
            count_ = 0;
            bucket_ = bucket;
        }
        return measured_;
    }
    [[nodiscard]] double measured() const noexcept { return measured_; }

private:
    static double bucket_of(double t) noexcept { return std::floor(t * 2) / 2; }

    double bucket_;
    double count_ = 0;
    double measured_ = 0;
};

/// The rate limiter of the adaptive retry mode of the AWS SDKs (as in botocore's `throttling.py`,
/// `adaptive.py` and `bucket.py`): holds nothing back before the first throttled answer, then a
/// token bucket at the rate of the curve.
class cubic_limiter {
public:
    static constexpr double least_rate = 0.5;
    static constexpr double least_capacity = 1;

    /// What the bucket may be filled with: at most twice what gets through.
    [[nodiscard]] static double bounded(double calculated, double measured) noexcept {
        return (std::min)(calculated, 2 * measured);
    }

    [[nodiscard]] bool may_go(double now, double cost) const noexcept {
        return opens_at(0, cost) <= now + 1e-9;
    }
    [[nodiscard]] double opens_at(double ahead, double cost) const noexcept {
        if (!enabled_) return closed_until_;
        // What costs more than the bucket holds leaves it in debt.
        const auto missing = ahead + (std::min)(cost, capacity_) - tokens_;
        return (std::max)(closed_until_, filled_ + (std::max)(0.0, missing) / fill_);
    }
    [[nodiscard]] double closed_until() const noexcept { return closed_until_; }

    double take(double now, double cost) noexcept {
        if (!enabled_) return 1;
        refill(now);
        tokens_ -= cost;
        return 1;
    }
    void give_back(double cost) noexcept {
        if (enabled_) tokens_ = (std::min)(capacity_, tokens_ + cost);
    }

    [[nodiscard]] double rate() const noexcept {
        return enabled_ ? fill_ : std::numeric_limits<double>::infinity();
    }
    /// What the bucket is filled with, per second, once it is used.
    [[nodiscard]] double fill() const noexcept { return fill_; }
    [[nodiscard]] double measured() const noexcept { return clock_.measured(); }

    /// The curve rises with time, not with acceptances: it is enough to know how many there were.
    [[nodiscard]] static bool hears_each() noexcept { return false; }
    void accepted_plainly(double n, double now) noexcept {
        const auto measured = clock_.record(now, n);
        set_rate(bounded(curve_.succeeded(now), measured), now);
    }

    /// AWS honours no hint here; a server's wait closes all the same.
    void record(const sample& s, const quotas* /*told*/) noexcept {
        if (s.what == answer::limited && s.retry_after > 0)
            closed_until_ = (std::max)(closed_until_, s.now + s.retry_after);
        const auto measured = clock_.record(s.now);
        auto calculated = curve_.succeeded(s.now);
        if (s.what == answer::limited) {
            calculated = curve_.throttled(enabled_ ? (std::min)(measured, fill_) : measured, s.now);
            if (!enabled_) filled_ = s.now;
            enabled_ = true;
        }
        set_rate(bounded(calculated, measured), s.now);
    }

private:
    void refill(double now) noexcept {
        if (now <= filled_) return;
        tokens_ = (std::min)(capacity_, tokens_ + (now - filled_) * fill_);
        filled_ = now;
    }
    void set_rate(double rate, double now) noexcept {
        if (enabled_) refill(now);
        fill_ = (std::max)(rate, least_rate);
        capacity_ = (std::max)(rate, least_capacity);
        tokens_ = (std::min)(tokens_, capacity_);
    }

    cubic_curve curve_{};
    rate_clock clock_{};
    bool enabled_ = false;
    double fill_ = least_rate;
    double capacity_ = least_capacity;
    double tokens_ = 0;
    double filled_ = 0;
    double closed_until_ = 0;
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_CUBIC_HPP
