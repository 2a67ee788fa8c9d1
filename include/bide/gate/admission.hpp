// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_ADMISSION_HPP
#define BIDE_GATE_ADMISSION_HPP

#include <bide/detail/alarm.hpp>
#include <bide/gate/gate.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/plan.hpp>

#include <cstdint>

namespace bide::inline v1 {

namespace detail {

/// The gates of a plan, in the order in which they are asked.
template <class G, class Rest>
struct gate_chain {
    G* first;
    [[no_unique_address]] Rest rest;
};

template <>
class admission<no_gates> {
public:
    template <class Alarm>
    admission(const no_gates&, Alarm&) noexcept {}

    static gate_answer ask(const gate_request&, time_point) noexcept { return gate_answer::go(); }
    static void finish(const finding&, time_point) noexcept {}
    static void leave() noexcept {}
};

/// One operation's tickets for the gates of its plan. Whatever happens, a permit ends exactly once.
template <class G, class Rest>
class admission<gate_chain<G, Rest>> {
public:
    template <class Alarm>
    admission(const gate_chain<G, Rest>& gates, Alarm& alarm) noexcept
        : gate_{gates.first},
          ticket_{[](void* its) noexcept { static_cast<Alarm*>(its)->ring(); }, &alarm},
          rest_{gates.rest, alarm} {}
    admission(const admission&) = delete;
    admission& operator=(const admission&) = delete;
    ~admission() { leave(); }

    /// Go if all gates say go. If a later one does not, the earlier permits go back in reverse
    /// order; places in queues stay.
    [[nodiscard]] gate_answer ask(const gate_request& request, time_point now) {
        now_ = now;
        auto answer = gate_->ask(ticket_, request, now);
        stake_ = answer.says_go() ? stake::permit : stake::place;
        if (!answer.says_go()) return answer;
        answer = rest_.ask(request, now);
        if (!answer.says_go()) give_back();
        return answer;
    }

    void finish(const finding& found, time_point now) noexcept {
        // Not negative where a test let it in before its time, see `no_waiting`.
        const auto latency = larger(saturating_sub(now, now_), duration::zero());
        now_ = now;
        rest_.finish(found, now);
        if (stake_ == stake::permit) gate_->finish(ticket_, {found, latency}, now);
        stake_ = stake::none;
    }

    /// Gives back what is left, the last gate's first.
    void leave() noexcept {
        rest_.leave();
        give_back();
    }

private:
    /// What a gate may hold for this operation; the ticket's notes are the gate's own.
    enum class stake : std::uint8_t { none, place, permit };

    void give_back() noexcept {
        if (stake_ != stake::none) gate_->give_back(ticket_, now_);
        stake_ = stake::none;
    }

    G* gate_;
    ticket ticket_;
    time_point now_{};  // the last that it was told, for a destructor that knows no clock
    stake stake_ = stake::none;
    [[no_unique_address]] admission<Rest> rest_;
};

}  // namespace detail

/// Adds a gate that the caller keeps: it must outlive the plan.
template <gate Gate, class P, class R, class O, class S, class G>
constexpr auto attach(Gate& first, const plan<P, R, O, S, G>& p) {
    using chain = detail::gate_chain<Gate, G>;
    return plan<P, R, O, S, chain>{p.rules(), p.held_world(), p.held_watcher(), p.stop(),
                                   chain{&first, p.gates()}};
}

}  // namespace bide::inline v1

#endif  // BIDE_GATE_ADMISSION_HPP
