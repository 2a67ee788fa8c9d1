// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_PACING_LEARNER_HPP
#define BIDE_GATE_PACING_LEARNER_HPP

#include <bide/gate/pacing/flight_cap.hpp>
#include <bide/gate/pacing/rate_tracker.hpp>
#include <bide/gate/pacing/refusals.hpp>
#include <bide/gate/pacing/sample.hpp>
#include <bide/gate/pacing/slots.hpp>
#include <bide/gate/pacing/usual_windows.hpp>
#include <bide/gate/pacing/window_model.hpp>

#include <algorithm>
#include <cmath>

namespace bide::inline v1::pacing {

/// Learns a limit from what is accepted and refused alone, and moves the next slot accordingly.
///
/// The rate tracker always works; the window model overrules it where blocks prove windows, the cap
/// in flight where refusals prove a limit of concurrency.
class learner {
public:
    learner(double rate, bool known, bool grows) noexcept : grows_{grows}, tracker_{rate, known} {}

    [[nodiscard]] double rate() const noexcept { return tracker_.rate(); }
    /// Requests in flight that are too many for one more.
    [[nodiscard]] bool is_full(double requests) const noexcept {
        if (cap_.believed()) return requests >= cap_.cap();
        // Slow start may have no more in flight than it has proof for.
        return tracker_.is_starting() && requests >= 20 + accepted_ / 8;
    }
    /// The limit is known to a percent or so.
    [[nodiscard]] bool knows_limit() const noexcept {
        return window_.believed() ? window_.is_confirmed() : tracker_.is_settled();
    }
    /// So much may come late and at once without being refused.
    [[nodiscard]] double burst() const noexcept {
        if (tracker_.is_starting()) return 1;
        if (window_.believed()) return 0.05 * window_.limit();
        return (std::min)(0.5 * tracker_.burst(), 0.1 * tracker_.rate());
    }
    /// The length of the windows, 0 if there are none.
    [[nodiscard]] double window() const noexcept {
        return window_.believed() ? window_.window() : 0;
    }

    void begin(double now) noexcept {
        tracker_.first_sent(now);
        window_.first_sent(now, tracker_.accepted());
    }
    /// After a time in which things may have changed: the rate is a good guess, the rest forgotten.
    void restart(double rate, double now) noexcept {
        if (!tracker_.is_starting()) tracker_.restart(rate, now);
        window_ = {};
        window_.first_sent(now, tracker_.accepted());
        refusals_ = {};
        cap_ = {};
        retry_after_ = 0;
    }
    /// Somebody knows the rate.
    void told(double rate, const sample& s) noexcept {
        if (s.what == answer::accepted) tracker_.count(s.cost, 1);
        tracker_.adopt(rate);
    }

    /// Whether an acceptance teaches more than that it was one, though nobody waited.
    [[nodiscard]] bool hears_each() const noexcept {
        return cap_.believed() || refusals_.awaits_acceptance();
    }
    /// `n` requests of cost 1 that nobody waited for, the last sent at `sent`.
    void accepted_plainly(double n, double sent) noexcept {
        tracker_.count(n, n);
        accepted_ += n;
        tracker_.anchor(sent);
        window_.record_accepted(sent, tracker_.accepted());
    }

    void accepted(const sample& s, slots& next, const round_trip& trip) noexcept {
        const auto before = tracker_.accepted();
        tracker_.count(s.cost, 1);
        accepted_ += 1;
        cap_.accepted(s.in_flight);
        if (!s.paced) tracker_.anchor(s.sent);  // what was not held back is no measure of a limit
        window_.record_accepted(s, tracker_.accepted());
        const auto ended = refusals_.record_accepted(s);
        if (tracker_.is_starting()) {
            if (tracker_.grow_in_start(s)) next.repace(s.now, rate());
            return;
        }
        if (cap_.believed()) return follow_cap(s, next, trip);
        if (ended) return block_ended(*ended, s, before, next);
        // Where nobody waited, faster would not have been faster.
        if (s.paced && (grows_ || !knows_limit())) grow();
    }

    void limited(const sample& s, slots& next, const round_trip& trip) noexcept {
        if (s.retry_after > 0) retry_after_ = s.retry_after;
        const auto r = refusals_.record_refused(s);
        blocked_ = refusals_.consecutive();
        if (tracker_.is_starting()) {
            tracker_.end_start(s);
            refusals_.reacted(s.now);
            // What is on its way tells more, so it is waited for.
            return next.move_to(s.now + (std::max)(1 / rate(), trip.mean()));
        }
        if (r.fresh && limited_by_concurrency(s)) return;
        cut(s, r, trip);
        if (!r.fresh) return;
        if (r.first) judge_window(s);
        refusals_.reacted(s.now);
        r.first ? leave_room(s, next) : look_again(s, next, trip);
    }

private:
    /// A refusal costs so many requests that it is cheaper to be careful.
    [[nodiscard]] bool is_dear() const noexcept { return retry_after_ * rate() > 20; }

    void grow() noexcept {
        if (window_.believed() && !window_.is_confirmed())
            return tracker_.grow_by(window_.confirming_growth(rate(), is_dear()));
        const auto most = window_.believed() ? 1 / (2 * window_.limit() + 1) : 1.0;
        tracker_.grow(most, retry_after_ * rate());
    }

