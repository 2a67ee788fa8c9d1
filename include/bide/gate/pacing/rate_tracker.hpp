// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_RATE_TRACKER_HPP
#define BIDE_GATE_PACING_RATE_TRACKER_HPP

#include <bide/gate/pacing/sample.hpp>

#include <algorithm>

namespace bide::inline v1::pacing {

/// Finds the rate of a limiter of which nothing is known, and follows it.
///
/// 1. Slow start: the pace doubles once per round until the first refusal.
/// 2. Between two refusals of a limiter that fills up steadily, such as a token bucket, what was
///    accepted divided by the time is its rate: the estimate gets better as 1/n.
/// 3. Then stochastic approximation (Robbins and Monro, 1951) with a budget of refusals: the pace
///    is cut by a share d on a refusal and grows by d times the budget on an acceptance, so that in
///    equilibrium that share of requests is refused. Without some refusals a limit that rises would
///    never be seen.
class rate_tracker {
public:
    static constexpr double least_rate = 0.01;  ///< Per second; below it nothing would be learnt.
    static constexpr double most_rate = 1e9;
    static constexpr double budget = 0.003;  ///< Refusals per request once it has settled.
    static constexpr double round = 0.04;    ///< Slow start doubles at most once in this time.

    /// `known`: the rate is told, so slow start is left out.
    rate_tracker(double rate, bool known) noexcept
        : rate_{std::clamp(rate, least_rate, most_rate)},
          starting_{!known},
          learnt_{known ? 300.0 : 0.0} {}

    [[nodiscard]] double rate() const noexcept { return rate_; }
    [[nodiscard]] double rate_before() const noexcept { return before_; }
    /// The last refusal came after enough acceptances to tell the rate to a percent.
    [[nodiscard]] bool is_settled() const noexcept { return settled_; }
    [[nodiscard]] bool is_starting() const noexcept { return starting_; }
    [[nodiscard]] double accepted() const noexcept { return accepted_; }

    void first_sent(double now) noexcept { began_ = round_began_ = anchor_time_ = now; }

    /// Forgets all but the count, and goes on from a rate that is a good guess.
    void restart(double rate, double now) noexcept {
        const auto accepted = accepted_;
        *this = rate_tracker{rate, true};
        accepted_ = anchor_accepted_ = accepted;
        first_sent(now);
    }

    /// What the limiter took in slow start beyond the rate that is known now: its burst, about.
    [[nodiscard]] double burst() const noexcept { return start_accepted_ - rate_ * start_took_; }

    /// So many requests were accepted, of that cost together.
    void count(double cost, double requests) noexcept {
        accepted_ += cost;
        quiet_ += requests;
        if (!starting_) learnt_ += requests;
    }

    /// @return whether the pace was doubled.
    bool grow_in_start(const sample& s) noexcept {
        // An acceptance of this round, so that one round trip doubles but once.
        if (!s.paced || s.sent < round_began_ || s.now - round_began_ < round) return false;
        set(2 * rate_);
        round_began_ = s.now;
        return true;
    }

    /// The pace at which it was sent was too fast; on a long way that is not the pace of now.
    void end_start(const sample& s) noexcept {
        starting_ = false;
        start_accepted_ = accepted_;
        start_took_ = s.sent - began_;
        before_ = rate_;
        const auto too_fast = s.sent < round_began_ ? rate_ / 2 : rate_;
        set(too_fast / 2);
        learnt_ = 0;
        begin_run(s);
    }

    /// `most`: the budget that is worth a refusal here; `price`: what one costs, in requests.
    void grow(double most, double price) noexcept {
        const auto p = (std::min)(budget_now(), most) / (1 + price);
        if (rate_ < 0.97 * at_refusal_) {  // quickly back to what is known, and no further
            set((std::min)(rate_ * (1 + 0.01 / (1 + price)), 0.97 * at_refusal_));
            quiet_ = 8;
            return;
        }
        // Longer quiet than the budget expects: the limit has risen, so growth bends upward.
        const auto beyond = (std::max)(0.0, quiet_ * p - 1);
        const auto growth = step() * p * (1 + 30 * beyond * beyond * beyond);
        set(rate_ * (1 + (std::min)(growth, 0.02)));
    }
    /// Growth by so large a share per request, whatever the budget.
    void grow_by(double share) noexcept { set(rate_ * (1 + share)); }

