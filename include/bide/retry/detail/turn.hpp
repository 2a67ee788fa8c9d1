// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_TURN_HPP
#define BIDE_RETRY_DETAIL_TURN_HPP

#include <bide/detail/test_switch.hpp>
#include <bide/maybe.hpp>
#include <bide/observe/observer.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/retry/runtime.hpp>

#include <type_traits>

namespace bide::inline v1::detail {

/// Waits for the time of a try, for stop requests and for the gates of one operation.
template <class How>
class turn {
    using its = parts<How>;
    using state_type = retry_state<typename its::policy_type>;

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
    turn(const How& how, time_point start) : how_{&how}, try_began_{start} {}

    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

    /// Waits until `at` and until the gates agree; what stops the operation instead, if anything.
    [[nodiscard]] maybe<decision> come(const state_type& state, time_point at) {
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
            for (;;) {
                if (stop_requested()) return state.stop(end::cancelled, try_began_);
                const auto answer =
                    admission_.ask({.attempt = state.tries() + 1, .deadline = last}, try_began_);
                if (answer.says_go()) return {};
                tell_gate(state, answer);
                if (auto stop = unbearable(state, answer, last)) return stop;
                wait_at_gate(answer.until, last);
            }
        }
        return {};
    }

    /// What a try came to, for gates that want to know more of it than the finding.
    template <class T>
    void listen(const T& result) const {
        if constexpr (its::gated) admission_.listen(result);
    }

    /// The try that was let in is over: the gates hear of it.
    void finish(const finding& found, time_point now) noexcept {
        if constexpr (its::gated) admission_.finish(found, now);
    }

    /// After `finish`, if a retry was decided: a limit with memory may end the operation instead.
    void afford(const state_type& state, const finding& found, time_point now, decision& next) {
        if constexpr (its::gated) {
            refused_by_ = admission_.afford(found, now);
            if (refused_by_ != nullptr) next = state.stop(end::exhausted, now);
        }
    }

    [[nodiscard]] bool stop_requested() const noexcept {
        if constexpr (its::stoppable)
            return how_->stop().stop_requested();
        else
            return false;
    }

    [[nodiscard]] time_point try_began() const noexcept { return try_began_; }
    /// The reason of the gate or retry budget that refused; null if none did.
    [[nodiscard]] const char* refused_by() const noexcept { return refused_by_; }

private:
    [[nodiscard]] decltype(auto) world() const noexcept { return its::world(*how_); }

    /// False if a stop request cut it short.
    [[nodiscard]] bool sleep(time_point at) {
        if (skips_waits()) return true;
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

    void wait_at_gate(time_point opens, time_point last) {
        const auto until = opens < last ? opens : last;
        // A gate that only an event opens is waited for in any case; another is asked as if its
        // time had come, for it knows no other time.
        if (opens != never && skips_waits()) {
            const auto now = world().now();
            try_began_ = now < until ? until : now;
            return;
        }
        [[maybe_unused]] const auto listening = how_->stop().ring_on_request(alarm_);
        alarm_.wait_until(until);
        try_began_ = world().now();
    }

    /// Whether a test switched off the real waits.
    [[nodiscard]] static bool skips_waits() noexcept {
        if constexpr (std::is_same_v<typename its::runtime_type, system_runtime>)
            return waiting_is_off.is_on();
        else
            return false;
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

    template <class Answer>
    void tell_gate(const state_type& state, const Answer& answer) {
        tell(*how_, {.kind = event_kind::gate,
                     .attempt = state.tries() + 1,
                     .at = try_began_,
                     .wait = saturating_sub(answer.until, try_began_),
                     .reason = answer.reason});
    }

    const How* how_;
    time_point try_began_;
    const char* refused_by_ = nullptr;
    // The alarm outlives the tickets, because a gate may ring it until they are given back.
    [[no_unique_address]] typename decltype(alarm_type())::type alarm_{its::world(*how_)};
    [[no_unique_address]]
    typename decltype(admission_type())::type admission_{its::gates(*how_), alarm_};
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_TURN_HPP
