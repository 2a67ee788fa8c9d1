// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_CALL_WINDOW_HPP
#define BIDE_GATE_DETAIL_CALL_WINDOW_HPP

#include <bide/gate/detail/breaker_options.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bide::inline v1::detail {

/// How the newest calls ended: a ring of cells, of which each holds one call, or all calls of one
/// step of time. O(1) for each call and each step; no allocation after it was made.
class call_window {
public:
    /// The last `calls` calls.
    explicit call_window(std::uint64_t calls) : cells_(calls) {}
    /// The last `within`, in `steps` that are counted from the first call or `clear` on.
    call_window(duration within, std::uint64_t steps)
        : cells_(steps),
          step_{larger(within / static_cast<std::int64_t>(steps), duration{1})},
          by_time_{true} {}

    /// The counts with this call.
    const breaker_counts& add(bool failed, bool slow, time_point now) noexcept {
        if (by_time_)
            move_on(now);
        else
            begin_cell();
        count(cells_[newest_], failed, slow);
        count(total_, failed, slow);
        return total_;
    }

    [[nodiscard]] breaker_counts counts(time_point now) const noexcept {
        auto left = total_;
        if (!by_time_ || total_.calls == 0) return left;
        const auto gone = passed(now);
        for (std::size_t i = 1; i <= gone; ++i) take(left, cells_[(newest_ + i) % cells_.size()]);
        return left;
    }

    /// Forgets all, and counts steps from `now` on.
    void clear(time_point now) noexcept {
        std::fill(cells_.begin(), cells_.end(), breaker_counts{});
        total_ = {};
        begin_step(now);
    }

private:
    static void count(breaker_counts& sum, bool failed, bool slow) noexcept {
        ++sum.calls;
        if (failed) ++sum.failures;  // no adding of zeros: what is written delays the unlocking
        if (slow) ++sum.slow;
    }
    static void take(breaker_counts& from, const breaker_counts& what) noexcept {
        from.calls -= what.calls;
        from.failures -= what.failures;
        from.slow -= what.slow;
    }

    void begin_cell() noexcept {
        if (++newest_ == cells_.size()) newest_ = 0;
        take(total_, cells_[newest_]);
        cells_[newest_] = {};
    }

    /// Steps that have begun since the newest cell, at most as many as there are cells.
    [[nodiscard]] std::size_t passed(time_point now) const noexcept {
        // A clock that is a little behind counts in the newest cell.
        const auto since = larger(saturating_sub(now, cell_began_), duration::zero());
        return static_cast<std::size_t>(
            (std::min)(static_cast<std::uint64_t>(since / step_), std::uint64_t{cells_.size()}));
    }

    void move_on(time_point now) noexcept {
        if (now < cell_ends_) return;
        if (cell_ends_ == time_point::min()) return begin_step(now);  // the first call
        const auto since = saturating_sub(now, cell_began_);
        for (auto i = passed(now); i > 0; --i) begin_cell();
        begin_step(saturating_add(cell_began_, since - since % step_));
    }

    void begin_step(time_point at) noexcept {
        cell_began_ = at;
        cell_ends_ = saturating_add(at, step_);
    }

    std::vector<breaker_counts> cells_;
    breaker_counts total_{};
    std::size_t newest_ = 0;
    duration step_{1};
    time_point cell_began_{};
    time_point cell_ends_ = time_point::min();  // before the first call
    bool by_time_ = false;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_CALL_WINDOW_HPP
