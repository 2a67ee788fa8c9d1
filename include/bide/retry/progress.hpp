// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_PROGRESS_HPP
#define BIDE_RETRY_PROGRESS_HPP

#include <bide/defaults.hpp>
#include <bide/retry/record.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <cstdint>

namespace bide::inline v1 {

/// How far an operation is, for going on with it later, perhaps in another process: by the system's
/// clock, so that it can be stored; `bide/json/progress.hpp` does that.
///
/// What is sent is the caller's to keep, and so is its idempotency key; the key's age, and what is
/// left of limits of time, follow from `began`.
struct progress {
    std::uint64_t attempts = 0;                             ///< Tries made; 0: it has not begun.
    bide::certainty certainty = bide::certainty::not_sent;  ///< Over all of them.
    duration previous{};     ///< The backoff's own last delay, from which some go on.
    wall_time began{};       ///< The first try; of no meaning before it.
    wall_time not_before{};  ///< When the next try may begin.
};

namespace detail {

/// The newest wait that was the backoff's own: of one within the slack of a server's it can't be
/// said what the backoff wanted.
inline duration last_own_delay(const history& tries) noexcept {
    for (auto i = tries.size(); i-- > 0;) {
        const auto asked = tries[i].found.hint.value_or(duration::zero());
        const auto slack = asked / 100 * defaults::hint_slack_percent;
        if (tries[i].wait > saturating_add(asked, slack)) return tries[i].wait;
    }
    return {};
}

}  // namespace detail

/// What the facts of an operation that has not succeeded say. `now`: when it ended, which matters
/// only where the facts have no `retry_at`, for that tells it better.
[[nodiscard]] inline progress progress_of(const record& facts, wall_time now) noexcept {
    const auto come_back = facts.retry_at.value_or(wall_time::max());
    const auto tells_end = facts.retry_in && come_back != wall_time::max();  // which may be cut
    const auto ended = tells_end ? come_back - *facts.retry_in : now;
    const auto elapsed = facts.elapsed.value_or(duration::zero());
    return {.attempts = facts.attempts,
            .certainty = facts.certainty,
            .previous = detail::last_own_delay(facts.tries),
            .began = wall_time{detail::saturating_add(ended.time_since_epoch(), -elapsed)},
            .not_before = facts.retry_at.value_or(now)};
}

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_PROGRESS_HPP
