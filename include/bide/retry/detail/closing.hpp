// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_CLOSING_HPP
#define BIDE_RETRY_DETAIL_CLOSING_HPP

#include <bide/observe/observer.hpp>
#include <bide/retry/record.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>

#include <exception>

/// What all drivers do when an operation ends.
namespace bide::inline v1::detail {

/// All of a record but the tries and who refused.
template <class State, class World>
void close_record(record& facts, const State& state, const decision& last, time_point now,
                  World&& world) {
    facts.stopped_by = last.stopped_by;
    facts.ended = state.ended(last.stopped_by);
    facts.certainty = state.joined();
    facts.attempts = state.tries();
    facts.elapsed = saturating_sub(now, state.start().steady);
    if (last.retry_in) {
        facts.retry_in = last.retry_in;
        const auto wall = world.wall().time_since_epoch();
        facts.retry_at = wall_time{saturating_add(wall, *last.retry_in)};
    }
}

/// What observers hear of the end.
inline event end_of(const record& facts, time_point now) {
    return {.kind = event_kind::end,
            .attempt = facts.attempts,
            .at = now,
            .ended = facts.ended,
            .stopped_by = facts.stopped_by,
            .certainty = facts.certainty,
            .reason = facts.refused_by};
}

/// What the classifier says of an exception.
template <class Policy>
[[nodiscard]] finding judge_error(const Policy& policy, const std::exception_ptr& error,
                                  certainty unclassified) {
    try {
        std::rethrow_exception(error);
    } catch (...) {
        return policy.judge().of_exception(unclassified);
    }
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_CLOSING_HPP
