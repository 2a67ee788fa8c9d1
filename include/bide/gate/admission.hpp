// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_ADMISSION_HPP
#define BIDE_GATE_ADMISSION_HPP

#include <bide/detail/alarm.hpp>
#include <bide/gate/gate.hpp>
#include <bide/retry/blocking.hpp>
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
    ~admission() { give_back(); }

    /// Go if all gates say go. If a later one does not, the earlier permits go back in reverse
    /// order; places in queues stay.
    [[nodiscard]] gate_answer ask(const gate_request& request, time_point now) {
        now_ = now;
        auto answer = gate_->ask(ticket_, request, now);
        if (!answer.says_go()) return answer;
        answer = rest_.ask(request, now);
        if (!answer.says_go()) give_back();
        return answer;
    }

    void finish(const finding& found, time_point now) noexcept {
        now_ = now;
        rest_.finish(found, now);
        if (ticket_.granted)
            gate_->finish(ticket_, {found, saturating_sub(now, ticket_.issued)}, now);
    }

private:
    void give_back() noexcept {
        if (ticket_.granted || ticket_.queued) gate_->give_back(ticket_, now_);
    }

    G* gate_;
    ticket ticket_;
    time_point now_{};  // the last that it was told, for a destructor that knows no clock
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
