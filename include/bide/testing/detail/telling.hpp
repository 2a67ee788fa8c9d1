// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_DETAIL_TELLING_HPP
#define BIDE_TESTING_DETAIL_TELLING_HPP

#include <bide/observe/observer.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/testing/records.hpp>
#include <bide/time.hpp>

#include <concepts>

/// What observers of a plan hear of a simulated operation, and whoever runs the simulation.
namespace bide::inline v1::detail {

template <class Operation, class Record>
void tell_tried(const Operation& op, const finding& found, const decision& next, time_point now,
                Record& record) {
    const auto number = op.state.tries();
    tell(*op.how, {.kind = event_kind::attempt, .attempt = number, .at = now, .found = found});
    if (next.again)
        tell(*op.how, {.kind = event_kind::backoff,
                       .attempt = number,
                       .at = now,
                       .found = found,
                       .wait = next.wait});
    if constexpr (std::invocable<Record&, const simulated::tried&>)
        record(simulated::tried{op.number, number, op.sent, op.arrived, now, found});
}

template <class Operation, class Record>
void tell_finished(const Operation& op, const decision& last, time_point now, Record& record) {
    const auto how = op.state.ended(last.stopped_by);
    tell(*op.how, {.kind = event_kind::end,
                   .attempt = op.state.tries(),
                   .at = now,
                   .ended = how,
                   .stopped_by = last.stopped_by,
                   .certainty = op.state.joined(),
                   .reason = op.gates.refused_by()});
    if constexpr (std::invocable<Record&, const simulated::finished&>)
        record(simulated::finished{op.number, op.state.tries(), op.state.start().steady, now, how,
                                   last.stopped_by, op.state.joined(), last.retry_in});
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_TESTING_DETAIL_TELLING_HPP
