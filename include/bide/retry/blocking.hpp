// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_BLOCKING_HPP
#define BIDE_RETRY_BLOCKING_HPP

#include <bide/maybe.hpp>
#include <bide/observe/observer.hpp>
#include <bide/retry/callable.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/retry_state.hpp>

#include <exception>
#include <type_traits>
#include <utility>

/// The blocking driver: it waits and calls, and holds no decision of its own.
namespace bide::inline v1::detail {

template <class How>
class blocking {
    using its = parts<How>;
    using policy_type = typename its::policy_type;
    using classifier_type = std::remove_cvref_t<decltype(std::declval<policy_type>().judge())>;
    using state_type = retry_state<policy_type>;

    static constexpr bool timed = needs_of<How> != clock_need::none;
    static constexpr bool alarmed = its::stoppable || its::gated;

    static auto alarm_type() {
        if constexpr (alarmed)
            return std::type_identity<typename alarm_for<typename its::runtime_type>::type>{};
        else
            return std::type_identity<absent>{};
    }
    static auto admission_type() {
        if constexpr (its::gated)
            return std::type_identity<admission<typename its::gates_type>>{};
        else
            return std::type_identity<absent>{};
    }

public:
    template <class T>
    static constexpr bool judges = judges_result<classifier_type, T>();

    blocking(const How& how, repeatability word, const beginning& start)
        : how_{&how}, word_{word}, start_{start}, try_began_{start.steady} {}

    blocking(const blocking&) = delete;
    blocking& operator=(const blocking&) = delete;

    /// The first try was a success: those who take part hear of it.
    void succeeded(const finding& found) {
        const auto now = world().now();
        if constexpr (its::gated) admission_.finish(found, now);
        tell({.kind = event_kind::attempt, .attempt = 1, .at = now, .found = found});
        tell({.kind = event_kind::end, .attempt = 1, .at = now, .certainty = certainty::answered});
    }

    template <class T>
    [[nodiscard]] finding of_result(const T& result) const {
        return judge_result(rules().judge(), result, word_.unclassified);
    }

    [[nodiscard]] this_try this_try_now() const {
        const auto& s = state_ != nullptr ? *state_ : fresh_state();
        return {s.tries() + 1, s.allowed(try_began_), trail_ != nullptr ? trail_->error : nullptr};
    }

    /// The first try failed with the exception in `where`, or with the result that `judged` is
    /// about.
    [[gnu::cold, gnu::noinline]] void go_on(trail*& where, const finding* judged,
                                            finding (*once_more)(void*, const blocking&),
                                            void* site) {
        if (where == nullptr) {
            where = new trail;
            where->has_value = true;
        }
        trail_ = where;
        auto found = judged != nullptr ? *judged : of_error(trail_->error);
        if constexpr (!timed) start_.steady = world().now();
        auto state = fresh_state();
        state_ = &state;
        auto random = world().random();
        for (;;) {
            const auto now = world().now();
            const auto next = state.after(found, now, random);
            remember(found, next, now);
            if (!next.again) return close(state, next, now);
            if (auto stop = wait_for_turn(state, next.at)) {
                const auto then = world().now();
                trail_->facts.tries.waited_only(saturating_sub(then, now));
                return close(state, *stop, then);
            }
            found = again(once_more, site);
        }
    }

    /// Why the first try may not begin; null if it may, after waiting for the gates if need be.
    [[nodiscard, gnu::noinline]] trail* begin() {
        auto state = fresh_state();
        auto stop = maybe<decision>{};
        if (stop_requested())
            stop = state.stop(end::cancelled, start_.steady);
        else if (auto first = state.begin(start_.steady); !first.again)
            stop = first;
        else
            stop = admitted(state);
        if (!stop) return nullptr;
        auto* refused = new trail;
        trail_ = refused;
        try {
            close(state, *stop, timed ? world().now() : start_.steady);
        } catch (...) {  // the thread of an observer was cancelled
            delete refused;
            throw;
        }
        return refused;
    }

private:
    [[nodiscard]] finding again(finding (*once_more)(void*, const blocking&), void* site) {
        try {
            const auto found = once_more(site, *this);
            trail_->error = nullptr;
            return found;
        } catch (...) {
            // With a value it was the classifier that threw; without an exception it is a thread
            // that is being cancelled.
            if (trail_->has_value) throw;
            trail_->error = std::current_exception();
            if (!trail_->error) throw;
        }
        return of_error(trail_->error);
    }

    [[nodiscard]] const policy_type& rules() const noexcept { return its::rules(*how_); }
    [[nodiscard]] decltype(auto) world() const noexcept { return its::world(*how_); }
    [[nodiscard]] state_type fresh_state() const noexcept {
        return {rules(), start_, word_.idempotent, word_.may_be_cut};
    }

    [[nodiscard]] finding of_error(const std::exception_ptr& error) const {
        try {
            std::rethrow_exception(error);
        } catch (...) {
            return rules().judge().of_exception(word_.unclassified);
        }
    }

    // --- before a try ---

