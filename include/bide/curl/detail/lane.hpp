// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_LANE_HPP
#define BIDE_CURL_DETAIL_LANE_HPP

#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/closing.hpp>
#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/hedges.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/detail/plan_at_work.hpp>
#include <bide/curl/detail/planned_request.hpp>
#include <bide/curl/detail/seats.hpp>
#include <bide/curl/detail/tries.hpp>
#include <bide/curl/engine/ready_queue.hpp>
#include <bide/curl/request.hpp>
#include <bide/gate/detail/entry.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/retry/runtime.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// The requests of one plan: the driver that does for many operations on one thread what
/// `retry` does for one.
///
/// They queue here and not at the gates: only the first asks, so that a queue of any length costs
/// the gates one ticket, and an order of our own (priority, deadline) is kept up to the last
/// moment. The time of a request runs from its turn, not from its place in the queue, for which it
/// has a deadline of its own.
template <class How>
class lane final : public lane_base {
    using its = plans::parts<How>;

    static_assert(std::is_same_v<typename its::runtime_type, system_runtime>,
                  "bide::curl::client: the plan must leave the clock to the system");

    using request_of = planned_request<How>;

public:
    lane(engine& of, How how) : lane_base{of, &how_}, how_{std::move(how)} {}

    [[nodiscard]] std::unique_ptr<operation> make(request&& r, const send_options& how) override {
        if (how.resume && how.resume->attempts > 0) {
            // What counts is its age at the next try.
            const auto next = (std::max)(plans::wall_now(), how.resume->not_before);
            const auto age =
                plans::saturating_sub(time_point{next.time_since_epoch()},
                                      time_point{how.resume->began.time_since_epoch()});
            r.key_age = plans::larger(r.key_age, age);
        }
        return std::make_unique<request_of>(std::move(r), *this, how);
    }

    void join(operation& one, time_point now) override {
        auto& o = static_cast<request_of&>(one);
        listen_for_stop();
        if (o.at == stage::handed_over && o.more && o.more->not_before > now)
            return engine_->schedule().wait(o, o.more->not_before);
        if (o.is_hedge() && !detail::may_hedge(work_, o, now)) return;
        if (o.begun) o.deadline = o.state.last_start();
        o.at = stage::ready;
        ready_.push(o);
        refresh();
    }

    void proceed(time_point now) override {
        if (work_.is_stopped()) return obey(now);
        while (auto* first = ready_.top()) {
            auto& o = static_cast<request_of&>(*first);
            auto word = plans::gate_word{.stop = o.begin(now)};
            if (!word.stop) word = work_.gates.knock(o, now);
            if (!word.stop && !word.go) {
                parked_ = true;
                parked_until_ = word.until;
                break;
            }
            if (!word.stop) {
                ready_.go(o);
                detail::fly(work_, work_.gates.let_in(), o, now);
                break;
            }
            ready_.remove(o);
            const auto* refused_by = work_.gates.stand_up(o);
            detail::close(work_, o, *word.stop, now, refused_by);
        }
        refresh();
    }

    void wake_up(time_point now) override {
        const auto just_before = plans::saturating_add(now, duration{-1});
        while (auto* late = ready_.pop_expired(just_before)) {
            auto& o = static_cast<request_of&>(*late);
            work_.gates.stand_up(o);
            detail::close(work_, o, o.state.stop(bide::end::out_of_time, now), now);
        }
        if (parked_until_ <= now) parked_ = false;
        refresh();
    }

    void hear(time_point now) override {
        if (work_.is_stopped()) return obey(now);
        parked_ = false;
        refresh();
    }

    void land(seat& s, CURLcode code, time_point now) override {
        detail::land(work_, static_cast<lane_seat<How>&>(s), code, now);
    }

    void end(operation& one, ending why, time_point now, time_point due) override {
        auto& o = static_cast<request_of&>(one);
        if (o.at == stage::ready) {
            ready_.remove(o);
            work_.gates.stand_up(o);
            refresh();
        }
        detail::close(work_, o, detail::stop_from_outside(o, why, now, due), now);
    }

    void end_all(ending why, time_point now) override {
        while (auto* one = ready_.pop()) {
            auto& o = static_cast<request_of&>(*one);
            work_.gates.stand_up(o);
            detail::close(work_, o, detail::stop_from_outside(o, why, now, now), now);
        }
        refresh();
    }

private:
    struct stop_listener {
        stop_listener(const How& how, lane_base& its) : on{how.stop().ring_on_request(its)} {}
        decltype(std::declval<const How&>().stop().ring_on_request(std::declval<lane_base&>())) on;
    };

    /// The plan's token was asked to stop.
    void obey(time_point now) {
        engine_->schedule().hurry(*this, now);
        end_all(ending::cancelled, now);
    }
    void listen_for_stop() {
        if constexpr (its::stoppable)
            if (!stopper_) stopper_.emplace(how_, *this);
    }

    /// Says to the engine what the lane wants, after any change.
    void refresh() {
        const auto* first = ready_.top();
        if (work_.gates.is_taken_by_other_than(first))
            parked_ = false;  // somebody more urgent asks anew
        parked_ = parked_ && first != nullptr;
        const auto wants = first != nullptr && !parked_;
        if (!parked_ && (first == nullptr || !engine_->flights().has_room())) work_.gates.leave();
        engine_->schedule().set_runnable(*this, false);
        if (wants) {
            priority = first->priority;
            deadline = first->deadline;
            turn = first->turn;
            engine_->schedule().set_runnable(*this, true);
        }
        const auto expires = ready_.next_deadline();
        const auto late = expires == never ? never : plans::saturating_add(expires, duration{1});
        engine_->schedule().set_timer(*this,
                                      parked_ && parked_until_ < late ? parked_until_ : late);
    }

    How how_;
    plan_at_work<How> work_{*engine_, how_, *this};
    ready_queue<operation> ready_;
    bool parked_ = false;  // the gates said when to ask again, or that they will ring
    time_point parked_until_ = never;
    std::optional<stop_listener> stopper_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_LANE_HPP
