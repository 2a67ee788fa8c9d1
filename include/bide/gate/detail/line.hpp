// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_LINE_HPP
#define BIDE_GATE_DETAIL_LINE_HPP

#include <bide/gate/detail/rank_tree.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/ticket.hpp>
#include <bide/time.hpp>

#include <cstdint>

namespace bide::inline v1::detail {

/// Who waits at a gate and who goes next: higher priority first, inside it retries before new
/// operations, inside that the operation that came first. At most `patience` in a row go past the
/// one that has waited longest, then it is the head: nobody starves.
///
/// All of it under the gate's lock; O(log n), no allocation. A gate asks like this:
///
///     lock: if (room for line.ahead_of(t, request) + request.cost) { take; line.go(t); go }
///           else { line.join(t, request); wait, told by line.tell(t, until, …) }
///     and after every change that may open the gate earlier, first of all after a go:
///     lock: auto* next = line.rouse(opens);  unlock: line::wake(next);
///
/// Only the head is ever woken; that it goes, or leaves, wakes the next. So a crowd wakes one by
/// one, and a waiter that was woken but goes away strands nobody.
class line {
public:
    /// Grants in a row that may go past the one that has waited longest.
    static constexpr std::uint64_t patience = 7;

    line() = default;
    line(const line&) = delete;
    line& operator=(const line&) = delete;

    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// The cost of all that wait, saturating.
    [[nodiscard]] std::uint64_t cost() const noexcept { return tree_.total(); }

    /// Who goes next; null if nobody waits.
    [[nodiscard]] ticket* head() const noexcept {
        return is_oldest_due() ? oldest_ : tree_.first();
    }

    /// The cost of those who go before it, in line or not, as things stand. If it is in line and
    /// asks for something else than before, it changes places first.
    [[nodiscard]] std::uint64_t ahead_of(ticket& t, const gate_request& request) noexcept {
        if (empty()) return 0;
        if (t.queued) join(t, request);
        const auto rank = rank_of(request);
        const auto turn = t.line.turn != 0 ? t.line.turn : next_turn_;
        const auto before = tree_.total_before(rank, turn);
        if (!is_oldest_due()) return before;
        if (oldest_ == &t) return 0;
        const auto counted = !rank_tree::before(rank, turn, *oldest_);
        return counted ? before : saturating_sum(before, oldest_->cost);
    }

    /// Joins the line, or changes places if it asks for something else than before. Who left and
    /// comes back gets the old turn.
    void join(ticket& t, const gate_request& request) noexcept {
        const auto rank = rank_of(request);
        if (t.queued) {
            if (t.line.rank == rank && t.cost == request.cost) return;
            tree_.erase(t);
        } else {
            if (t.line.turn == 0) t.line.turn = next_turn_++;
            append(t);
        }
        t.cost = request.cost;
        t.line.rank = rank;
        tree_.insert(t);
    }

    /// Leaves the line; nothing if it is not in.
    void leave(ticket& t) noexcept {
        if (!t.queued) return;
        tree_.erase(t);
        if (oldest_ == &t) passed_ = 0;
        (t.line.older != nullptr ? t.line.older->line.newer : oldest_) = t.line.newer;
        (t.line.newer != nullptr ? t.line.newer->line.older : newest_) = t.line.older;
        t.queued = false;
        --size_;
    }

    /// It was let in, from the line or past it.
    void go(ticket& t) noexcept {
        if (oldest_ != nullptr) ++passed_;
        leave(t);
    }

    /// The answer to a ticket in line: ask again at `until`, unless woken before. With `never` it
    /// waits to be woken.
    [[nodiscard]] static gate_answer tell(ticket& t, time_point until,
                                          const char* reason) noexcept {
        t.line.told = until;
        return gate_answer::wait(until, true, reason);
    }

    /// The head, if it would be let in at `opens` and was told a later time: to be woken by `wake`
    /// once the lock is gone. Else null.
    [[nodiscard]] ticket* rouse(time_point opens) const noexcept {
        auto* next = head();
        if (next == nullptr || opens >= next->line.told) return nullptr;
        next->line.told = time_point::min();  // until it has asked, a wake-up is on its way
        next->will_wake();
        return next;
    }

    /// Without the lock.
    static void wake(ticket* t) noexcept {
        if (t != nullptr) t->wake();
    }

private:
    [[nodiscard]] static std::int64_t rank_of(const gate_request& request) noexcept {
        return std::int64_t{request.priority} * 2 + (request.attempt > 1 ? 1 : 0);
    }

    [[nodiscard]] bool is_oldest_due() const noexcept {
        return passed_ >= patience && oldest_ != nullptr;
    }

    void append(ticket& t) noexcept {
        t.queued = true;
        t.line.older = newest_;
        t.line.newer = nullptr;
        (newest_ != nullptr ? newest_->line.newer : oldest_) = &t;
        newest_ = &t;
        ++size_;
    }

    rank_tree tree_;
    ticket* oldest_ = nullptr;
    ticket* newest_ = nullptr;
    std::uint64_t size_ = 0;
    std::uint64_t next_turn_ = 1;
    std::uint64_t passed_ = 0;  // in a row past the oldest
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_LINE_HPP
