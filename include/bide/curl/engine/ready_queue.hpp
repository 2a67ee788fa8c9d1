// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_ENGINE_READY_QUEUE_HPP
#define BIDE_CURL_ENGINE_READY_QUEUE_HPP

#include <bide/curl/detail/indexed_heap.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bide::inline v1::curl::detail {

/// Who may start as soon as there is room: higher priority first, inside it the earlier deadline,
/// inside that the smaller turn.
///
/// Nobody starves: a priority in which somebody waits is passed over by higher ones at most
/// `patience` times in a row. So of two that never run out the lower gets an eighth; of several,
/// each gets an eighth of what those below it leave.
///
/// `T` derives from `scheduled`, has `int priority`, `time_point deadline` and `std::uint64_t
/// turn`, which stay as they are while it is in, and is owned elsewhere; each is in at most one
/// timer_heap or ready_queue at a time. 24 bytes per element. O(log n) in the elements and O(n) in
/// the priorities, so they should be few. Sans-IO, for one thread.
template <class T>
class ready_queue {
public:
    /// As `bide::detail::line` has it for gates.
    static constexpr unsigned patience = 7;

    ready_queue() = default;
    ready_queue(const ready_queue&) = delete;
    ready_queue& operator=(const ready_queue&) = delete;

    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    [[nodiscard]] bool holds(const T& t) const noexcept {
        for (const auto& l : levels_)
            if (l.priority == t.priority) return l.heap.holds(t);
        return false;
    }

    /// It must be in none. If memory lacks, it still is in none.
    void push(T& t) {
        level_for(t.priority).heap.push(t, {t.deadline, t.turn});
        ++size_;
    }

    /// It leaves without having had its turn. It must be in this one.
    void remove(T& t) noexcept {
        auto& its = levels_[level_of(t)];
        its.heap.remove(t);
        left(its);
    }
    /// It has its turn: `pop` for one that was looked at before.
    void go(T& t) noexcept {
        const auto its = level_of(t);
        pass(its);
        levels_[its].heap.remove(t);
        left(levels_[its]);
    }

    /// What `pop` would take; null if there is none.
    [[nodiscard]] T* top() const noexcept {
        return size_ == 0 ? nullptr : levels_[next_level()].heap.top().what;
    }

    /// Takes out who goes next; null if nobody waits.
    [[nodiscard]] T* pop() noexcept {
        if (size_ == 0) return nullptr;
        const auto next = next_level();
        pass(next);
        return take_first(levels_[next]);
    }

    /// The earliest deadline of all that wait; `never` if nobody does.
    [[nodiscard]] time_point next_deadline() const noexcept {
        auto earliest = never;
        for (const auto& l : levels_)
            if (!l.heap.empty()) earliest = (std::min)(earliest, l.heap.top().key.deadline);
        return earliest;
    }

    /// Takes out one whose deadline is `now` or earlier, of whatever priority, else null: it leaves
    /// without having had its turn.
    [[nodiscard]] T* pop_expired(time_point now) noexcept {
        for (auto& l : levels_)
            if (!l.heap.empty() && l.heap.top().key.deadline <= now) return take_first(l);
        return nullptr;
    }

    /// How many the memory that it has is for.
    [[nodiscard]] std::size_t capacity() const noexcept {
        std::size_t sum = 0;
        for (const auto& l : levels_) sum += l.heap.capacity();
        return sum;
    }

    /// Calls `f(T&)` in no order; `f` changes nothing here.
    template <class F>
    void for_each(F f) const {
        for (const auto& l : levels_) l.heap.for_each(f);
    }

private:
    struct urgency {
        time_point deadline;
        std::uint64_t turn;
        [[nodiscard]] bool operator<(const urgency& other) const noexcept {
            return deadline != other.deadline ? deadline < other.deadline : turn < other.turn;
        }
    };

    struct level {
        int priority;
        unsigned passed;  // in a row, while somebody waited here
        indexed_heap<T, urgency> heap{};
    };

    static constexpr std::ptrdiff_t spare_levels = 8;

    /// The lowest whose patience is at its end, so that none below it is passed once more; else the
    /// highest. Only if somebody waits.
    [[nodiscard]] std::size_t next_level() const noexcept {
        std::size_t highest = 0;
        for (auto i = levels_.size(); i-- != 0;) {
            if (levels_[i].heap.empty()) continue;
            if (levels_[i].passed >= patience) return i;
            highest = i;
        }
        return highest;
    }

    /// Who waits below was passed over once more. Where nobody waits just now, patience begins anew
    /// only here: one may have left to come back with another key.
    void pass(std::size_t next) noexcept {
        levels_[next].passed = 0;
        for (auto i = next + 1; i != levels_.size(); ++i)
            levels_[i].passed = levels_[i].heap.empty() ? 0 : levels_[i].passed + 1;
    }

    [[nodiscard]] std::size_t level_of(const T& t) const noexcept {
        std::size_t i = 0;
        while (levels_[i].priority != t.priority) ++i;
        return i;
    }
    level& level_for(int priority) {
        auto at = levels_.begin();
        while (at != levels_.end() && at->priority > priority) ++at;
        if (at == levels_.end() || at->priority != priority) at = levels_.insert(at, {priority, 0});
        return *at;
    }

    [[nodiscard]] T* take_first(level& from) noexcept {
        auto& first = from.heap.pop();
        left(from);
        return &first;
    }

    /// One that waited there does no more.
    void left(level& from) noexcept {
        --size_;
        if (!from.heap.empty()) return;
        // The next of that priority will come soon: an empty level stays, unless many do.
        const auto is_empty = [](const level& l) { return l.heap.empty(); };
        if (std::count_if(levels_.begin(), levels_.end(), is_empty) > spare_levels)
            levels_.erase(levels_.begin() + (&from - levels_.data()));
    }

    std::vector<level> levels_;  // the highest priority first
    std::size_t size_ = 0;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_ENGINE_READY_QUEUE_HPP
