// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_CONCURRENCY_LIMIT_HPP
#define BIDE_GATE_CONCURRENCY_LIMIT_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/gate.hpp>

#include <cstdint>
#include <limits>
#include <mutex>

namespace bide::inline v1 {

/// At most `in_flight` tries at a time, first come, first served; the rest wait for one to end.
///
/// For providers that limit concurrency (Twilio's 429 means that). Opens by event, not by time.
/// Thread-safe; must outlive its tickets.
class concurrency_limit {
public:
    struct options {
        std::uint64_t in_flight = 0;  ///< Tries at a time; >= 1. There is no default that fits.
        /// Operations that may wait; one more is refused.
        std::uint64_t queue = std::numeric_limits<std::uint64_t>::max();
    };

    /// @throws std::invalid_argument naming the field.
    explicit concurrency_limit(options opts) : options_{opts} {
        if (opts.in_flight == 0)
            detail::invalid("concurrency_limit: in_flight", ">= 1", opts.in_flight);
    }
    concurrency_limit(const concurrency_limit&) = delete;
    concurrency_limit& operator=(const concurrency_limit&) = delete;

    [[nodiscard]] gate_answer ask(ticket& t, const gate_request& request, time_point now) {
        if (request.cost > options_.in_flight)
            return gate_answer::refuse("the cost is above the concurrency limit");
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            const auto its_turn = head_ == nullptr || head_ == &t;
            if (!its_turn || request.cost > options_.in_flight - used_)
                return wait_in_line(t, request);
            unlink(t);
            t.granted = true;
            t.cost = request.cost;
            t.issued = now;
            used_ += t.cost;
            next = due();  // two permits may have come back before this one asked
        }
        if (next != nullptr) next->wake();
        return gate_answer::go();
    }

    void finish(ticket& t, const report&, time_point now) noexcept { give_back(t, now); }

    void give_back(ticket& t, time_point) noexcept {
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            if (t.granted) {
                used_ -= t.cost;
                t.granted = false;
            }
            unlink(t);
            next = due();
        }
        if (next != nullptr) next->wake();
    }

    /// Tries in flight; a snapshot.
    [[nodiscard]] std::uint64_t in_flight() const {
        const std::lock_guard lock{mutex_};
        return used_;
    }
    /// Operations that wait; a snapshot.
    [[nodiscard]] std::uint64_t waiting() const {
        const std::lock_guard lock{mutex_};
        return waiting_;
    }

private:
    gate_answer wait_in_line(ticket& t, const gate_request& request) {
        if (!t.queued) {
            if (waiting_ >= options_.queue)
                return gate_answer::refuse("the queue of the concurrency limit is full");
            link(t);
        }
        t.cost = request.cost;
        return gate_answer::wait(never, true, "as many tries as allowed are in flight");
    }

    /// The head of the queue if it would be let in now; when it has gone or given up, the next one
    /// is looked at again.
    ticket* due() noexcept {
        if (head_ == nullptr || head_->cost > options_.in_flight - used_) return nullptr;
        head_->will_wake();
        return head_;
    }

    void link(ticket& t) noexcept {
        t.queued = true;
        t.previous = tail_;
        t.next = nullptr;
        (tail_ != nullptr ? tail_->next : head_) = &t;
        tail_ = &t;
        ++waiting_;
    }

    void unlink(ticket& t) noexcept {
        if (!t.queued) return;
        (t.previous != nullptr ? t.previous->next : head_) = t.next;
        (t.next != nullptr ? t.next->previous : tail_) = t.previous;
        t.queued = false;
        --waiting_;
    }

    options options_;
    mutable std::mutex mutex_;
    ticket* head_ = nullptr;
    ticket* tail_ = nullptr;
    std::uint64_t used_ = 0;
    std::uint64_t waiting_ = 0;
};
static_assert(gate<concurrency_limit>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_CONCURRENCY_LIMIT_HPP
