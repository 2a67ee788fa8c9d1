// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_HEDGES_HPP
#define BIDE_CURL_DETAIL_HEDGES_HPP

#include <bide/curl/detail/closing.hpp>
#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/detail/plan_at_work.hpp>
#include <bide/curl/detail/planned_request.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>

/// When a hedge is sent: a request that is sent once more while its answer may still come.
namespace bide::inline v1::curl::detail {

/// Whether a hedge may take its turn; if not, it waits, or it has ended.
template <class How>
[[nodiscard]] bool may_hedge(plan_at_work<How>& by, planned_request<How>& o, time_point now) {
    if (by.is_stopped()) return true;  // to the queue, which ends with all that is in it
    const auto& in = *o.more->in;
    auto* first = in.first ? static_cast<planned_request<How>*>(in.first->its) : nullptr;
    if (in.throttled || first == nullptr) {
        detail::close(by, o, o.state.stop(bide::end::cancelled, now), now);
        return false;
    }
    const auto due = first->at == stage::in_flight ? in.due(o.more->hedge) : never;
    if (due > now) {
        by.engine->schedule().wait(o, due);
        return false;
    }
    o.state = {o, first->state.start(), o.repeatable};
    o.state.resume(first->state.tries() + o.more->hedge, certainty::not_sent, {});
    o.begun = true;
    o.cancelled = true;                // it is one try and no more
    const char* refused_by = nullptr;  // a hedge is load that the client adds, as a retry is
    const auto stop = by.gates.take_retry(o, now, refused_by);
    if (stop) detail::close(by, o, *stop, now, refused_by);
    return !stop;
}

/// A try began: from now on the time runs after which it is hedged.
template <class How>
void start_race(plan_at_work<How>& by, const planned_request<How>& o, time_point now) {
    if (!o.more || !o.more->in || o.is_hedge()) return;
    auto& in = *o.more->in;
    in.flown = now;
    for (const auto& link : in.hedges)
        if (auto* h = link->its; h != nullptr && h->at == stage::waiting)
            by.engine->schedule().wait_until(*h, in.due(h->more->hedge));
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_HEDGES_HPP
