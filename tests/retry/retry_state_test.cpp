// SPDX-License-Identifier: MIT
#include <bide/retry/retry_state.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/limit/deadline.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>
#include <bide/retry/policy.hpp>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <vector>

// Examples; every word of findings is compared with a model in exhaustive_test.cpp.

using bide::beginning;
using bide::certainty;
using bide::constant;
using bide::decision;
using bide::duration;
using bide::end;
using bide::exponential;
using bide::finding;
using bide::max_attempts;
using bide::max_elapsed;
using bide::policy;
using bide::retry_state;
using bide::time_point;
using bide::verdict;
using support::at_high;
using support::at_low;
using namespace std::chrono_literals;

namespace {

constexpr beginning started{.steady = time_point{100s}};
constexpr time_point now = started.steady;
constexpr finding transient{};
constexpr finding ambiguous{.certainty = certainty::ambiguous};
constexpr finding permanent{.verdict = verdict::permanent};
constexpr finding answered{.certainty = certainty::answered};
constexpr finding settling{
    .verdict = verdict::permanent, .certainty = certainty::answered, .settles = true};
constexpr finding asks(duration hint) { return {.verdict = verdict::throttled, .hint = hint}; }

constexpr auto rules =
    policy(exponential({.base = 1s, .cap = 20s}), max_attempts(4) | max_elapsed(30s));

/// The decision after the last of some findings, all of them at `now`.
constexpr decision after(const auto& p, std::initializer_list<finding> findings,
                         bool idempotent = false, support::stuck random = at_low) {
    retry_state state{p, started, idempotent};
    auto last = decision{};
    for (const auto& f : findings) last = state.after(f, now, random);
    return last;
}
constexpr end ended(std::initializer_list<finding> findings, bool idempotent = false) {
    retry_state state{rules, started, idempotent};
    auto last = decision{};
    for (const auto& f : findings) last = state.after(f, now, at_low);
    return state.ended(last.stopped_by);
}
constexpr certainty joined(std::initializer_list<finding> findings) {
    retry_state state{rules, started, true};
    for (const auto& f : findings) (void)state.after(f, now, at_low);
    return state.joined();
}

// The waits are those of the backoff, counted by tries.
static_assert(after(rules, {transient}).again);
static_assert(after(rules, {transient}).wait == 1s);
static_assert(after(rules, {transient}).at == now + 1s);
static_assert(after(rules, {transient, transient}).wait == 2s);
static_assert(after(rules, {transient, transient, transient}).wait == 4s);
static_assert(!after(rules, {transient, transient, transient, transient}).again);
static_assert(after(rules, {transient, transient, transient, transient}).stopped_by ==
              end::exhausted);

// What can't be repeated is not.
static_assert(!after(rules, {bide::succeeded}).again);
static_assert(after(rules, {bide::succeeded}).stopped_by == end::done);
static_assert(after(rules, {permanent}).stopped_by == end::permanent);
static_assert(after(rules, {permanent}, true).stopped_by == end::permanent);
static_assert(after(rules, {ambiguous}).stopped_by == end::unknown);
static_assert(after(rules, {ambiguous}, true).again);
static_assert(after(rules, {answered}).stopped_by == end::permanent);
static_assert(after(rules, {answered}, true).again);

// The end that the caller sees is unknown if it may have happened.
static_assert(ended({ambiguous}) == end::unknown);
static_assert(ended({ambiguous, permanent}, true) == end::unknown);
static_assert(ended({ambiguous, transient, transient, transient}, true) == end::unknown);
static_assert(ended({ambiguous, settling}, true) == end::permanent);
static_assert(ended({ambiguous, bide::succeeded}, true) == end::done);
static_assert(ended({transient, permanent}) == end::permanent);

static_assert(joined({}) == certainty::not_sent);
static_assert(joined({{.certainty = certainty::not_sent}}) == certainty::not_sent);
static_assert(joined({{.certainty = certainty::not_sent}, transient}) == certainty::rejected);
static_assert(joined({transient, {.certainty = certainty::not_sent}}) == certainty::rejected);
static_assert(joined({ambiguous, transient}) == certainty::ambiguous);
static_assert(joined({ambiguous, answered}) == certainty::ambiguous);
static_assert(joined({ambiguous, settling}) == certainty::answered);
static_assert(joined({settling, ambiguous}) == certainty::ambiguous);
static_assert(joined({ambiguous, bide::succeeded}) == certainty::answered);

// A hint is a floor; slack goes upward only, by a tenth at most.
static_assert(after(rules, {asks(5s)}, false, at_low).wait == 5s);
static_assert(after(rules, {asks(5s)}, false, at_high).wait == 5500ms);
static_assert(after(rules, {asks(5s)}, false, at_high).at == now + 5500ms);
static_assert(after(rules, {asks(1s)}, false, at_low).wait == 1s);
static_assert(after(rules, {asks(1s)}, false, at_high).wait == 1100ms);
// Below our own delay it changes nothing, and a hint of nothing does not switch it off.
static_assert(after(rules, {asks(500ms)}, false, at_high).wait == 1s);
static_assert(after(rules, {asks(0s)}, false, at_high).wait == 1s);
// Full jitter may undercut our delay, never the server's.
constexpr auto jittered = policy(exponential({.base = 1s}) | bide::full_jitter, max_attempts(4));
static_assert(after(jittered, {asks(300ms)}, false, at_low).wait == 300ms);
static_assert(after(jittered, {asks(300ms)}, false, at_high).wait == 1s);
static_assert(after(jittered, {asks(0s)}, false, at_low).wait == 0s);

// A hint over `max_hint` defers, and says until when; one that is exactly that is taken.
constexpr auto patient = policy(constant(1s), max_attempts(2), {.max_hint = 10s});
static_assert(after(patient, {asks(10s)}).again);
static_assert(after(patient, {asks(10s + 1ns)}).stopped_by == end::deferred);
static_assert(after(patient, {asks(10s + 1ns)}).retry_in == 10s + 1ns);
static_assert(after(patient, {asks(duration::max())}).retry_in == duration::max());
static_assert(after(policy(constant(1s), max_attempts(2), {.max_hint = 0s}), {asks(0s)}).again);
static_assert(after(policy(constant(1s), max_attempts(2), {.max_hint = 0s}), {asks(1ns)})
                  .stopped_by == end::deferred);

// One that does not fit into the time defers too. Slack by itself does not end an operation.
constexpr auto hasty = policy(constant(1s), max_elapsed({.total = 10s, .least_try = 2s}));
static_assert(after(hasty, {asks(8s)}, false, at_low).wait == 8s);
static_assert(after(hasty, {asks(8s)}, false, at_high).again);
static_assert(after(hasty, {asks(8s)}, false, at_high).wait == 8s);
static_assert(after(hasty, {asks(7s)}, false, at_high).wait == 7700ms);
static_assert(after(hasty, {asks(8s + 1ns)}).stopped_by == end::deferred);
static_assert(after(hasty, {asks(8s + 1ns)}).retry_in == 8s + 1ns);
// What would be too late without a hint as well is out of time.
constexpr auto slow = policy(constant(9s), max_elapsed({.total = 10s, .least_try = 2s}));
static_assert(after(slow, {transient}).stopped_by == end::out_of_time);
static_assert(!after(slow, {transient}).retry_in.has_value());
static_assert(after(slow, {asks(8s)}).stopped_by == end::out_of_time);
static_assert(after(slow, {asks(8s)}).retry_in == 8s);
// With no attempts left it is exhausted, but the time to come back is not lost.
static_assert(after(policy(constant(1s), max_attempts(1)), {asks(5s)}).stopped_by ==
              end::exhausted);
static_assert(after(policy(constant(1s), max_attempts(1)), {asks(5s)}).retry_in == 5s);
static_assert(after(rules, {finding{.certainty = certainty::ambiguous, .hint = 5s}}).retry_in ==
              5s);

// Decorrelated jitter continues from its own last delay, not from what a server asked for.
constexpr auto decorrelated =
    policy(exponential({.base = 1s, .cap = 1h}) | bide::decorrelated_jitter, max_attempts(9));
static_assert(after(decorrelated, {transient}, false, at_high).wait == 3s);
static_assert(after(decorrelated, {transient, transient}, false, at_high).wait == 9s);
static_assert(after(decorrelated, {asks(30s), transient}, false, at_high).wait == 9s);

constexpr decision beginning_of(const auto& p, time_point at) {
    return retry_state{p, started, false}.begin(at);
}
static_assert(beginning_of(rules, now).again);
static_assert(beginning_of(rules, now).at == now);
static_assert(beginning_of(rules, now).wait == 0s);
constexpr auto too_late = policy(constant(1s), bide::deadline(time_point{100s}));
static_assert(beginning_of(too_late, now).stopped_by == end::out_of_time);
static_assert(!beginning_of(too_late, now).again);

constexpr bide::allowance allowed(const auto& p, time_point at, bool idempotent,
                                  bool may_be_cut = false) {
    return retry_state{p, started, idempotent, may_be_cut}.allowed(at);
}
// A try that may be repeated is cut off at the end of the operation, one that may not has grace.
static_assert(allowed(rules, now, true).whole == 10s);
static_assert(allowed(rules, now, true).connect == 3s);
static_assert(allowed(rules, now + 25s, true).whole == 5s);
static_assert(allowed(rules, now + 25s, true).connect == 3s);
static_assert(allowed(rules, now + 28s, true).whole == 2s);
static_assert(allowed(rules, now + 28s, true).connect == 2s);
static_assert(allowed(rules, now + 28s, false).whole == 10s);
static_assert(allowed(rules, now + 28s, false).connect == 2s);      // nothing was sent by then
static_assert(allowed(rules, now + 28s, false, true).whole == 2s);  // cutting it off spoils nothing
static_assert(allowed(rules, now + 28s, false).left == 2s);
static_assert(allowed(rules, now, false).left == 30s);
constexpr auto graceless =
    policy(constant(1s), max_elapsed(30s), {.try_timeout = 4s, .grace = false});
static_assert(allowed(graceless, now, false).whole == 4s);
static_assert(allowed(graceless, now + 28s, false).whole == 2s);
constexpr auto brief = policy(constant(1s), max_attempts(2), {.try_timeout = 1s});
static_assert(allowed(brief, now, false).connect == 1s);  // never longer than the whole
static_assert(allowed(brief, now, false).left == duration::max());
static_assert(allowed(brief, bide::never, true).whole == 1s);

// From outside it ends with the gate's word when to come back, else with what is left of the
// server's.
constexpr decision stopped(finding last, duration later, bide::maybe<duration> retry_in = {}) {
    retry_state state{rules, started, true};
    (void)state.after(asks(9s), now, at_low);
    (void)state.after(last, now, at_low);
    return state.stop(end::cancelled, now + later, retry_in);
}
static_assert(stopped(transient, 1s).stopped_by == end::cancelled);
static_assert(!stopped(transient, 1s).again);
static_assert(!stopped(transient, 1s).retry_in.has_value());
static_assert(stopped(asks(5s), 2s).retry_in == 3s);
static_assert(stopped(asks(5s), 5s).retry_in == 0s);
static_assert(stopped(asks(5s), 6s).retry_in == 0s);
static_assert(stopped(asks(5s), 2s, 7s).retry_in == 7s);
static_assert(stopped(asks(5s), 2s, 1s).retry_in == 1s);
static_assert(!retry_state{rules, started, false}.stop(end::refused, now).retry_in.has_value());
static_assert(retry_state{rules, started, false}.stop(end::refused, now, 3s).retry_in == 3s);
static_assert(retry_state{rules, started, false}.ended(end::refused) == end::refused);
constexpr end ended_by_stop(finding last) {
    retry_state state{rules, started, true};
    (void)state.after(last, now, at_low);
    return state.ended(state.stop(end::cancelled, now).stopped_by);
}
static_assert(ended_by_stop(transient) == end::cancelled);
static_assert(ended_by_stop(ambiguous) == end::unknown);

}  // namespace

