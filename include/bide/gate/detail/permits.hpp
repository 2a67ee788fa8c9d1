// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_PERMITS_HPP
#define BIDE_GATE_DETAIL_PERMITS_HPP

#include <bide/gate/gate.hpp>
#include <bide/gate/ticket.hpp>
#include <bide/quota.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/plan.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <type_traits>

namespace bide::inline v1::detail {

/// The gates of a plan, in the order in which they are asked.
template <class G, class Rest>
struct gate_chain {
    held<G> first;
    [[no_unique_address]] Rest rest;
};

/// Where the first of these gates stands that says so.
template <class Gates>
inline constexpr gate_order first_order = gate_order::anywhere;
template <class G, class Rest>
inline constexpr gate_order first_order<gate_chain<G, Rest>> =
    order_of<std::remove_reference_t<G>>() != gate_order::anywhere
        ? order_of<std::remove_reference_t<G>>()
        : first_order<Rest>;

/// One operation's tickets for the gates of its plan. Whatever happens, a permit ends exactly once.
template <class Gates>
class permits;

template <>
class permits<no_gates> {
public:
    static constexpr bool hears_quotas = false;
    struct memory {};

    template <class Alarm>
    permits(const no_gates&, Alarm&) noexcept {}

    static gate_answer ask(const gate_request&, time_point) noexcept { return gate_answer::go(); }
    static void finish(const finding&, const quotas*, time_point) noexcept {}
    static const char* afford(const finding&, time_point) noexcept { return nullptr; }
    static void step_back() noexcept {}
    static void leave() noexcept {}
    static void swap(memory&, std::uint8_t&, unsigned = 0) noexcept {}
};

template <class G, class Rest>
class permits<gate_chain<G, Rest>> {
public:
    using gate_type = std::remove_reference_t<G>;
    static constexpr bool hears_quotas =
        detail::hears_quotas<gate_type> || permits<Rest>::hears_quotas;
    /// What an operation has at budgets between its tries; gates know nothing of it then.
    using memory = typename permits<Rest>::memory;

    template <class Alarm>
    permits(const gate_chain<G, Rest>& gates, Alarm& alarm) noexcept
        : gate_{&gates.first.get()},
          ticket_{[](void* its) noexcept { static_cast<Alarm*>(its)->ring(); }, &alarm},
          rest_{gates.rest, alarm} {}
    permits(const permits&) = delete;
    permits& operator=(const permits&) = delete;
    ~permits() { leave(); }

    /// Go if all gates say go. If one does not, the permits of earlier ones go back in reverse
    /// order, and so do places in the queues of later ones: at the head of a line that it could not
    /// use it would keep the gate idle. Its own place there stays.
    [[nodiscard]] gate_answer ask(const gate_request& request, time_point now) {
        now_ = now;
        auto answer = gate_->ask(ticket_, request, now);
        stake_ = answer.says_go() ? stake::permit : stake::place;
        if (!answer.says_go()) {
            rest_.step_back();
            return answer;
        }
        answer = rest_.ask(request, now);
        if (!answer.says_go()) give_back();
        return answer;
    }

    void finish(const finding& found, const quotas* told, time_point now) noexcept {
        // Not negative where a test let it in before its time, see `no_waiting`.
        const auto latency = larger(saturating_sub(now, now_), duration::zero());
        now_ = now;
        rest_.finish(found, told, now);
        if (stake_ == stake::permit) gate_->finish(ticket_, {found, latency, told}, now);
        stake_ = stake::none;
    }

    /// A retry was decided: null if the limits with memory have one left, else the reason.
    [[nodiscard]] const char* afford(const finding& found, time_point now) noexcept {
        return rest_.afford(found, now);
    }

    /// Leaves the queues, the last gate's first; nothing else is out yet.
    void step_back() noexcept {
        rest_.step_back();
        give_back();
    }
    /// Gives back what is left, the last gate's first.
    void leave() noexcept {
        rest_.leave();
        give_back();
    }
    /// Another operation goes on in this place. Not during a try.
    void swap(memory& its, std::uint8_t& decided, unsigned budget = 0) noexcept {
        rest_.swap(its, decided, budget);
    }

private:
    /// What a gate may hold for this operation; the ticket's notes are the gate's own.
    enum class stake : std::uint8_t { none, place, permit };

    void give_back() noexcept {
        if (stake_ != stake::none) gate_->give_back(ticket_, now_);
        stake_ = stake::none;
    }

    gate_type* gate_;
    ticket ticket_;
    time_point now_{};  // the last that it was told, for a destructor that knows no clock
    stake stake_ = stake::none;
    [[no_unique_address]] permits<Rest> rest_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_PERMITS_HPP