    /// A refusal after a quiet stretch: slightly too fast, until the next one proves more.
    /// `slack`: what may have been accepted beyond the rate. `steps`: so many cuts at once.
    void isolated(const sample& s, double slack, bool bound_by_estimate, double steps) noexcept {
        if (at_refusal_ > 0 && rate_ > 1.3 * at_refusal_)
            learnt_ = 0;  // the limit rose: learn anew
        const auto estimate = measured(s, slack);
        settled_ = accepted_ - anchor_accepted_ >= 100;
        before_ = rate_;
        set(rate_ * (1 - (std::min)(steps * step(), 0.5)));
        if (bound_by_estimate && estimate > 0 && estimate < rate_) set(estimate);
        begin_run(s);
        at_refusal_ = rate_;
    }

    /// One more refusal soon after the last: what was accepted in between bounds the rate.
    void in_a_run(const sample& s, double slack, bool bound_by_estimate) noexcept {
        ++run_;
        quiet_ = 0;
        if (!bound_by_estimate || !(s.sent > anchor_time_)) return;
        const auto estimate = measured(s, slack);
        if (estimate < rate_) set(estimate);
        if (rate_ < 0.8 * before_) learnt_ = (std::min)(learnt_, 20.0);
    }

    [[nodiscard]] bool is_quiet() const noexcept { return quiet_ >= 8; }
    [[nodiscard]] int run() const noexcept { return run_; }

    /// From here on counts what is accepted against time.
    void anchor(double sent) noexcept {
        anchor_time_ = sent;
        anchor_accepted_ = accepted_;
    }

    /// Another layer knows better.
    void adopt(double rate) noexcept {
        set(rate);
        if (at_refusal_ > 0) at_refusal_ = rate_;
        starting_ = false;
    }
    void raise_to(double rate) noexcept { set((std::max)(rate_, rate)); }
    /// How much experience the pace has behind it, in requests.
    [[nodiscard]] double learnt() const noexcept { return learnt_; }
    void set_learnt(double requests) noexcept { learnt_ = requests; }

private:
    void begin_run(const sample& s) noexcept {
        anchor(s.sent);
        run_ = 1;
        quiet_ = 0;
    }
    void set(double rate) noexcept { rate_ = std::clamp(rate, least_rate, most_rate); }
    [[nodiscard]] double step() const noexcept { return (std::max)(0.005, 1 / (learnt_ + 10)); }
    /// More refusals are worth it while learning; about 13 in the first 2000.
    [[nodiscard]] double budget_now() const noexcept {
        return (std::max)(budget, 3 / (learnt_ + 30));
    }
    /// 0 if there is no time to divide by.
    [[nodiscard]] double measured(const sample& s, double slack) const noexcept {
        const auto took = s.sent - anchor_time_;
        return took > 0 ? (accepted_ - anchor_accepted_ + slack) / took : 0;
    }

    double rate_;
    bool starting_;
    bool settled_ = false;
    double began_ = 0;
    double round_began_ = 0;
    double start_accepted_ = 0;  // in slow start
    double start_took_ = 0;
    alignas(pair_alignment) double accepted_ = 0;
    double quiet_ = 0;  // acceptances since the last refusal
    double learnt_;     // acceptances since learning began
    alignas(pair_alignment) double anchor_time_ = 0;
    double anchor_accepted_ = 0;
    double before_ = 0;      // the pace before the run of refusals
    double at_refusal_ = 0;  // the pace that the last isolated refusal left
    int run_ = 0;            // refusals in the run
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_RATE_TRACKER_HPP
