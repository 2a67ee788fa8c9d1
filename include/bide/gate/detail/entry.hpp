// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_ENTRY_HPP
#define BIDE_GATE_DETAIL_ENTRY_HPP

#include <bide/gate/gate.hpp>
#include <bide/maybe.hpp>
#include <bide/observe/observer.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/retry_state.hpp>

namespace bide::inline v1::detail {

template <class Gates>
class admission;  // bide/gate/admission.hpp

/// What the gates of a plan say to a try: it may begin, it waits until then or until the alarm
/// rings, or the operation ends.
struct gate_word {
    bool go = true;
    time_point until{};
    bool only_by_event = false;  ///< Then `until` is but the end of the operation's time.
    maybe<decision> stop{};
};

/// Asks the gates of one operation whether its next try may begin, and tells them what came of it;
/// waits for nothing.
template <class How>
class entry {
    using its = parts<How>;

public:
    using memory = typename admission<typename its::gates_type>::memory;

    /// `alarm.ring()` says to ask again; it must outlive this.
    template <class Alarm>
    entry(const How& how, Alarm& alarm) : how_{&how}, admission_{its::gates(how), alarm} {}

    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;

    /// `wanted` lacks the number of the try and the operation's end.
    template <class State>
    [[nodiscard]] gate_word ask(const State& state, gate_request wanted, time_point now) {
        const auto last = state.last_start();
        wanted.attempt = state.tries() + 1;
        wanted.deadline = last;
        const auto answer = admission_.ask(wanted, now);
        if (answer.says_go()) return {};
        tell(*how_, {.kind = event_kind::gate,
                     .attempt = wanted.attempt,
                     .at = now,
                     .wait = saturating_sub(answer.until, now),
                     .reason = answer.reason});
        return {.go = false,
                .until = answer.until < last ? answer.until : last,
                .only_by_event = answer.until == never,
                .stop = unbearable(state, answer, last, now)};
    }

    /// What a try came to, for gates that want to know more of it than the finding.
    template <class T>
    void listen(const T& result) const {
        admission_.listen(result);
    }

    /// The try that was let in is over: the gates hear of it.
    void finish(const finding& found, time_point now) noexcept { admission_.finish(found, now); }

    /// After `finish`, if a retry was decided: a limit with memory may end the operation instead.
    template <class State>
    void afford(const State& state, const finding& found, time_point now, decision& next) {
        refused_by_ = admission_.afford(found, now);
        if (refused_by_ != nullptr) next = state.stop(end::exhausted, now);
    }

    /// The reason of the gate or retry budget that refused; null if none did.
    [[nodiscard]] const char* refused_by() const noexcept { return refused_by_; }

    /// Leaves the lines of the gates and gives back what is left.
    void leave() noexcept { admission_.leave(); }

    /// Another operation goes on in this place, which keeps its places in the lines. Not during a
    /// try. `decided`: a bit for each budget that gave a retry for the next one.
    void swap(memory& other, std::uint8_t& decided) noexcept {
        admission_.swap(other, decided);
        refused_by_ = nullptr;
    }

private:
    /// Whether a gate's answer ends the operation: a refusal, or a wait that cannot fit.
    template <class State, class Answer>
    [[nodiscard]] maybe<decision> unbearable(const State& state, const Answer& answer,
                                             time_point last, time_point now) {
        auto retry_in = maybe<duration>{};
        if (answer.until != never)
            retry_in = larger(saturating_sub(answer.until, now), duration::zero());
        if (answer.says_refuse()) {
            refused_by_ = answer.reason;
            return state.stop(end::refused, now, retry_in);
        }
        const auto fits = answer.until <= last || answer.may_open_early;
        if (fits && now < last) return {};
        return state.stop(retry_in ? end::deferred : end::out_of_time, now, retry_in);
    }

    const How* how_;
    const char* refused_by_ = nullptr;
    admission<typename its::gates_type> admission_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_ENTRY_HPP
