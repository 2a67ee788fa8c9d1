// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_TALLY_HPP
#define BIDE_GATE_DETAIL_TALLY_HPP

#include <atomic>
#include <cstdint>

namespace bide::inline v1::detail {

/// A count of what need not be heard one by one, kept without the lock of a gate and read with it.
///
/// One word, so that nothing is counted after `close` that the `take` after it does not see.
class tally {
public:
    /// From any thread. False: closed, or another thread was quicker; the gate must be told.
    [[nodiscard]] bool add() noexcept {
        auto seen = word_.load(std::memory_order_relaxed);
        return (seen & closed) == 0 &&
               word_.compare_exchange_strong(seen, seen + one, std::memory_order_relaxed);
    }

    // Under the lock of the gate.
    /// What was counted since the last time; signed, so that one instruction makes it a double.
    [[nodiscard]] std::int64_t take() noexcept {
        const auto now = word_.load(std::memory_order_relaxed) / one;
        const auto more = now - taken_;
        taken_ = now;
        return static_cast<std::int64_t>(more);
    }
    void open() noexcept {
        if (is_closed_) word_.fetch_and(~closed, std::memory_order_relaxed);
        is_closed_ = false;
    }
    void close() noexcept {
        if (!is_closed_) word_.fetch_or(closed, std::memory_order_relaxed);
        is_closed_ = true;
    }

private:
    static constexpr std::uint64_t closed = 1;
    static constexpr std::uint64_t one = 2;

    std::atomic<std::uint64_t> word_ = closed;
    std::uint64_t taken_ = 0;
    bool is_closed_ = true;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_TALLY_HPP
