// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_WINDOW_LOG_HPP
#define BIDE_GATE_DETAIL_WINDOW_LOG_HPP

#include <bide/gate/detail/rank_tree.hpp>
#include <bide/gate/ticket.hpp>
#include <bide/time.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace bide::inline v1::detail {

/// The times of the newest `limit` grants, from which a rolling window is exact: in every
/// (t - window, t] there are at most `limit`.
class window_log {
public:
    struct settings {
        std::uint64_t limit = 1;
        duration window{};  ///< > 0
    };

    explicit window_log(const settings& its) : its_{its}, ring_(its.limit) {}

    [[nodiscard]] std::uint64_t most() const noexcept { return its_.limit; }
    [[nodiscard]] std::uint64_t capacity() const noexcept { return its_.limit; }

    /// When `cost` can be taken after those `ahead` have taken theirs as early as they can. Exact
    /// for the first; behind costs above 1 it may be told too early a time.
    [[nodiscard]] time_point opens(std::uint64_t ahead, std::uint64_t cost,
                                   time_point now) const noexcept {
        const auto needed = saturating_sum(ahead, cost);
        if (needed == 0) return time_point::min();
        const auto rounds = (needed - 1) / its_.limit;
        const auto in_way = its_.limit - 1 - (needed - 1) % its_.limit;  // counted from the newest
        auto at = forgot_;
        if (in_way < size_) at = later(at, saturating_add(newest(in_way), its_.window));
        if (rounds == 0) return at;
        at = later(at, now);
        if (rounds > static_cast<std::uint64_t>(duration::max() / its_.window)) return never;
        return saturating_add(at, its_.window * static_cast<std::int64_t>(rounds));
    }

    void take(ticket& t, std::uint64_t cost, time_point now) noexcept {
        // In order even if `now` goes back by what threads differ: later than it was is safe.
        if (size_ != 0 && now < newest(0)) now = newest(0);
        t.issued = now;
        for (std::uint64_t i = 0; i < cost; ++i) {
            end_ = (end_ + 1) % ring_.size();
            ring_[end_] = now;
        }
        size_ += cost;
        if (size_ <= ring_.size()) return;
        size_ = ring_.size();
        forgot_ = now;
    }

    /// As if it had never been taken. Which of several of one instant goes makes no difference.
    void put_back(const ticket& t) noexcept {
        std::uint64_t kept = 0;  // that are newer
        while (kept < size_ && newest(kept) > t.issued) ++kept;
        std::uint64_t gone = 0;
        while (gone < t.cost && kept + gone < size_ && newest(kept + gone) == t.issued) ++gone;
        for (auto i = kept; i-- > 0;) ring_[slot(i + gone)] = newest(i);
        end_ = slot(gone);
        size_ -= gone;
    }

    /// Grants of the past count in the new window. Memory never shrinks, so that a smaller limit
    /// forgets none of them.
    void change(const settings& to, time_point) {
        if (to.limit > ring_.size()) {
            std::vector<time_point> larger(to.limit);
            for (std::uint64_t i = 0; i < size_; ++i) larger[size_ - 1 - i] = newest(i);
            ring_.swap(larger);
            end_ = (size_ + ring_.size() - 1) % ring_.size();
        }
        its_ = to;
    }

private:
    [[nodiscard]] static time_point later(time_point a, time_point b) noexcept {
        return a < b ? b : a;
    }

    /// Where the i-th newest is.
    [[nodiscard]] std::size_t slot(std::uint64_t i) const noexcept {
        return (end_ + ring_.size() - i % ring_.size()) % ring_.size();
    }
    [[nodiscard]] time_point newest(std::uint64_t i) const noexcept { return ring_[slot(i)]; }

    settings its_;
    std::vector<time_point> ring_;
    std::size_t end_ = 0;  // the newest
    std::uint64_t size_ = 0;
    // What was forgotten had left the window by then; a clock that is behind must not ask for it.
    time_point forgot_ = time_point::min();
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_WINDOW_LOG_HPP
