// SPDX-License-Identifier: MIT
#include <bide/limit/budget.hpp>

#include "support/catch.hpp"
#include "support/event_log.hpp"
#include "support/recording_gate.hpp"

#include <bide/bide.hpp>
#include <bide/stop_token.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>

using bide::budget_note;
using bide::constant;
using bide::end;
using bide::finding;
using bide::gate_answer;
using bide::max_attempts;
using bide::max_elapsed;
using bide::policy;
using bide::retry;
using bide::time_point;
using bide::verdict;
using bide::virtual_clock;
using bide::with;
using support::gate_log;
using support::recording_gate;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = policy(constant(1s), max_attempts(3));

/// Writes down what it is asked and told; `retries` are allowed.
struct recording_budget {
    std::string name;
    gate_log* log;
    int retries = 100;
    std::uint64_t last = 0;
    bool unheard = false;  ///< A try ended without a finding.

    void began(budget_note& note, std::uint64_t attempt, time_point) const noexcept {
        log->push_back(name + ":began" + std::to_string(attempt));
        if (attempt == 1) CHECK(note.taken == 0);
    }
    void ended(budget_note& note, const finding& found, time_point) noexcept {
        log->push_back(name + ":" + to_string(found.verdict));
        last = note.taken;
        unheard = found.certainty == bide::certainty::rejected && found.error == 0;
    }
    const char* take(budget_note& note, const finding& found, time_point) noexcept {
        CHECK(found.verdict != verdict::success);
        log->push_back(name + (retries > 0 ? ":take" : ":refuse"));
        if (retries == 0) return "nothing is left";
        --retries;
        ++note.taken;
        return nullptr;
    }
    void give_back(budget_note&, time_point) noexcept {
        log->push_back(name + ":back");
        ++retries;
    }
};
static_assert(bide::budget<recording_budget>);

/// One without any optional member.
struct no_retries {
    static const char* take(budget_note&, const finding&, time_point) noexcept { return "never"; }
    static void give_back(budget_note&, time_point) noexcept {}
};
static_assert(bide::budget<no_retries>);

struct may_throw {
    static const char* take(budget_note&, const finding&, time_point) { return nullptr; }
    static void give_back(budget_note&, time_point) noexcept {}
};
static_assert(!bide::budget<may_throw>);
static_assert(!bide::budget<recording_gate>);
static_assert(!bide::gate<recording_budget>);
static_assert(!bide::budget<max_attempts>);

/// Fails until the try of that number.
auto succeeds_at(int which) {
    return [which, n = 0]() mutable {
        if (++n < which) throw std::runtime_error{"busy"};
        return n;
    };
}

}  // namespace

TEST_CASE("budget: hears of each try and is asked once for each retry", "[limit][budget]") {
    virtual_clock clock;
    gate_log log;
    recording_budget b{.name = "b", .log = &log};
    CHECK(retry(with(clock, b, rules), succeeds_at(1)).value() == 1);
    CHECK(std::exchange(log, {}) == gate_log{"b:began1", "b:success"});

    CHECK(retry(with(clock, b, rules), succeeds_at(3)).value() == 3);
    CHECK(std::exchange(log, {}) == gate_log{"b:began1", "b:transient", "b:take", "b:began2",
                                             "b:transient", "b:take", "b:began3", "b:success"});
    CHECK(b.last == 2);  // one note for the whole operation

    // What no policy would repeat is not asked for.
    CHECK(retry(with(clock, b, rules), succeeds_at(4)).ended() == end::exhausted);
    CHECK(log == gate_log{"b:began1", "b:transient", "b:take", "b:began2", "b:transient", "b:take",
                          "b:began3", "b:transient"});
    log.clear();
    (void)retry(with(clock, b, rules), [] { throw std::logic_error{"bug"}; });
    CHECK(log == gate_log{"b:began1", "b:permanent"});
}

TEST_CASE("budget: a refusal ends the operation before the wait", "[limit][budget]") {
    virtual_clock clock;
    gate_log log;
    recording_budget b{.name = "b", .log = &log, .retries = 1};
    support::event_log seen;
    const auto got = retry(with(clock, seen, b, rules), succeeds_at(3));
    CHECK(log ==
          gate_log{"b:began1", "b:transient", "b:take", "b:began2", "b:transient", "b:refuse"});
    CHECK(got.ended() == end::exhausted);
    CHECK(got.stopped_by() == end::exhausted);
    CHECK(clock.elapsed() == 1s);
    CHECK(got.explain() ==
          "exhausted after 2 tries in 1s: no retry is left: nothing is left; "
          "try 1: transient, rejected, waited 1s; try 2: transient, rejected");
    CHECK_THROWS_WITH(got.value(), "busy");
    CHECK(seen.kinds() == "attempt backoff attempt end");
    CHECK(std::string{seen.events.back().reason} == "nothing is left");

    // When the server said to come back stays readable; what may have acted is unknown as ever.
    no_retries never;
    const auto hinted = retry(with(clock, never, rules),
                              [] { throw bide::throttled(std::runtime_error{"slow down"}, 7s); });
    CHECK(hinted.attempts() == 1);
    CHECK(hinted.retry_in() == 7s);
    const auto doubtful =
        retry(with(clock, never, rules),
              bide::idempotent([] { throw bide::ambiguous(std::runtime_error{"reset"}); }));
    CHECK(doubtful.ended() == end::unknown);
    CHECK(doubtful.stopped_by() == end::exhausted);
}

