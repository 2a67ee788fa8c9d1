// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_TRIES_HPP
#define BIDE_CURL_DETAIL_TRIES_HPP

#include <bide/curl/detail/closing.hpp>
#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/hedges.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/plan_at_work.hpp>
#include <bide/curl/detail/planned_request.hpp>
#include <bide/curl/detail/seats.hpp>
#include <bide/curl/exchange.hpp>
#include <bide/detail/test_switch.hpp>
#include <bide/retry/classifier.hpp>
#include <bide/retry/detail/closing.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/time.hpp>

#include <exception>
#include <utility>

#include <curl/curl.h>

/// One try: how it begins, what it came to, and what follows, another or the end.
namespace bide::inline v1::curl::detail {

template <class How>
[[nodiscard]] decision decide(plan_at_work<How>& by, planned_request<How>& o, const finding& found,
                              time_point now) {
    const auto next = o.state.after(found, now, by.engine->random());
    if (next.again && plans::retrying_is_off.is_on())
        return o.state.stop(bide::end::exhausted, now);
    if (o.cut_off && found.certainty != certainty::answered)
        return o.state.stop(bide::end::cancelled, now);
    if (next.again && (o.cancelled || by.is_stopped()))
        return o.state.stop(bide::end::cancelled, now);
    if (next.again && by.engine->stopping())
        return o.state.stop(bide::end::deferred, now, next.wait);
    return next;
}

template <class How>
void leave_seat(plan_at_work<How>& by, lane_seat<How>& s) {
    s.run.reset();
    if (s.easy)
        by.engine->flights().give_back(std::move(*s.easy), static_cast<bool>(s.who->what.setup));
    s.easy.reset();
    by.seats.put(s);
}

template <class How>
void remember(plan_at_work<How>& by, planned_request<How>& o, const finding& found,
              const decision& next, time_point now) {
    const auto number = o.state.tries();
    if (next.stopped_by != bide::end::done || number > 1 || next.again)
        o.past.add({number, found, plans::saturating_sub(now, o.state.start().steady), next.wait});
    plans::tell(*by.how,
                {.kind = event_kind::attempt, .attempt = number, .at = now, .found = found});
    if (next.again)
        plans::tell(*by.how, {.kind = event_kind::backoff,
                              .attempt = number,
                              .at = now,
                              .found = found,
                              .wait = next.wait});
}

/// After a try: again later, or the end. Of an exception nothing is left here when the outcome is
/// told, so that whoever gets it has it alone.
template <class How>
void settle(plan_at_work<How>& by, lane_seat<How>& s, landed l, time_point now) {
    auto& o = static_cast<planned_request<How>&>(*s.who);
    auto next = detail::decide(by, o, l.found, now);
    const char* refused_by = nullptr;
    if constexpr (plan_at_work<How>::parts::gated) {
        s.gates.finish(l.found, now);
        if (next.again) s.gates.afford(o.state, l.found, now, next);
        refused_by = s.gates.refused_by();
        s.gates.swap(o.at_budgets, o.retries_taken);
    }
    detail::leave_seat(by, s);
    if (o.more && o.more->in && l.found.verdict == verdict::throttled) o.more->in->throttled = true;
    detail::remember(by, o, l.found, next, now);
    if (!next.again) return detail::close(by, o, next, now, refused_by, std::move(l));
    o.past.failed_with(std::move(l.error));
    by.engine->schedule().wait(o, plans::waiting_is_off.is_on() ? now : next.at);
}

/// Begins a try; one that cannot begin is settled as unsent.
template <class How>
void fly(plan_at_work<How>& by, lane_seat<How>& s, planned_request<How>& o, time_point now) {
    s.who = &o;
    std::exception_ptr error;
    try {
        s.raw = s.easy.emplace(by.engine->flights().borrow()).get();
        s.run.emplace(s.raw, o.what,
                      try_options{.time = o.state.allowed(now),
                                  .repeatable = o.repeatable,
                                  .fresh = o.fresh,
                                  .number = o.state.tries() + 1});
        by.engine->flights().launch(s);
        detail::start_race(by, o, now);
        return;
    } catch (...) {  // unsent
        error = std::current_exception();
    }
    const auto found = plans::judge_error(by.rules(), error, certainty::not_sent);
    detail::settle(by, s, {.found = found, .error = std::move(error)}, now);
}

/// The transfer of a try is over.
template <class How>
void land(plan_at_work<How>& by, lane_seat<How>& s, CURLcode code, time_point now) {
    by.engine->flights().recall(s);
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): it is in flight
    auto result = s.run->finish(code, plans::wall_now());
    landed l{.response = &result};
    try {
        if constexpr (plan_at_work<How>::parts::gated) s.gates.listen(result);
        l.found = plans::judge_result(by.rules().judge(), result, certainty::not_sent);
    } catch (...) {  // a classifier of the user
        l = {.found = {.verdict = verdict::permanent, .certainty = result.found.certainty},
             .error = std::current_exception()};
    }
    s.who->fresh = code != CURLE_OK;
    if (code == CURLE_SEND_FAIL_REWIND) {  // curl#18206: libcurl never forgets that
        s.run.reset();
        s.easy.reset();
    }
    detail::settle(by, s, std::move(l), now);
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_TRIES_HPP