    void cut(const sample& s, const refusals::refusal& r, const round_trip& trip) noexcept {
        // What a token bucket may have accepted beyond its rate between two refusals, and what was
        // accepted and is not heard of yet. Runs are soon corrected; after a lone refusal, a cut
        // that is too deep lasts.
        const auto in_doubt = trip.deviation() * rate();
        if (tracker_.is_quiet() && r.fresh)
            return tracker_.isolated(s, 1.5 * s.cost + 3 * in_doubt, !window_.believed(), steps(s));
        const auto blocked = s.now - refusals_.block_began();
        if (window_.believed() && blocked > 1.5 * window_.window() + retry_after_) {
            window_.refute();
            tracker_.set_learnt(0);
        }
        // One cut per round trip, but that the end of slow start is still to be found out.
        const auto tells = r.fresh || tracker_.learnt() < 30;
        tracker_.in_a_run(s, 1.5 * s.cost + 1.5 * in_doubt, tells && !window_.believed());
    }

    /// Each window costs a wait that the server asks for: the limit is believed to be higher than
    /// it is, and each refusal in a row is a larger cut.
    double steps(const sample& s) noexcept {
        const auto again =
            window_.believed() && is_dear() && s.sent - window_.edge() < 2.5 * window_.window();
        dear_in_a_row_ = again ? (std::min)(dear_in_a_row_ + 1, 4) : 0;
        return std::ldexp(1, (std::max)(dear_in_a_row_ - 1, 0));
    }

    void block_ended(const block& b, const sample& s, double accepted, slots& next) noexcept {
        next.repace((std::max)(s.now - 1 / rate(), s.sent), rate());
        const auto found = window_.block_ended(b, accepted);
        if (found == window_model::ending::not_a_window) {
            if (blocked_ >= 3) tracker_.raise_to(1 / (std::max)(b.length(), 1e-3));
            return;
        }
        if (found == window_model::ending::new_pace) {
            tracker_.adopt(window_.pace());
            tracker_.set_learnt((std::max)(tracker_.learnt(), 150.0));
        }
        next.move_to(s.now + 1 / rate());
        tracker_.anchor(s.sent);
    }

    void judge_window(const sample& s) noexcept {
        const auto pace = tracker_.rate_before();
        const auto n = window_.since_edge(tracker_.accepted());
        const auto elapsed = s.sent - window_.edge();
        switch (window_.first_refusal(s, tracker_.accepted())) {
            case window_model::verdict::nothing:
                return;
            case window_model::verdict::refuted:
                tracker_.adopt((std::min)(rate(), n / (std::max)(elapsed, 1e-6)));
                tracker_.anchor(s.sent);
                return tracker_.set_learnt(0);
            case window_model::verdict::exact:
                tracker_.adopt(window_.pace());
                break;
            case window_model::verdict::less:
                tracker_.adopt(pace * window_.cut(is_dear()));
                break;
        }
        tracker_.set_learnt(300);
    }

    bool limited_by_concurrency(const sample& s) noexcept {
        const auto before = cap_.believed();
        cap_.refused(s.in_flight);
        if (cap_.believed())
            refusals_.reacted(s.now);
        else if (before)  // a limit of rates after all
            tracker_.restart(window_.recent_rate(s.now), s.now);
        return cap_.believed();
    }

    /// Concurrency is the limit: the pace only keeps requests from going all at once.
    void follow_cap(const sample& s, slots& next, const round_trip& trip) noexcept {
        tracker_.adopt(4 * cap_.cap() / (std::max)(trip.mean(), 1e-3));
        next.repace(s.now, rate());
    }

    /// After the first refusal: the bucket gets a token or two.
    void leave_room(const sample& s, slots& next) const noexcept {
        const auto gap = 1 / rate();
        const auto room = (tracker_.run() > 1 ? 2 : 1) * gap;
        const auto booked = next.next() > s.now ? gap : 0;
        next.move_to((std::max)(next.next(), s.now) + room - booked);
    }

    /// In a block: when may it be over? After ever longer waits, and where windows usually end.
    void look_again(const sample& s, slots& next, const round_trip& trip) const noexcept {
        const auto n = window_.since_edge(tracker_.accepted());
        const auto blocked = (std::max)(s.now - refusals_.block_began(), 1e-4);
        // Of a window's refusals, a few per cent of what it accepts at most.
        const auto share = std::clamp(450 / (std::max)(n, 1.0), 0.05, 0.5);
        auto wait = (std::max)(blocked * share, 0.5 / (std::max)(tracker_.rate_before(), 0.01));
        if (window_.believed())
            wait = (std::min)(wait, (std::max)(window_.window() / 20, 1 / rate()));
        if (n >= 3) wait = (std::min)(wait, until_usual_end(s.now - window_.edge(), trip));
        next.move_to(s.now + wait);
    }

    /// From `elapsed` since the edge of a window: to where it usually ends, or, shortly after such
    /// an end, a little later, because the edge is known to the jitter of the network only.
    static double until_usual_end(double elapsed, const round_trip& trip) noexcept {
        const auto late = elapsed - usual_window_before(elapsed);
        if (elapsed > 1 && late < 0.03) return (std::max)(2 * late, 0.005);
        return usual_window_after(elapsed) - elapsed + 0.002 + 2 * trip.deviation();
    }

    bool grows_;  // beyond a limit that is known, to see whether it has risen
    rate_tracker tracker_;
    refusals refusals_{};
    window_model window_{};
    flight_cap cap_{};
    double accepted_ = 0;     // requests
    double retry_after_ = 0;  // the last that was asked for
    int dear_in_a_row_ = 0;   // refusals that ended a window with a wait
    int blocked_ = 0;         // refusals in the block that goes on or went last
};

}  // namespace bide::inline v1::pacing

#endif  // BIDE_GATE_PACING_LEARNER_HPP
