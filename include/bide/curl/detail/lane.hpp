// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_LANE_HPP
#define BIDE_CURL_DETAIL_LANE_HPP

#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/planned_request.hpp>
#include <bide/curl/detail/seats.hpp>
#include <bide/curl/engine/ready_queue.hpp>
#include <bide/curl/transfer.hpp>
#include <bide/detail/test_switch.hpp>
#include <bide/gate/detail/entry.hpp>
#include <bide/retry/classifier.hpp>
#include <bide/retry/detail/closing.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/outcome.hpp>
#include <bide/retry/plan.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/retry/runtime.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

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
    using policy_type = typename its::policy_type;
    static constexpr bool gated = its::gated;

    static_assert(std::is_same_v<typename its::runtime_type, system_runtime>,
                  "bide::curl::client: the plan must leave the clock to the system");

    using request_of = planned_request<How>;
    using seat_type = lane_seat<How>;

public:
    lane(engine& of, How how) : lane_base{of, &how_}, how_{std::move(how)} {}

    [[nodiscard]] std::unique_ptr<operation> make(request r, const send_options& how) override {
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
            return engine_->wait(o, o.more->not_before);
        if (o.is_hedge() && !may_hedge(o, now)) return;
        if (o.begun) o.deadline = o.state.last_start();
        o.at = stage::ready;
        ready_.push(o);
        refresh();
    }

    void proceed(time_point now) override {
        if (is_stopped()) return obey(now);
        while (auto* first = ready_.top()) {
            auto& o = static_cast<request_of&>(*first);
            auto word = plans::gate_word{.stop = o.begin(now)};
            if (!word.stop) word = post_.knock(o, now);
            if (!word.stop && !word.go) {
                parked_ = true;
                parked_until_ = word.until;
                break;
            }
            if (!word.stop) {
                ready_.go(o);
                fly(o, now);
                break;
            }
            ready_.remove(o);
            const auto* refused_by = post_.stand_up(o);
            close(o, *word.stop, now, refused_by);
        }
        refresh();
    }

    void wake_up(time_point now) override {
        const auto just_before = plans::saturating_add(now, duration{-1});
        while (auto* late = ready_.pop_expired(just_before)) {
            auto& o = static_cast<request_of&>(*late);
            post_.stand_up(o);
            close(o, o.state.stop(bide::end::out_of_time, now), now);
        }
        if (parked_until_ <= now) parked_ = false;
        refresh();
    }

    void hear(time_point now) override {
        if (is_stopped()) return obey(now);
        parked_ = false;
        refresh();
    }

    void land(seat& its_seat, CURLcode code, time_point now) override {
        auto& s = static_cast<seat_type&>(its_seat);
        engine_->flights().recall(s);
        // NOLINTNEXTLINE(bugprone-unchecked-optional-access): it is in flight
        auto result = s.run->finish(code, plans::wall_now());
        landed l{.response = &result};
        try {
            if constexpr (gated) s.gates.listen(result);
            l.found = plans::judge_result(rules().judge(), result, certainty::not_sent);
        } catch (...) {  // a classifier of the user
            l = {.found = {.verdict = verdict::permanent, .certainty = result.found.certainty},
                 .error = std::current_exception()};
        }
        s.who->fresh = code != CURLE_OK;
        if (code == CURLE_SEND_FAIL_REWIND) {  // curl#18206: libcurl never forgets that
            s.run.reset();
            s.easy.reset();
        }
        settle(s, std::move(l), now);
    }

    void end(operation& one, ending why, time_point now, time_point due) override {
        auto& o = static_cast<request_of&>(one);
        if (o.at == stage::ready) {
            ready_.remove(o);
            post_.stand_up(o);
            refresh();
        }
        close(o, outside(o, why, now, due), now);
    }

    void end_all(ending why, time_point now) override {
        while (auto* one = ready_.pop()) {
            auto& o = static_cast<request_of&>(*one);
            post_.stand_up(o);
            close(o, outside(o, why, now, now), now);
        }
        refresh();
    }

