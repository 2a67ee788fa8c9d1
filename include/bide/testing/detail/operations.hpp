// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_DETAIL_OPERATIONS_HPP
#define BIDE_TESTING_DETAIL_OPERATIONS_HPP

#include <bide/gate/admission.hpp>
#include <bide/gate/detail/entry.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/testing/server.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace bide::inline v1::detail {

/// The operations of a simulation that are under way. They do not move, because gates point to
/// their tickets; the place of one that is over is used again.
template <class Plan, class Answer>
class operations {
    using its = parts<Plan>;

public:
    struct operation;

    struct place {
        std::uint64_t awaits = 0;  ///< The number of an event; others come too late.
        std::optional<operation> held{};
    };

    /// What an operation awaits.
    enum class stage : std::uint8_t {
        coming,    ///< The time of its next try.
        at_gate,   ///< A gate's time, or its ring.
        sent,      ///< That its message arrives.
        answered,  ///< That the reply arrives.
        silent,    ///< The end of its patience.
        over,
    };

    struct alarm {
        operations* all;
        operation* who;

        void ring() const noexcept { all->wake(*who); }
    };

    struct operation {
        operation(operations& all, place& where, const Plan& plan, std::uint64_t its_number,
                  time_point at)
            : home{&where},
              how{&plan},
              number{its_number},
              state{its::rules(plan), {at, wall_time{at.time_since_epoch()}}, true},
              bell{&all, this},
              gates{plan, bell} {}

        place* home;
        const Plan* how;
        std::uint64_t number;
        operations::stage stage = operations::stage::coming;
        bool is_woken = false;
        operation* next_woken = nullptr;
        retry_state<typename its::policy_type> state;
        time_point sent{};
        time_point arrived{};
        time_point patience{};  // until when it waits for the try
        simulated::visit visit{};
        Answer answer{};
        alarm bell;
        entry<Plan> gates;  // a gate may ring the bell until this is gone
    };

    operations() = default;
    operations(const operations&) = delete;
    operations& operator=(const operations&) = delete;
    ~operations() {  // they leave their gates, which need wake nobody for that
        for (auto& where : places_)
            if (where.held) where.held->stage = stage::over;
    }

    operation& add(const Plan& plan, std::uint64_t number, time_point at) {
        auto& where = free_.empty() ? places_.emplace_back() : *free_.back();
        if (!free_.empty()) free_.pop_back();
        return where.held.emplace(*this, where, plan, number, at);
    }

    /// It is over; `remove_one` takes it away.
    void bury(operation& op) {
        op.stage = stage::over;
        over_.push_back(op.home);
    }

    [[nodiscard]] bool need_attention() const noexcept {
        return woken_ != nullptr || !over_.empty();
    }

    /// The one that was rung first and still waits for its gates; null if there is none.
    [[nodiscard]] operation* next_woken() noexcept {
        while (woken_ != nullptr) {
            auto* const op = std::exchange(woken_, woken_->next_woken);
            op->next_woken = nullptr;
            op->is_woken = false;
            if (op->stage == stage::at_gate) return op;
        }
        return nullptr;
    }

    /// Which may wake others. False if none is over.
    bool remove_one() {
        if (over_.empty()) return false;
        auto* const where = over_.back();
        over_.pop_back();
        where->held.reset();
        free_.push_back(where);
        return true;
    }

private:
    /// A gate rang; it must not be asked from inside its own call.
    void wake(operation& op) noexcept {
        if (op.is_woken || op.stage != stage::at_gate) return;
        op.is_woken = true;
        (woken_ == nullptr ? woken_ : last_woken_->next_woken) = &op;
        last_woken_ = &op;
    }

    operation* woken_ = nullptr;  // a list, first come, first served
    operation* last_woken_ = nullptr;
    std::deque<place> places_;
    std::vector<place*> free_;
    std::vector<place*> over_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_TESTING_DETAIL_OPERATIONS_HPP