TEST_CASE("retry_state: counts its tries and tells when it began", "[retry][retry_state]") {
    retry_state state{rules, started, true};
    CHECK(state.tries() == 0);
    CHECK(state.idempotent());
    CHECK(state.start().steady == started.steady);
    CHECK(state.last_start() == time_point{129s});
    (void)state.after(transient, now, at_low);
    CHECK(state.tries() == 1);
}

TEST_CASE("retry_state: time passes between the tries", "[retry][retry_state]") {
    retry_state state{rules, started, false};
    auto at = now;
    std::vector<duration> waits;
    for (;;) {
        const auto next = state.after(transient, at + 5s, at_low);  // each try takes 5 s
        if (!next.again) {
            CHECK(next.stopped_by == end::exhausted);
            break;
        }
        CHECK(next.at == at + 5s + next.wait);
        waits.push_back(next.wait);
        at = next.at;
    }
    CHECK(waits == std::vector<duration>{1s, 2s, 4s});
}

TEST_CASE("retry_state: saturates at the ends of time", "[retry][retry_state][limits]") {
    constexpr auto forever =
        policy(constant(std::chrono::hours::max()), max_elapsed(std::chrono::hours::max()),
               {.max_hint = std::chrono::hours::max()});
    CHECK(after(forever, {transient}).wait == duration::max());
    CHECK(after(forever, {transient}).at == bide::never);
    CHECK(after(forever, {asks(duration::max())}, false, at_high).wait == duration::max());
    CHECK(after(forever, {asks(duration::max() - 1ns)}, false, at_high).wait == duration::max());
}

TEST_CASE("retry_state: every try of very many has its delay", "[retry][retry_state][limits]") {
    constexpr auto endless =
        policy(exponential({}), max_attempts(std::numeric_limits<std::uint64_t>::max()));
    retry_state state{endless, started, false};
    for (auto i = 0; i < 5000; ++i) {
        const auto next = state.after(transient, now, at_low);
        if (!next.again || next.wait > bide::defaults::cap) FAIL("try " << state.tries());
    }
    CHECK(state.tries() == 5000);
}