private:
    struct stop_listener {
        stop_listener(const How& how, lane_base& its) : on{how.stop().ring_on_request(its)} {}
        decltype(std::declval<const How&>().stop().ring_on_request(std::declval<lane_base&>())) on;
    };

    /// What came of a try.
    struct landed {
        curl::response* response = nullptr;
        finding found{};
        std::exception_ptr error{};
    };

    [[nodiscard]] const policy_type& rules() const noexcept { return its::rules(how_); }

    [[nodiscard]] splitmix64& random() {
        if (!random_) random_.emplace(plans::entropy());
        return *random_;
    }

    [[nodiscard]] bool is_stopped() const noexcept {
        if constexpr (its::stoppable)
            return how_.stop().stop_requested();
        else
            return false;
    }
    /// The plan's token was asked to stop.
    void obey(time_point now) {
        engine_->hurry(*this, now);
        end_all(ending::cancelled, now);
    }
    void listen_for_stop() {
        if constexpr (its::stoppable)
            if (!stopper_) stopper_.emplace(how_, *this);
    }

    // ---- Hedges --------------------------------------------------------------------------------

    /// Whether a hedge may take its turn; if not, it waits, or it has ended.
    [[nodiscard]] bool may_hedge(request_of& o, time_point now) {
        if (is_stopped()) return true;  // to the queue, which ends with all that is in it
        const auto& in = *o.more->in;
        auto* first = in.first ? static_cast<request_of*>(in.first->its) : nullptr;
        if (in.throttled || first == nullptr) {
            close(o, o.state.stop(bide::end::cancelled, now), now);
            return false;
        }
        const auto due = first->at == stage::in_flight ? in.due(o.more->hedge) : never;
        if (due > now) {
            engine_->wait(o, due);
            return false;
        }
        o.state = {o, first->state.start(), o.repeatable};
        o.state.resume(first->state.tries() + o.more->hedge, certainty::not_sent, {});
        o.begun = true;
        o.cancelled = true;                // it is one try and no more
        const char* refused_by = nullptr;  // a hedge is load that the client adds, as a retry is
        const auto stop = post_.take_retry(o, now, refused_by);
        if (stop) close(o, *stop, now, refused_by);
        return !stop;
    }

    /// A try began: from now on the time runs after which it is hedged.
    void start_race(const request_of& o, time_point now) {
        if (!o.more || !o.more->in || o.is_hedge()) return;
        auto& in = *o.more->in;
        in.flown = now;
        for (const auto& link : in.hedges)
            if (auto* h = link->its; h != nullptr && h->at == stage::waiting)
                engine_->wait_until(*h, in.due(h->more->hedge));
    }

    /// Says to the engine what the lane wants, after any change.
    void refresh() {
        const auto* first = ready_.top();
        if (post_.is_taken_by_other_than(first)) parked_ = false;  // somebody more urgent asks anew
        parked_ = parked_ && first != nullptr;
        const auto wants = first != nullptr && !parked_;
        if (!parked_ && (first == nullptr || !engine_->flights().has_room())) post_.leave();
        engine_->set_runnable(*this, false);
        if (wants) {
            priority = first->priority;
            deadline = first->deadline;
            turn = first->turn;
            engine_->set_runnable(*this, true);
        }
        const auto expires = ready_.next_deadline();
        const auto late = expires == never ? never : plans::saturating_add(expires, duration{1});
        engine_->set_timer(*this, parked_ && parked_until_ < late ? parked_until_ : late);
    }

    // ---- Tries ---------------------------------------------------------------------------------

    void fly(request_of& o, time_point now) {
        auto& s = post_.let_in();
        s.who = &o;
        std::exception_ptr error;
        try {
            s.raw = s.easy.emplace(engine_->flights().borrow()).get();
            s.run.emplace(s.raw, o.what,
                          try_options{.time = o.state.allowed(now),
                                      .repeatable = o.repeatable,
                                      .fresh = o.fresh,
                                      .number = o.state.tries() + 1});
            engine_->flights().launch(s);
            start_race(o, now);
            return;
        } catch (...) {  // unsent
            error = std::current_exception();
        }
        const auto found = plans::judge_error(rules(), error, certainty::not_sent);
        settle(s, {.found = found, .error = std::move(error)}, now);
    }

    /// After a try: again later, or the end. Of an exception nothing is left here when the outcome
    /// is told, so that whoever gets it has it alone.
    void settle(seat_type& s, landed l, time_point now) {
        auto& o = static_cast<request_of&>(*s.who);
        auto next = decide(o, l.found, now);
        const char* refused_by = nullptr;
        if constexpr (gated) {
            s.gates.finish(l.found, now);
            if (next.again) s.gates.afford(o.state, l.found, now, next);
            refused_by = s.gates.refused_by();
            s.gates.swap(o.at_budgets, o.retries_taken);
        }
        free(s);
        if (o.more && o.more->in && l.found.verdict == verdict::throttled)
            o.more->in->throttled = true;
        remember(o, l, next, now);
        refresh();
        if (!next.again) return close(o, next, now, refused_by, std::move(l));
        o.past.failed_with(std::move(l.error));
        engine_->wait(o, plans::waiting_is_off.is_on() ? now : next.at);
    }

    [[nodiscard]] decision decide(request_of& o, const finding& found, time_point now) {
        const auto next = o.state.after(found, now, random());
        if (next.again && plans::retrying_is_off.is_on())
            return o.state.stop(bide::end::exhausted, now);
        if (o.cut_off && found.certainty != certainty::answered)
            return o.state.stop(bide::end::cancelled, now);
        if (next.again && (o.cancelled || is_stopped()))
            return o.state.stop(bide::end::cancelled, now);
        if (next.again && engine_->stopping())
            return o.state.stop(bide::end::deferred, now, next.wait);
        return next;
    }

    void free(seat_type& s) {
        s.run.reset();
        if (s.easy) engine_->flights().give_back(std::move(*s.easy));
        s.easy.reset();
        seats_.put(s);
    }

    void remember(request_of& o, const landed& l, const decision& next, time_point now) {
        const auto number = o.state.tries();
        if (next.stopped_by != bide::end::done || number > 1 || next.again)
            o.past.add(
                {number, l.found, plans::saturating_sub(now, o.state.start().steady), next.wait});
        plans::tell(how_,
                    {.kind = event_kind::attempt, .attempt = number, .at = now, .found = l.found});
        if (next.again)
            plans::tell(how_, {.kind = event_kind::backoff,
                               .attempt = number,
                               .at = now,
                               .found = l.found,
                               .wait = next.wait});
    }

    // ---- The end -------------------------------------------------------------------------------

    /// When it was to be tried, `due`, is when to come back.
    [[nodiscard]] decision outside(request_of& o, ending why, time_point now, time_point due) {
        if (why == ending::cancelled) return o.state.stop(bide::end::cancelled, now);
        const auto left = plans::larger(plans::saturating_sub(due, now), duration::zero());
        return o.state.stop(bide::end::deferred, now, left);
    }

    void close(request_of& o, const decision& last, time_point now,
               const char* refused_by = nullptr, landed l = {}) {
        if (!o.begun) o.start_clock(now);
        post_.return_retry(o);
        std::unique_ptr<plans::trail> past;
        record facts{.certainty = certainty::answered, .attempts = 1};
        if (last.stopped_by != bide::end::done || o.state.tries() > 1) {
            past = std::make_unique<plans::trail>();
            plans::close_record(past->facts, o.state, last, now, system_runtime{});
            past->facts.refused_by = refused_by;
            auto& tries = past->facts.tries;
            tries = o.past.all(o.state.tries());
            if (!tries.empty())  // the wait after the newest may have been cut short
                tries.waited_only(plans::saturating_sub(
                    now,
                    plans::saturating_add(o.state.start().steady, tries[tries.size() - 1].ended)));
            if (l.response == nullptr) past->error = l.error ? std::move(l.error) : o.past.error();
            past->has_value = l.response != nullptr;
            facts = past->facts;
        }
        plans::tell(how_, plans::end_of(facts, now));
        engine_->deliver(o, plans::maker::put(l.response, past.release()));
    }

    How how_;
    ready_queue<operation> ready_;
    bool parked_ = false;  // the gates said when to ask again, or that they will ring
    time_point parked_until_ = never;
    seats<How> seats_{how_, *this};
    gate_post<How> post_{seats_};
    std::optional<splitmix64> random_;
    std::optional<stop_listener> stopper_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_LANE_HPP
