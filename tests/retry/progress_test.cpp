// SPDX-License-Identifier: MIT
#include <bide/retry/progress.hpp>  // first, to prove that the header stands alone

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/stop_token.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <stdexcept>
#include <stop_token>

using namespace std::chrono_literals;
using bide::certainty;
using bide::duration;
using bide::progress_of;
using bide::wall_time;

namespace {

constexpr wall_time t0{1'000'000s};

bide::record facts_of(std::initializer_list<bide::past_try> tries) {
    bide::record r{.certainty = certainty::rejected, .attempts = tries.size(), .elapsed = 40s};
    for (const auto& t : tries) r.tries.add(t);
    return r;
}

bide::past_try waited(duration wait, bide::maybe<duration> asked = {}) {
    return {.found = {.hint = asked}, .wait = wait};
}

}  // namespace

TEST_CASE("progress: is what the facts say, on the system's clock", "[retry][progress]") {
    auto facts = facts_of({waited(1s), waited(2s)});
    const auto p = progress_of(facts, t0);
    CHECK(p.attempts == 2);
    CHECK(p.certainty == certainty::rejected);
    CHECK(p.previous == 2s);
    CHECK(p.began == t0 - 40s);
    CHECK(p.not_before == t0);

    // The facts know themselves when they were made, however late somebody asks.
    facts.retry_in = 3s;
    facts.retry_at = t0 + 3s;
    CHECK(progress_of(facts, t0 + 1h).began == t0 - 40s);
    CHECK(progress_of(facts, t0 + 1h).not_before == t0 + 3s);

    // A wait without end was cut when it was put on the clock.
    facts.retry_in = duration::max();
    facts.retry_at = wall_time::max();
    CHECK(progress_of(facts, t0).began == t0 - 40s);
    CHECK(progress_of(facts, t0).not_before == wall_time::max());

    facts.elapsed = {};
    CHECK(progress_of(facts, t0).began == t0);
    CHECK(progress_of({}, wall_time::min()).began == wall_time::min());
}

TEST_CASE("progress: the last delay is the backoff's own, not a server's wait",
          "[retry][progress]") {
    const auto previous = [](std::initializer_list<bide::past_try> tries) {
        return progress_of(facts_of(tries), t0).previous;
    };
    CHECK(previous({}) == 0s);
    CHECK(previous({waited(1s), waited(0s)}) == 1s);        // nothing was to follow the last
    CHECK(previous({waited(1s), waited(60s, 60s)}) == 1s);  // the server's to the second
    CHECK(previous({waited(1s), waited(66s, 60s)}) == 1s);  // with all of its slack
    CHECK(previous({waited(1s), waited(66s + 1ns, 60s)}) == 66s + 1ns);
    CHECK(previous({waited(10s, 10s)}) == 0s);
    CHECK(previous({waited(1s), waited(duration::max(), duration::max())}) == 1s);
    CHECK(previous({waited(5s, 0s)}) == 5s);
}

TEST_CASE("progress: an operation that was cut short goes on where it was", "[retry][progress]") {
    bide::virtual_clock clock;
    std::stop_source stop;
    const auto policy = bide::policy(bide::exponential({.base = 1s, .factor = 3, .cap = 1h}),
                                     bide::max_attempts(9));
    int calls = 0;
    const auto cut = bide::retry(bide::with(clock, stop.get_token(), policy), [&] {
        clock.advance(100ms);
        if (++calls == 3) stop.request_stop();
        throw std::runtime_error{"down"};
    });
    REQUIRE(cut.ended() == bide::end::cancelled);
    const auto p = progress_of(cut.facts(), t0);
    CHECK(p.attempts == 3);
    CHECK(p.previous == 3s);  // of the wait that did not begin nothing is known
    CHECK(p.began == t0 - 4300ms);
    CHECK(p.not_before == t0);

    bide::retry_state state{policy, {}, true};
    state.resume(p.attempts, p.certainty, p.previous);
    bide::splitmix64 random{1};
    const auto next = state.after({}, {}, random);
    CHECK(state.tries() == 4);
    CHECK(next.wait == 27s);
}
