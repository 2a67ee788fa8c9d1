// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_PACER_HPP
#define BIDE_GATE_PACING_PACER_HPP

#include <bide/gate/pacing/learner.hpp>
#include <bide/gate/pacing/quota_models.hpp>
#include <bide/gate/pacing/sample.hpp>
#include <bide/gate/pacing/slots.hpp>
#include <bide/quota.hpp>

#include <algorithm>
#include <limits>

namespace bide::inline v1::pacing {

/// One limit of one server: when may the next request go, and what do answers teach?
///
/// What responses tell of quotas overrules what is learnt from acceptances and refusals. Seconds;
/// O(1) per call, no allocation.
class pacer {
public:
    static constexpr double unknown_start = 20;  ///< Per second, if no rate is known.
    static constexpr double least_idle = 60;     ///< After so long, what was learnt is a guess.
    /// So many answers are heard one by one, to know the round trip and what is usual in flight.
    static constexpr int heard_in_full = 64;

    /// `rate` 0: unknown. `utilisation`: the share of the limit that is ours.
    pacer(double rate, double utilisation) noexcept
        : utilisation_{utilisation},
          learner_{rate > 0 ? rate : unknown_start, rate > 0, utilisation >= 1} {}

    [[nodiscard]] bool may_go(double now, double /*cost*/) const noexcept {
        return !is_full() && slots_.opens_at() <= now + 1e-9;
    }
    /// When the one may go that has `ahead` before it, in cost; infinity if an answer must come
    /// first.
    [[nodiscard]] double opens_at(double ahead, double /*cost*/) const noexcept {
        if (is_full()) return std::numeric_limits<double>::infinity();
        return slots_.opens_at() + ahead / rate();
    }
    [[nodiscard]] double closed_until() const noexcept { return slots_.closed_until(); }

    /// @return the requests in flight with it, for its sample.
    double take(double now, double cost) noexcept {
        if (!began_ || now - last_taken_ > least_idle) wake_up(now);
        last_taken_ = now;
        const auto burst = quotas_.set_pace() ? 0.05 * quotas_.limit() : learner_.burst();
        slots_.take(now, cost, rate(), burst);
        in_flight_ += cost;
        return requests_ += 1;
    }
    void give_back(double cost) noexcept {
        slots_.give_back(cost, rate());
        in_flight_ -= cost;
        requests_ -= 1;
    }

    [[nodiscard]] double rate() const noexcept {
        if (quotas_.set_pace()) return utilisation_ * quotas_.rate();
        const auto holds = utilisation_ < 1 && learner_.knows_limit();
        return (holds ? utilisation_ : 1) * learner_.rate();
    }

    /// Whether an acceptance teaches more than that it was one.
    [[nodiscard]] bool hears_each() const noexcept {
        return heard_ < heard_in_full || quotas_.set_pace() || learner_.hears_each();
    }
    /// `n` requests of cost 1 that neither waited nor were told anything.
    void accepted_plainly(double n, double /*now*/) noexcept {
        in_flight_ -= n;
        requests_ -= n;
        learner_.accepted_plainly(n, last_taken_);
    }

    void record(const sample& s, const quotas* told) noexcept {
        in_flight_ -= s.cost;
        requests_ -= 1;
        if (s.what == answer::other) return;
        if (heard_ < heard_in_full) ++heard_;
        trip_.record(s.now - s.sent);
        if (s.what == answer::limited && s.retry_after > 0)
            slots_.close_until(s.now + s.retry_after);
        const auto heard = quotas_.record(s, told, trip_, in_flight_);
        slots_.close_until(quotas_.closed_until());
        if (heard && quotas_.set_pace()) {
            learner_.told(quotas_.rate(), s);
            return slots_.repace(s.now, rate());
        }
        // Not told for long: from where they were, it is learnt again.
        if (quotas_.set_pace() && s.now - quotas_.heard() > longest_idle())
            forget(quotas_.rate(), s.now);
        s.what == answer::accepted ? learner_.accepted(s, slots_, trip_)
                                   : learner_.limited(s, slots_, trip_);
    }

private:
    [[nodiscard]] bool is_full() const noexcept {
        return !quotas_.set_pace() && learner_.is_full(requests_);
    }
    [[nodiscard]] double longest_idle() const noexcept {
        return (std::max)({least_idle, 10 * quotas_.window(), 10 * learner_.window()});
    }
    /// For the first request, and for one after a time without any.
    [[gnu::cold, gnu::noinline]] void wake_up(double now) noexcept {
        if (!began_)
            learner_.begin(now);
        else if (now - last_taken_ > longest_idle())
            forget(learner_.rate(), now);
        began_ = true;
    }
    void forget(double rate, double now) noexcept {
        learner_.restart(rate, now);
        quotas_ = {};
        heard_ = 0;
    }

    double utilisation_;
    learner learner_;
    quota_models quotas_{};
    round_trip trip_{};
    slots slots_{};
    alignas(pair_alignment) double in_flight_ = 0;  // in cost
    double requests_ = 0;                           // in flight
    double last_taken_ = 0;
    int heard_ = 0;
    bool began_ = false;
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_PACER_HPP