    /// Waits until `at` and until the gates agree; what stops the operation instead, if anything.
    [[nodiscard]] maybe<decision> wait_for_turn(const state_type& state, time_point at) {
        if (stop_requested() || !sleep(at)) return state.stop(end::cancelled, world().now());
        return admitted(state);
    }

    /// Asks the gates until all say go.
    [[nodiscard]] maybe<decision> admitted(const state_type& state) {
        if constexpr (!timed)
            return {};
        else
            try_began_ = world().now();
        // The wait itself was checked, but on a stalled machine it takes longer than it should.
        if (state.tries() > 0 && try_began_ > state.last_start())
            return state.stop(end::out_of_time, try_began_);
        if constexpr (its::gated) {
            const auto last = state.last_start();
            for (;; try_began_ = world().now()) {
                if (stop_requested()) return state.stop(end::cancelled, try_began_);
                const auto answer =
                    admission_.ask({.attempt = state.tries() + 1, .deadline = last}, try_began_);
                if (answer.says_go()) return {};
                tell_gate(state, answer);
                if (auto stop = unbearable(state, answer, last)) return stop;
                [[maybe_unused]] const auto listening = how_->stop().ring_on_request(alarm_);
                alarm_.wait_until(answer.until < last ? answer.until : last);
            }
        }
        return {};
    }

    /// Whether a gate's answer ends the operation: a refusal, or a wait that cannot fit.
    template <class Answer>
    [[nodiscard]] maybe<decision> unbearable(const state_type& state, const Answer& answer,
                                             time_point last) {
        auto retry_in = maybe<duration>{};
        if (answer.until != never)
            retry_in = larger(saturating_sub(answer.until, try_began_), duration::zero());
        if (answer.says_refuse()) {
            refused_by_ = answer.reason;
            return state.stop(end::refused, try_began_, retry_in);
        }
        const auto fits = answer.until <= last || answer.may_open_early;
        if (fits && try_began_ < last) return {};
        return state.stop(retry_in ? end::deferred : end::out_of_time, try_began_, retry_in);
    }

    [[nodiscard]] bool stop_requested() const noexcept {
        if constexpr (its::stoppable)
            return how_->stop().stop_requested();
        else
            return false;
    }

    /// False if a stop request cut it short.
    [[nodiscard]] bool sleep(time_point at) {
        if constexpr (!its::stoppable) {
            world().sleep_until(at);
            return true;
        } else {
            [[maybe_unused]] const auto listening = how_->stop().ring_on_request(alarm_);
            // A ring may also be a gate's that is late: then the wait goes on.
            while (!stop_requested() && alarm_.wait_until(at)) {
            }
            return !stop_requested();
        }
    }

    // --- after a try ---

    void remember(const finding& found, const decision& next, time_point now) {
        if constexpr (its::gated) admission_.finish(found, now);
        const auto number = state_->tries();
        trail_->facts.tries.add({number, found, saturating_sub(now, start_.steady), next.wait});
        tell({.kind = event_kind::attempt, .attempt = number, .at = now, .found = found});
        if (next.again)
            tell({.kind = event_kind::backoff,
                  .attempt = number,
                  .at = now,
                  .found = found,
                  .wait = next.wait});
    }

    void close(const state_type& state, const decision& last, time_point now) {
        auto& facts = trail_->facts;
        facts.stopped_by = last.stopped_by;
        facts.ended = state.ended(last.stopped_by);
        facts.certainty = state.joined();
        facts.attempts = state.tries();
        facts.elapsed = saturating_sub(now, start_.steady);
        facts.refused_by = refused_by_;
        if (last.retry_in) {
            facts.retry_in = last.retry_in;
            const auto wall = world().wall().time_since_epoch();
            facts.retry_at = wall_time{saturating_add(wall, *last.retry_in)};
        }
        tell({.kind = event_kind::end,
              .attempt = facts.attempts,
              .at = now,
              .ended = facts.ended,
              .stopped_by = facts.stopped_by,
              .certainty = facts.certainty,
              .reason = facts.refused_by});
    }

    // --- telling ---

    void tell(const event& what) {
        if constexpr (its::observed) notify(how_->watcher(), what);
    }

    template <class Answer>
    void tell_gate(const state_type& state, const Answer& answer) {
        tell({.kind = event_kind::gate,
              .attempt = state.tries() + 1,
              .at = try_began_,
              .wait = saturating_sub(answer.until, try_began_),
              .reason = answer.reason});
    }

    const How* how_;
    repeatability word_;
    beginning start_;
    time_point try_began_;
    const state_type* state_ = nullptr;  // while there is one: after the first failure
    trail* trail_ = nullptr;
    const char* refused_by_ = nullptr;
    // The alarm outlives the tickets, because a gate may ring it until they are given back.
    [[no_unique_address]] typename decltype(alarm_type())::type alarm_{its::world(*how_)};
    [[no_unique_address]]
    typename decltype(admission_type())::type admission_{its::gates(*how_), alarm_};
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_BLOCKING_HPP
