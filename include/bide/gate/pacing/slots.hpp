// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_SLOTS_HPP
#define BIDE_GATE_PACING_SLOTS_HPP

#include <algorithm>

namespace bide::inline v1::pacing {

/// When the next request may go: slots at a pace, and a gate that a server's hint closes.
///
/// A slot is taken when its request goes, never booked ahead, so that a pace that changes moves all
/// that wait. Seconds.
class slots {
public:
    [[nodiscard]] double opens_at() const noexcept { return (std::max)(next_, closed_until_); }
    [[nodiscard]] double next() const noexcept { return next_; }
    [[nodiscard]] double closed_until() const noexcept { return closed_until_; }

    /// Timers that were late and stalls are made up for by `burst` slots at most, and one at least:
    /// more is what limiters refuse.
    void take(double now, double cost, double rate, double burst) noexcept {
        last_cost_ = cost;
        const auto gap = 1 / rate;
        const auto catch_up = (std::max)({gap, 0.002, burst * gap});
        // Counted from when it could have gone: what a closed gate held up is not late.
        next_ = (std::max)(opens_at(), now - catch_up) + cost * gap;
    }
    /// The request did not go after all.
    void give_back(double cost, double rate) noexcept { next_ -= cost / rate; }

    void close_until(double t) noexcept { closed_until_ = (std::max)(closed_until_, t); }
    void move_to(double t) noexcept { next_ = t; }
    /// The pace has changed: no longer a wait than the last request calls for.
    void repace(double from, double rate) noexcept {
        next_ = (std::min)(next_, from + last_cost_ / rate);
    }

private:
    double next_ = 0;
    double last_cost_ = 1;
    double closed_until_ = 0;
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_SLOTS_HPP
