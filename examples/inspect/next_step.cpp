// SPDX-License-Identifier: MIT
#include "inspect/next_step.hpp"

#include <bide/http/sender.hpp>
#include <bide/limit/limit.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <limits>

namespace inspector {

next_step next_of(const bide::finding& first, bool idempotent) {
    // The longest draw need not give the longest wait: one that would be too late is cut back.
    constexpr std::uint64_t draws = 256;
    constexpr auto step = std::numeric_limits<std::uint64_t>::max() / draws;
    static constexpr auto policy = bide::http::sender();
    next_step next;
    for (std::uint64_t i = 0; i <= draws; ++i) {
        bide::retry_state state{policy, bide::beginning{}, idempotent};
        auto draw = [i]() -> std::uint64_t { return i * step; };
        const auto decided = state.after(first, bide::time_point{}, draw);
        if (!decided.again)
            return {.ended = state.ended(decided.stopped_by), .retry_in = decided.retry_in};
        if (i == 0 || decided.wait < next.least) next.least = decided.wait;
        if (decided.wait > next.most) next.most = decided.wait;
    }
    next.again = true;
    return next;
}

}  // namespace inspector
