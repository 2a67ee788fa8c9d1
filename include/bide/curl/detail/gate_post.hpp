// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_GATE_POST_HPP
#define BIDE_CURL_DETAIL_GATE_POST_HPP

#include <bide/curl/detail/operation.hpp>
#include <bide/curl/detail/planned_request.hpp>
#include <bide/curl/detail/seats.hpp>
#include <bide/detail/test_switch.hpp>
#include <bide/gate/detail/entry.hpp>
#include <bide/maybe.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>

#include <utility>

namespace bide::inline v1::curl::detail {

/// Where the first of a lane's queue asks the gates; nothing without gates.
template <class How, bool Gated = plans::parts<How>::gated>
class gate_post {
    using request_type = planned_request<How>;

public:
    explicit gate_post(seats<How>& all) noexcept : all_{&all} {}

    /// Asks for the first of the queue.
    [[nodiscard]] plans::gate_word knock(request_type& o, time_point now) {
        sit_down(o);
        for (;;) {
            const auto word =
                asker_->gates.ask(o.state, {.cost = o.cost, .priority = o.priority}, now);
            if (word.go || word.stop || word.only_by_event || !plans::waiting_is_off.is_on())
                return word;
            now = word.until;  // a test switched off the waits
        }
    }

    /// The seat of who was let in, which it keeps while it is in flight.
    [[nodiscard]] lane_seat<How>& let_in() noexcept { return *std::exchange(asker_, nullptr); }

    /// It leaves the seat if it has it; who refused it, if anybody did.
    const char* stand_up(request_type& o) noexcept {
        if (asker_ == nullptr || asker_->who != &o) return nullptr;
        const auto* refused_by = asker_->gates.refused_by();
        asker_->gates.swap(o.at_budgets, o.retries_taken);
        asker_->who = nullptr;
        return refused_by;
    }

    /// Somebody who cannot start keeps no gate from others.
    void leave() noexcept {
        if (asker_ == nullptr) return;
        if (asker_->who != nullptr) stand_up(static_cast<request_type&>(*asker_->who));
        asker_->gates.leave();
    }

    /// Whether somebody else has asked.
    [[nodiscard]] bool is_taken_by_other_than(const operation* o) const noexcept {
        return asker_ != nullptr && asker_->who != nullptr && asker_->who != o;
    }

    /// Takes a retry, which is not one after a try of its own, from the budgets; who refused it.
    [[nodiscard]] maybe<decision> take_retry(request_type& o, time_point now,
                                             const char*& refused_by) {
        auto& s = all_->take();
        decision next{.again = true};
        s.gates.afford(o.state, {.certainty = certainty::ambiguous}, now, next);
        refused_by = s.gates.refused_by();
        s.gates.swap(o.at_budgets, o.retries_taken);
        all_->put(s);
        return next.again ? maybe<decision>{} : next;
    }
    /// A retry that was decided, but is not made, goes back to the budgets.
    void return_retry(request_type& o) {
        if (o.state.tries() == 0) return;
        auto& s = all_->take();
        s.gates.swap(o.at_budgets, o.retries_taken);
        s.gates.leave();
        all_->put(s);
    }

private:
    /// The operation takes the seat, and with it the place in the lines of the gates if it has the
    /// same rank there as who sat there.
    void sit_down(request_type& o) {
        if (asker_ == nullptr) asker_ = &all_->take();
        if (asker_->who == &o) return;
        if (auto* before = static_cast<request_type*>(asker_->who)) {
            stand_up(*before);
            if (before->priority != o.priority || before->cost != o.cost) asker_->gates.leave();
        }
        asker_->who = &o;
        asker_->gates.swap(o.at_budgets, o.retries_taken);
    }

    seats<How>* all_;
    lane_seat<How>* asker_ = nullptr;
};

template <class How>
class gate_post<How, false> {
    using request_type = planned_request<How>;

public:
    explicit gate_post(seats<How>& all) noexcept : all_{&all} {}

    [[nodiscard]] static plans::gate_word knock(request_type&, time_point) noexcept { return {}; }
    [[nodiscard]] lane_seat<How>& let_in() { return all_->take(); }
    static const char* stand_up(request_type&) noexcept { return nullptr; }
    static void leave() noexcept {}
    [[nodiscard]] static bool is_taken_by_other_than(const operation*) noexcept { return false; }
    [[nodiscard]] static maybe<decision> take_retry(request_type&, time_point,
                                                    const char*&) noexcept {
        return {};
    }
    static void return_retry(request_type&) noexcept {}

private:
    seats<How>* all_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_GATE_POST_HPP
