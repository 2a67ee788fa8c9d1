// SPDX-License-Identifier: MIT
#include <bide/observe/counters.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/gate.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cstdint>
#include <latch>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <vector>

using bide::certainty;
using bide::constant;
using bide::counters;
using bide::counts;
using bide::duration;
using bide::end;
using bide::event;
using bide::event_kind;
using bide::max_attempts;
using bide::policy;
using bide::retry;
using bide::verdict;
using bide::virtual_clock;
using bide::with;
using namespace std::chrono_literals;

namespace {

static_assert(bide::observer<counters>);
static_assert(!std::is_copy_constructible_v<counters>);
static_assert(std::is_nothrow_invocable_v<counters&, const event&>);
static_assert(counts{}.operations() == 0);

constexpr auto rules = policy(constant(1500ms), max_attempts(3));

template <class Tally>
std::uint64_t sum(const Tally& all) {
    auto n = std::uint64_t{0};
    for (const auto one : all.values) n += one;
    return n;
}

std::uint64_t all_tries(const counts& c) {
    auto n = std::uint64_t{0};
    for (const auto& one : c.tries.values) n += sum(one);
    return n;
}

/// Asks one time to wait, then always refuses.
struct moody_gate {
    int asked = 0;
    bide::gate_answer ask(bide::ticket&, const bide::gate_request&, bide::time_point now) {
        if (asked++ == 0) return bide::gate_answer::wait(now + 1s, false, "slowly");
        return bide::gate_answer::refuse("no more");
    }
    void finish(bide::ticket&, const bide::report&, bide::time_point) noexcept {}
    void give_back(bide::ticket&, bide::time_point) noexcept {}
};

}  // namespace

TEST_CASE("counters: a success at the first try", "[observe][counters]") {
    virtual_clock clock;
    counters seen;
    (void)retry(with(clock, seen, rules), [] {});
    const auto now = seen.snapshot();
    CHECK(now.operations() == 1);
    CHECK(now.ended[end::done] == 1);
    CHECK(now.tries[verdict::success][certainty::answered] == 1);
    CHECK(all_tries(now) == 1);
    CHECK(now.retries == 0);
    CHECK(sum(now.unknown) == 0);
    CHECK(now.waited == 0s);
    CHECK(now.gate_waits == 0);
    CHECK(now.gate_refusals == 0);
    CHECK(now.nested == 0);
    CHECK(now.nested_retries == 0);
}

TEST_CASE("counters: several plans share one", "[observe][counters]") {
    virtual_clock clock;
    counters seen;
    (void)retry(with(clock, seen, rules), [n = 0]() mutable {
        if (++n < 3) throw bide::throttled(std::runtime_error{"429"}, 2s);
    });
    (void)retry(with(clock, seen, policy(constant(1s), max_attempts(2))),
                bide::idempotent([] { throw bide::ambiguous(std::runtime_error{"reset"}); }));
    const auto now = seen.snapshot();
    CHECK(now.operations() == 2);
    CHECK(now.ended[end::done] == 1);
    CHECK(now.ended[end::unknown] == 1);
    CHECK(now.unknown[end::exhausted] == 1);
    CHECK(sum(now.unknown) == 1);
    CHECK(now.tries[verdict::throttled][certainty::rejected] == 2);
    CHECK(now.tries[verdict::transient][certainty::ambiguous] == 2);
    CHECK(now.tries[verdict::success][certainty::answered] == 1);
    CHECK(all_tries(now) == 5);
    CHECK(now.retries == 3);
    CHECK(now.waited == clock.elapsed());
    CHECK(now.waited >= 5s);
}

TEST_CASE("counters: what gates said", "[observe][counters]") {
    virtual_clock clock;
    counters seen;
    moody_gate gate;
    (void)retry(with(clock, gate, seen, rules), [] {});
    const auto now = seen.snapshot();
    CHECK(now.gate_waits == 1);
    CHECK(now.gate_refusals == 1);
    CHECK(now.ended[end::refused] == 1);
    CHECK(all_tries(now) == 0);
    CHECK(now.waited == 0s);
}

TEST_CASE("counters: a refusal after an ambiguous try is one too", "[observe][counters]") {
    counters seen;
    seen({.kind = event_kind::gate});
    seen({.kind = event_kind::end, .ended = end::unknown, .stopped_by = end::refused});
    const auto now = seen.snapshot();
    CHECK(now.gate_waits == 0);
    CHECK(now.gate_refusals == 1);
    CHECK(now.unknown[end::refused] == 1);
}

TEST_CASE("counters: each verdict, certainty and end has its own number", "[observe][counters]") {
    counters seen;
    auto n = std::uint64_t{0};
    for (const auto v : {verdict::success, verdict::throttled, verdict::overloaded,
                         verdict::transient, verdict::permanent})
        for (const auto c : {certainty::not_sent, certainty::rejected, certainty::ambiguous,
                             certainty::answered}) {
            ++n;
            for (auto i = n; i > 0; --i)
                seen({.attempt = 1, .found = {.verdict = v, .certainty = c}});
            CHECK(seen.snapshot().tries[v][c] == n);
        }
    CHECK(all_tries(seen.snapshot()) == 20 * 21 / 2);
    for (const auto e : {end::done, end::permanent, end::exhausted, end::out_of_time, end::deferred,
                         end::unknown, end::refused, end::cancelled}) {
        counters fresh;
        fresh({.kind = event_kind::end, .ended = e, .stopped_by = e});
        CHECK(fresh.snapshot().ended[e] == 1);
        CHECK(sum(fresh.snapshot().unknown) == (e == end::unknown ? 1 : 0));
        fresh({.kind = event_kind::end, .ended = end::unknown, .stopped_by = e});
        CHECK(fresh.snapshot().unknown[e] == (e == end::unknown ? 2 : 1));
        CHECK(fresh.snapshot().operations() == 2);
    }
}

TEST_CASE("counters: nested retries", "[observe][counters]") {
    counters seen;
    seen({.kind = event_kind::nested, .inner_retries = 3});
    seen({.kind = event_kind::nested, .inner_retries = 4});
    CHECK(seen.snapshot().nested == 2);
    CHECK(seen.snapshot().nested_retries == 7);
}

TEST_CASE("counters: a sum of waits that is too long for a duration", "[observe][counters]") {
    counters seen;
    seen({.kind = event_kind::backoff, .wait = -1s});
    CHECK(seen.snapshot().waited == 0s);
    seen({.kind = event_kind::backoff, .wait = duration::max()});
    seen({.kind = event_kind::backoff, .wait = 1ns});
    CHECK(seen.snapshot().waited == duration::max());
}

TEST_CASE("counters: threads share one", "[observe][counters][threads]") {
    constexpr auto each = 300'000;
    counters seen;
    std::latch all_there{4};
    std::vector<std::thread> threads;
    for (auto t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            all_there.arrive_and_wait();
            for (auto i = 0; i < each; ++i) {
                seen({.attempt = 2, .found = bide::succeeded});
                seen({.kind = event_kind::backoff, .wait = 1s});
            }
        });
    for (auto& t : threads) t.join();
    const auto now = seen.snapshot();
    CHECK(now.tries[verdict::success][certainty::answered] == 4 * each);
    CHECK(now.retries == 4 * each);
    CHECK(now.waited == 4 * each * 1s);
}
