// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_CLOSING_HPP
#define BIDE_CURL_DETAIL_CLOSING_HPP

#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/plan_at_work.hpp>
#include <bide/curl/detail/planned_request.hpp>
#include <bide/curl/response.hpp>
#include <bide/retry/detail/closing.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/outcome.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/retry/runtime.hpp>
#include <bide/time.hpp>

#include <exception>
#include <memory>
#include <utility>

/// How an operation ends: its record, its outcome, its delivery.
namespace bide::inline v1::curl::detail {

/// What came of a try.
struct landed {
    curl::response* response = nullptr;
    finding found{};
    std::exception_ptr error{};
};

/// Ended from outside. When it was to be tried, `due`, is when to come back.
template <class How>
[[nodiscard]] decision stop_from_outside(planned_request<How>& o, ending why, time_point now,
                                         time_point due) {
    if (why == ending::cancelled) return o.state.stop(bide::end::cancelled, now);
    const auto left = plans::larger(plans::saturating_sub(due, now), duration::zero());
    return o.state.stop(bide::end::deferred, now, left);
}

/// What is told of an operation that did not succeed at once.
template <class How>
[[nodiscard]] std::unique_ptr<plans::trail> trail_of(const planned_request<How>& o,
                                                     const decision& last, time_point now,
                                                     const char* refused_by, landed& l) {
    auto past = std::make_unique<plans::trail>();
    plans::close_record(past->facts, o.state, last, now, system_runtime{});
    past->facts.refused_by = refused_by;
    auto& tries = past->facts.tries;
    tries = o.past.all(o.state.tries());
    if (!tries.empty())  // the wait after the newest may have been cut short
        tries.waited_only(plans::saturating_sub(
            now, plans::saturating_add(o.state.start().steady, tries[tries.size() - 1].ended)));
    if (l.response == nullptr) past->error = l.error ? std::move(l.error) : o.past.error();
    past->has_value = l.response != nullptr;
    return past;
}

/// Ends the operation, which is in no queue any more.
template <class How>
void close(plan_at_work<How>& by, planned_request<How>& o, const decision& last, time_point now,
           const char* refused_by = nullptr, landed l = {}) {
    if (!o.begun) o.start_clock(now);
    by.gates.return_retry(o);
    std::unique_ptr<plans::trail> past;
    record facts{.certainty = certainty::answered, .attempts = 1};
    if (last.stopped_by != bide::end::done || o.state.tries() > 1) {
        past = detail::trail_of(o, last, now, refused_by, l);
        facts = past->facts;
    }
    plans::tell(*by.how, plans::end_of(facts, now));
    by.engine->deliver(o, plans::maker::put(l.response, past.release()));
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_CLOSING_HPP
