// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_SCHEDULE_HPP
#define BIDE_CURL_DETAIL_SCHEDULE_HPP

#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/engine/ready_queue.hpp>
#include <bide/curl/engine/timer_heap.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <vector>

namespace bide::inline v1::curl::detail {

/// Who is next: lanes that want to start a request, and the instants that requests and lanes wait
/// for. For the engine's thread.
class schedule {
public:
    /// The lane's first wants to start; the lane's key says how soon.
    void set_runnable(lane_base& lane, bool wants) {
        if (runnable_.holds(lane)) runnable_.remove(lane);
        if (wants) runnable_.push(lane);
    }
    /// The lane whose first starts next, null if none wants to; it is runnable no more.
    [[nodiscard]] lane_base* next_lane() noexcept { return runnable_.pop(); }

    /// Wakes the lane up then; `never` for not at all.
    void set_timer(lane_base& lane, time_point at) {
        auto& clock = lane.timer();
        const auto is_set = clocks_.holds(clock);
        if (is_set && at != never) return clocks_.move(clock, at);
        if (is_set) return clocks_.remove(clock);
        if (at != never) clocks_.push(clock, at);
    }

    void wait(operation& o, time_point at) {
        waits_.push(o, at);
        o.at = stage::waiting;
    }
    /// Both: it waits already.
    void wait_until(operation& o, time_point at) { waits_.move(o, at); }
    void remove(operation& o) noexcept { waits_.remove(o); }

    /// Those of the lane that wait are in its queue at once.
    void hurry(lane_base& lane, time_point now) {
        std::vector<operation*> its;
        waits_.for_each([&](operation& o) {
            if (o.by == &lane) its.push_back(&o);
        });
        for (auto* o : its) {
            waits_.remove(*o);
            lane.join(*o, now);
        }
    }

    /// When the next wait ends.
    [[nodiscard]] time_point next() const noexcept {
        return (std::min)(waits_.next(), clocks_.next());
    }
    /// Ends all waits that are over.
    void fire(time_point now) {
        while (auto* o = waits_.pop_due(now)) o->by->join(*o, now);
        while (auto* clock = clocks_.pop_due(now)) clock->lane->wake_up(now);
    }
    /// Ends all operations that wait.
    void end_all(ending why, time_point now) {
        while (!waits_.empty()) {
            const auto due = waits_.next();
            auto& o = *waits_.pop_due(due);
            o.by->end(o, why, now, due);
        }
    }

private:
    timer_heap<operation> waits_;                // for their next try
    timer_heap<lane_base::alarm_clock> clocks_;  // of lanes
    ready_queue<lane_base> runnable_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_SCHEDULE_HPP
