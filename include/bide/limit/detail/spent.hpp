// SPDX-License-Identifier: MIT
#ifndef BIDE_LIMIT_DETAIL_SPENT_HPP
#define BIDE_LIMIT_DETAIL_SPENT_HPP

#include <bide/limit/detail/recent.hpp>
#include <bide/time.hpp>

#include <array>
#include <cstdint>

namespace bide::inline v1::detail {

/// Retries by numbered slots of time; those of one slot are remembered until the newest of them is
/// as old as a window, so that no window holds more than was counted for it. Not thread-safe.
class spent {
public:
    using slot_number = recent::slot_number;

    /// One more. A slot that is long forgotten, for the caller was held up, counts as the one that
    /// took its place.
    void add(slot_number slot, time_point now) noexcept {
        auto& its = slots_.at(slot % slots_.size());
        const auto newer = static_cast<std::int32_t>(slot - its.number) > 0;
        if (newer || its.count == 0) its = {slot, 0, now};
        ++its.count;
        if (its.newest < now) its.newest = now;
    }

    /// Takes one back, unless the slot is forgotten.
    void remove(slot_number slot) noexcept {
        auto& its = slots_.at(slot % slots_.size());
        if (its.number == slot && its.count > 0) --its.count;
    }

    [[nodiscard]] std::uint64_t in_slot(slot_number slot) const noexcept {
        const auto& its = slots_.at(slot % slots_.size());
        return its.number == slot ? its.count : 0;
    }

    /// Those of the `window` that ends now, of slots of at least a fifteenth of it.
    [[nodiscard]] std::uint64_t in_window(time_point now, duration window) const noexcept {
        std::uint64_t all = 0;
        for (const auto& its : slots_)
            if (its.count > 0 && now - its.newest < window) all += its.count;
        return all;
    }

private:
    struct counted {
        slot_number number = 0;
        std::uint64_t count = 0;
        time_point newest;
    };

    std::array<counted, 16> slots_{};
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_LIMIT_DETAIL_SPENT_HPP
