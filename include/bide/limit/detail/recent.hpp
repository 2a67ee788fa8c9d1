// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_DETAIL_RECENT_HPP
#define BIDE_LIMIT_DETAIL_RECENT_HPP

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>

namespace bide::inline v1::detail {

/// Counts by numbered slots of time and forgets all but the newest 16. Thread-safe without a lock.
///
/// Numbers of slots may wrap: only differences count.
class recent {
public:
    using slot_number = std::uint32_t;

    /// Counts one more in that slot; drops it if the slot is long forgotten.
    void add(slot_number slot) noexcept {
        auto& word = words_.at(slot % words_.size());
        auto seen = word.load(std::memory_order_relaxed);
        std::uint64_t next = 0;
        do {
            // Nothing was counted in a word that is new, whatever number it has.
            const auto age = count_of(seen) == 0 ? 1 : age_of(slot_of(seen), slot);
            if (age < 0 || (age == 0 && count_of(seen) == most)) return;
            next = age == 0 ? seen + 1 : (std::uint64_t{slot} << 32U) + 1;
        } while (!word.compare_exchange_weak(seen, next, std::memory_order_relaxed));
    }

    /// The count of `slot`, of the `slots - 1` before it and of those that other threads, whose
    /// clocks are a little ahead, have begun. Requires `slots` <= 15.
    [[nodiscard]] std::uint64_t sum(slot_number slot, std::int32_t slots) const noexcept {
        std::uint64_t all = 0;
        for (const auto& word : words_) {
            const auto seen = word.load(std::memory_order_relaxed);
            if (age_of(slot_of(seen), slot) < slots) all += count_of(seen);
        }
        return all;
    }

private:
    static constexpr auto most = std::numeric_limits<std::uint32_t>::max();

    static constexpr slot_number slot_of(std::uint64_t word) noexcept {
        return static_cast<slot_number>(word >> 32U);
    }
    static constexpr std::uint32_t count_of(std::uint64_t word) noexcept {
        return static_cast<std::uint32_t>(word);
    }
    static constexpr std::int32_t age_of(slot_number slot, slot_number now) noexcept {
        return static_cast<std::int32_t>(now - slot);
    }

    std::array<std::atomic<std::uint64_t>, 16> words_{};  // the slot's number, then its count
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_LIMIT_DETAIL_RECENT_HPP
