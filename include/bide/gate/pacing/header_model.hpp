// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_HEADER_MODEL_HPP
#define BIDE_GATE_PACING_HEADER_MODEL_HPP

#include <bide/gate/pacing/sample.hpp>

#include <algorithm>

namespace bide::inline v1::pacing {

/// What a server told of the limit that binds. Seconds; `reset` and `window` are 0 if not told.
struct told_quota {
    double limit = 0;
    double remaining = 0;
    double reset = 0;
    double window = 0;
};

/// Paces by what responses tell of one limit: nothing has to be tried out.
///
/// Evenly over the window, not in a burst at its start: `reset` comes in whole seconds, so the
/// phase of a window is seen only where `remaining` jumps up. What others use of the same limit is
/// what `remaining` falls by beyond our own.
class header_model {
public:
    static constexpr double least_margin = 0.005;
    static constexpr double most_margin = 0.05;
    static constexpr double longest_spread = 600;  ///< Seconds, of a window.

    [[nodiscard]] double rate() const noexcept { return rate_; }
    [[nodiscard]] double limit() const noexcept { return limit_; }
    [[nodiscard]] double others() const noexcept { return others_; }
    [[nodiscard]] double window() const noexcept { return window_; }
    /// A limit of a day is not spread over the day, it is used until nothing is left.
    [[nodiscard]] bool sets_pace() const noexcept {
        return window_ > 0 && window_ <= longest_spread;
    }
    /// Nothing is left before this; 0 if something is.
    [[nodiscard]] double closed_until() const noexcept { return closed_until_; }

    /// `in_flight`: what is on its way, in the unit of the limit.
    void record(const sample& s, const told_quota& q, const round_trip& trip,
                double in_flight) noexcept {
        window_ = q.window > 0 ? q.window : (std::max)({window_, q.reset, 1e-3});
        if (q.limit != limit_) {
            limit_ = q.limit;
            others_ = 0;
            remaining_ = since_.remaining = unknown;
        }
        const auto jitter = trip.deviation() * rate_;  // requests that may have changed places
        if (s.sent >= newest_sent_ && !is_of_the_last_window(s, q)) follow(s, q, trip, jitter);
        if (s.what == answer::accepted && s.sent >= since_.time) count_own(s, q, jitter);
        set_rate(s, q, trip, in_flight);
        if (s.what == answer::limited) refused(s);
        // All that is left is on its way; on a long way it may arrive in the next window, though.
        const auto on_its_way = trip.mean() < 0.02 * window_ ? in_flight : 0;
        if (q.remaining <= on_its_way && (!sets_pace() || s.what == answer::accepted))
            close(s, q, trip);
    }

private:
    static constexpr double unknown = -1;

    /// An answer that was overtaken by one of the new window.
    [[nodiscard]] bool is_of_the_last_window(const sample& s, const told_quota& q) const noexcept {
        return began_known_ && remaining_ > 0.5 * limit_ && q.remaining < 0.5 * limit_ &&
               s.sent - began_ < 0.25 * window_;
    }

    void follow(const sample& s, const told_quota& q, const round_trip& trip,
                double jitter) noexcept {
        newest_sent_ = s.sent;
        if (since_.remaining == unknown) begin_count(s, q, q.remaining + 1);
        const auto jump = (std::max)({2.0, (std::min)(0.1 * limit_, 20.0), 4 * jitter});
        const auto new_window = remaining_ != unknown && q.remaining > remaining_ + jump &&
                                (!began_known_ || s.sent - began_ > 0.5 * window_);
        if (new_window) {
            if (began_known_) window_over(jitter);
            // When the server looked at it: half a trip before the answer, which may have been
            // late.
            began_ = (std::max)(s.sent, s.now - trip.mean() / 2);
            began_known_ = true;
            begin_count(s, q, limit_);
        }
        remaining_ = q.remaining;
    }

    /// `available`: before it, where others may have taken some.
    void begin_count(const sample& s, const told_quota& q, double available) noexcept {
        since_ = {s.sent, q.remaining, available, 0};
    }

    /// What others used of the window that has ended.
    void window_over(double jitter) noexcept {
        const auto used = (std::max)(0.0, since_.available - remaining_ - since_.own - 1) / window_;
        others_ = windows_++ == 0 ? (std::max)(others_, used) : (others_ + used) / 2;
        const auto noise = (2 + 8 * jitter) / window_ + 0.01 * limit_ / window_;
        if (used < noise && others_ < noise) others_ = 0;
    }

    void count_own(const sample& s, const told_quota& q, double jitter) noexcept {
        since_.own += s.cost;
        const auto took = s.sent - since_.time;
        if (since_.own < 20 || took <= 0.05 * window_) return;
        const auto by_others = since_.remaining - q.remaining - since_.own;
        if (by_others > 4 + 0.05 * limit_ + 8 * jitter)
            others_ = (std::max)(others_, by_others / took);
    }

    void set_rate(const sample& s, const told_quota& q, const round_trip& trip,
                  double in_flight) noexcept {
        const auto whole = limit_ / window_;
        const auto base = (std::max)(whole - others_, 0.01 * whole);
        rate_ = base * (1 - margin_ - (std::min)(0.1, 1.5 * trip.deviation() / window_));
        if (!began_known_ && q.reset > 0 && q.reset < window_)  // joined within a window
            rate_ = (std::min)(2 * rate_, (std::max)(q.remaining, 1.0) / q.reset);
        const auto left = began_ + window_ - s.now;
        if (!began_known_ || others_ <= 0 || left <= 0 || left >= window_) return;
        const auto can =
            (std::max)(0.0, q.remaining - in_flight) / (std::max)(left, 0.5 / base) - others_;
        if (can < 0.9 * rate_ && q.remaining < 0.5 * limit_) rate_ = (std::max)(can, 0.05 * base);
    }

    void refused(const sample& s) noexcept {
        if (s.sent > reacted_) {
            margin_ = (std::min)(most_margin, margin_ + 0.002);
            reacted_ = s.now;
        }
        if (began_known_ && s.now >= began_ + window_) began_known_ = false;
    }

    void close(const sample& s, const told_quota& q, const round_trip& trip) noexcept {
        const auto left = began_ + window_ - s.now;
        if (!sets_pace() && q.reset > 0) {
            closed_until_ = s.now + q.reset;
            return;
        }
        if (!began_known_ || left <= 0 || left > window_) return;
        const auto edge = began_ + window_ + 0.001 + 2 * trip.deviation();
        closed_until_ = q.reset > 0 ? (std::min)(edge, s.now + q.reset) : edge;
    }

    double limit_ = 0;
    double window_ = 0;
    double rate_ = 0;
    double others_ = 0;  // what other clients take, per second
    double margin_ = least_margin;
    double remaining_ = unknown;
    double newest_sent_ = -1;
    double began_ = 0;  // of the window
    bool began_known_ = false;
    int windows_ = 0;
    double reacted_ = -1;
    double closed_until_ = 0;
    struct {
        double time = 0;
        double remaining = unknown;
        double available = 0;
        double own = 0;
    } since_;  // where counting what others take began
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_HEADER_MODEL_HPP