TEST_CASE("budget: a retry that is not made is given back", "[limit][budget]") {
    virtual_clock clock;
    gate_log log;
    recording_budget b{.name = "b", .log = &log};
    SECTION("cancelled in its wait") {
        std::stop_source source;
        clock.at(500ms, [&source] { source.request_stop(); });
        CHECK(retry(with(clock, source.get_token(), b, rules), succeeds_at(2)).ended() ==
              end::cancelled);
        CHECK(log == gate_log{"b:began1", "b:transient", "b:take", "b:back"});
    }
    SECTION("refused by a gate on either side of it") {
        recording_gate g{"g", log, {gate_answer::go(), gate_answer::refuse("open")}};
        const auto before = GENERATE(true, false);
        const auto got = before ? retry(with(clock, g, b, rules), succeeds_at(2))
                                : retry(with(clock, b, g, rules), succeeds_at(2));
        CHECK(got.ended() == end::refused);
        CHECK(log[log.size() - 1] == "b:back");
        CHECK(log[log.size() - 2] == "g:refuse");
    }
    SECTION("refused by another budget") {
        recording_budget other{.name = "c", .log = &log, .retries = 0};
        CHECK(retry(with(clock, b, other, rules), succeeds_at(2)).ended() == end::exhausted);
        CHECK(log == gate_log{"c:began1", "b:began1", "c:transient", "b:transient", "b:take",
                              "c:refuse", "b:back"});
    }
    SECTION("not let in before its time is over") {
        const auto short_rules = policy(constant(1s), max_elapsed({.total = 3s, .least_try = 1s}));
        recording_gate g{
            "g", log, {gate_answer::go(), gate_answer::wait(time_point{9s}, false, "")}};
        CHECK(retry(with(clock, b, g, short_rules), succeeds_at(2)).ended() == end::deferred);
        CHECK(log[log.size() - 2] == "g:leave");
        CHECK(log.back() == "b:back");
    }
    CHECK(b.retries == 100);
}

TEST_CASE("budget: while a gate lets the retry wait it stays taken", "[limit][budget]") {
    virtual_clock clock;
    gate_log log;
    recording_budget b{.name = "b", .log = &log};
    recording_gate g{
        "g", log, {gate_answer::go(), gate_answer::wait(time_point{5s}, false, "not yet")}};
    SECTION("at a gate behind it") {
        CHECK(retry(with(clock, b, g, rules), succeeds_at(2)).value() == 2);
        CHECK(log == gate_log{"g:go", "b:began1", "g:finish", "b:transient", "b:take", "g:wait",
                              "g:go", "b:began2", "g:finish", "b:success"});
    }
    SECTION("at a gate before it") {
        CHECK(retry(with(clock, g, b, rules), succeeds_at(2)).value() == 2);
        CHECK(log == gate_log{"g:go", "b:began1", "b:transient", "g:finish", "b:take", "g:wait",
                              "g:go", "b:began2", "b:success", "g:finish"});
    }
    CHECK(b.retries == 99);
}

TEST_CASE("budget: nothing begins before all gates agree", "[limit][budget]") {
    virtual_clock clock;
    gate_log log;
    recording_budget b{.name = "b", .log = &log};
    recording_gate g{"g", log, {gate_answer::refuse("open")}};
    CHECK(retry(with(clock, b, g, rules), succeeds_at(1)).ended() == end::refused);
    CHECK(log == gate_log{"g:refuse"});
}

TEST_CASE("budget: no time for a retry, so none is taken", "[limit][budget]") {
    virtual_clock clock;
    gate_log log;
    recording_budget b{.name = "b", .log = &log};
    const auto no_time = policy(constant(1s), max_elapsed({.total = 1s, .least_try = 1s}));
    CHECK(retry(with(clock, b, no_time), succeeds_at(2)).ended() == end::out_of_time);
    const bide::no_retrying off;
    CHECK(retry(with(clock, b, rules), succeeds_at(2)).ended() == end::exhausted);
    CHECK(log == gate_log{"b:began1", "b:transient", "b:began1", "b:transient"});
}

TEST_CASE("budget: a try of which nobody heard the end is over, too", "[limit][budget]") {
    virtual_clock clock;
    gate_log log;
    recording_budget b{.name = "b", .log = &log};
    const auto broken = bide::policy(
        constant(1s), max_attempts(3),
        bide::classify(bide::retry_if([](int) -> bool { throw std::domain_error{"rule"}; })));
    CHECK_THROWS_AS(retry(with(clock, b, broken), [] { return 1; }), std::domain_error);
    CHECK(log == gate_log{"b:began1", "b:transient"});
    CHECK(b.unheard);
}

// Passing a budget costs a policy nothing: it is no part of it.
static_assert(sizeof(with(rules)) == sizeof(rules));
