// SPDX-License-Identifier: MIT
#include <bide/gate/admission.hpp>

#include "support/catch.hpp"
#include "support/event_log.hpp"
#include "support/recording_gate.hpp"

#include <bide/stop_token.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

using bide::certainty;
using bide::classify;
using bide::constant;
using bide::end;
using bide::event;
using bide::event_kind;
using bide::gate_answer;
using bide::max_attempts;
using bide::max_elapsed;
using bide::never;
using bide::policy;
using bide::retry;
using bide::retry_if;
using bide::time_point;
using bide::verdict;
using bide::virtual_clock;
using bide::with;
using support::gate_log;
using support::recording_gate;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = policy(constant(1s), max_attempts(3));

struct connection_lost : std::runtime_error {
    connection_lost() : std::runtime_error{"lost"} {}
};

gate_answer wait_until(bide::timespan t) {
    return gate_answer::wait(time_point{t.get()}, false, "not yet");
}
gate_answer wait_for_event() { return gate_answer::wait(never, true, "full"); }

/// Wakes whoever waits at the gate, as the gate itself would.
auto opening(recording_gate& g) {
    return [&g] {
        REQUIRE(g.place != nullptr);
        g.place->will_wake();
        g.place->wake();
    };
}

}  // namespace

TEST_CASE("admission: a success takes one permit of each gate", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log};
    CHECK(retry(with(clock, a, b, rules), [&log] {
              log.emplace_back("try");
              return 7;
          }).value() == 7);
    CHECK(log == gate_log{"a:go", "b:go", "try", "b:finish", "a:finish"});
    CHECK(a.permits == 0);
    CHECK(b.permits == 0);
    REQUIRE(a.reports.size() == 1);
    CHECK(a.reports[0].found.verdict == verdict::success);
    CHECK(a.reports[0].found.certainty == certainty::answered);
}

TEST_CASE("admission: every try asks again and is reported with its latency", "[gate][admission]") {
    virtual_clock clock;
    clock.advance(100s);
    gate_log log;
    recording_gate g{"g", log};
    const auto got = retry(with(clock, g, rules), [&clock, n = 0]() mutable {
        clock.advance(2s);
        if (++n == 1) throw bide::throttled(connection_lost{}, 1s);
        if (n == 2) throw connection_lost{};
    });
    CHECK(got.attempts() == 3);
    CHECK(log == gate_log{"g:go", "g:finish", "g:go", "g:finish", "g:go", "g:finish"});
    REQUIRE(g.reports.size() == 3);
    CHECK(g.reports[0].found.verdict == verdict::throttled);
    CHECK(g.reports[0].found.hint == 1s);
    CHECK(g.reports[0].latency == 2s);
    CHECK(g.reports[1].found.verdict == verdict::transient);
    CHECK(g.reports[1].latency == 2s);
    CHECK(g.reports[2].found.verdict == verdict::success);
    CHECK(g.reports[2].latency == 2s);
    REQUIRE(g.requests.size() == 3);
    CHECK(g.requests[0].attempt == 1);
    CHECK(g.requests[1].attempt == 2);
    CHECK(g.requests[2].attempt == 3);
    CHECK(g.requests[0].deadline == never);
    CHECK(g.asked_at[0] == time_point{100s});
}

TEST_CASE("admission: a gate knows the last instant at which a try may start",
          "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate g{"g", log};
    (void)retry(with(clock, g, policy(constant(1s), max_elapsed({.total = 10s, .least_try = 2s}))),
                [] {});
    CHECK(g.requests[0].deadline == time_point{8s});
}

TEST_CASE("admission: a refusal ends the operation and gives back what was taken",
          "[gate][admission]") {
    virtual_clock clock{1, bide::wall_time{1000s}};
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log};
    recording_gate c{"c", log, {gate_answer::refuse("the breaker is open", time_point{30s})}};
    auto calls = 0;
    const auto got = retry(with(clock, a, b, c, rules), [&calls] { ++calls; });
    CHECK(calls == 0);
    CHECK(log == gate_log{"a:go", "b:go", "c:refuse", "b:back", "a:back"});
    CHECK(got.ended() == end::refused);
    CHECK(got.attempts() == 0);
    CHECK(got.certainty() == certainty::not_sent);
    CHECK(got.retry_in() == 30s);
    CHECK(got.retry_at() == bide::wall_time{1030s});
    CHECK(got.explain() ==
          "refused after 0 tries in 0s: a gate refused: the breaker is open; come back in 30s");
    CHECK_THROWS_WITH(got.value(), "bide: " + got.explain());
    CHECK(clock.waits().empty());
}

TEST_CASE("admission: a refusal of a later try keeps what was known", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log, {gate_answer::go(), gate_answer::refuse("closed")}};
    const auto got = retry(with(clock, a, b, rules), [] { throw connection_lost{}; });
    CHECK(log == gate_log{"a:go", "b:go", "b:finish", "a:finish", "a:go", "b:refuse", "a:back"});
    CHECK(got.ended() == end::refused);
    CHECK(got.attempts() == 1);
    CHECK_FALSE(got.retry_in().has_value());
    CHECK_THROWS_AS(got.value(), connection_lost);

    recording_gate c{"c", log, {gate_answer::go(), gate_answer::refuse("closed")}};
    const auto lost = retry(with(clock, c, rules),
                            bide::idempotent([] { throw bide::ambiguous(connection_lost{}); }));
    CHECK(lost.ended() == end::unknown);
    CHECK(lost.stopped_by() == end::refused);
}

TEST_CASE("admission: a refusal until an instant that has passed means now", "[gate][admission]") {
    virtual_clock clock;
    clock.advance(100s);
    gate_log log;
    recording_gate g{"g", log, {gate_answer::refuse("closed", time_point{30s})}};
    CHECK(retry(with(clock, g, rules), [] {}).retry_in() == 0s);
}

TEST_CASE("admission: before a wait the earlier permits go back, places in queues stay",
          "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log};
    recording_gate c{"c", log, {wait_until(5s), wait_until(6s)}};
    CHECK(retry(with(clock, a, b, c, rules), [] { return 7; }).value() == 7);
    CHECK(log == gate_log{"a:go", "b:go", "c:wait", "b:back", "a:back",  //
                          "a:go", "b:go", "c:wait", "b:back", "a:back",  //
                          "a:go", "b:go", "c:go", "c:finish", "b:finish", "a:finish"});
    CHECK(clock.waits() == std::vector<bide::duration>{5s, 1s});
}

TEST_CASE("admission: a gate that opens by event ends the wait", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log, {wait_for_event()}};
    clock.at(3s, opening(b));
    CHECK(retry(with(clock, a, b, rules), [] { return 7; }).value() == 7);
    CHECK(log == gate_log{"a:go", "b:wait", "a:back", "a:go", "b:go", "b:finish", "a:finish"});
    CHECK(clock.elapsed() == 3s);
    CHECK(b.asked_at == std::vector<time_point>{time_point{}, time_point{3s}});
}

TEST_CASE("admission: a gate that may open early is asked again when it does",
          "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate g{"g", log, {gate_answer::wait(time_point{10s}, true, "full")}};
    clock.at(3s, opening(g));
    (void)retry(with(clock, g, rules), [] {});
    CHECK(clock.elapsed() == 3s);
}

TEST_CASE("admission: a stop request while it waits leaves the queue", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log, {wait_for_event(), wait_for_event()}};
    std::stop_source source;
    clock.at(3s, [&source] { source.request_stop(); });
    auto calls = 0;
    const auto got = retry(with(clock, source.get_token(), a, b, rules), [&calls] { ++calls; });
    CHECK(calls == 0);
    CHECK(got.ended() == end::cancelled);
    CHECK(got.elapsed() == 3s);
    CHECK(log == gate_log{"a:go", "b:wait", "a:back", "b:leave"});
}

TEST_CASE("admission: a wait that cannot fit is not begun", "[gate][admission]") {
    virtual_clock clock{1, bide::wall_time{1000s}};
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log, {wait_until(9s)}};
    const auto p = policy(constant(1s), max_elapsed({.total = 10s, .least_try = 2s}));
    const auto got = retry(with(clock, a, b, p), [] {});
    CHECK(got.ended() == end::deferred);
    CHECK(got.retry_in() == 9s);
    CHECK(got.retry_at() == bide::wall_time{1009s});
    CHECK(log == gate_log{"a:go", "b:wait", "a:back", "b:leave"});
    CHECK(clock.waits().empty());

    recording_gate just{"c", log, {wait_until(8s)}};
    CHECK(retry(with(clock, just, p), [] { return 7; }).value() == 7);
    CHECK(clock.elapsed() == 8s);
}

TEST_CASE("admission: a wait that no event ends stops when the time is over", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    const auto p = policy(constant(1s), max_elapsed({.total = 10s, .least_try = 2s}));
    recording_gate a{"a", log};
    recording_gate b{"b", log, std::vector(9, wait_for_event())};
    const auto got = retry(with(clock, a, b, p), [] {});
    CHECK(got.ended() == end::out_of_time);
    CHECK(got.elapsed() == 8s);
    CHECK_FALSE(got.retry_in().has_value());
    CHECK(log == gate_log{"a:go", "b:wait", "a:back", "a:go", "b:wait", "a:back", "b:leave"});

    recording_gate early{"c", log, std::vector(9, gate_answer::wait(time_point{20s}, true, ""))};
    const auto deferred = retry(with(clock, early, p), [] {});
    CHECK(deferred.ended() == end::deferred);
    CHECK(clock.elapsed() == 16s);
    CHECK(deferred.retry_in() == 4s);
}

TEST_CASE("admission: the time at the gates counts", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate g{"g", log, {wait_until(5s)}};
    bide::allowance seen{};
    (void)retry(with(clock, g, policy(constant(1s), max_elapsed(12s))),
                [&seen](const bide::this_try& t) { seen = t.time; });
    CHECK(seen.left == 7s);
    CHECK(seen.whole == 7s);
}

TEST_CASE("admission: what a classifier throws gives everything back, the last gate's first",
          "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log};
    const auto p = policy(constant(1s), max_attempts(3), classify(retry_if([](int n) -> bool {
                              if (n == 1) throw std::domain_error{"predicate"};
                              return true;
                          })));
    const auto numbers = [](int first) { return [n = first]() mutable { return n++; }; };
    CHECK_THROWS_AS(retry(with(clock, a, b, p), numbers(1)), std::domain_error);
    CHECK(log == gate_log{"a:go", "b:go", "b:back", "a:back"});
    log.clear();
    CHECK_THROWS_AS(retry(with(clock, a, b, p), numbers(0)), std::domain_error);
    CHECK(log == gate_log{"a:go", "b:go", "b:finish", "a:finish",  //
                          "a:go", "b:go", "b:back", "a:back"});
}

TEST_CASE("admission: what a gate throws gives the earlier permits back", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate a{"a", log};
    recording_gate b{"b", log};
    b.throws_at = GENERATE(1U, 2U);
    CHECK_THROWS_AS(retry(with(clock, a, b, rules), [] { throw connection_lost{}; }),
                    std::domain_error);
    CHECK(a.permits == 0);
    CHECK(b.permits == 0);
    CHECK(log.back() == "a:back");
}

TEST_CASE("admission: what a sleep throws finds no permit out", "[gate][admission]") {
    struct insomniac {
        static time_point now() { return {}; }
        static bide::wall_time wall() { return {}; }
        static void sleep_until(time_point) { throw std::domain_error{"sleep"}; }
        static bide::splitmix64 random() { return bide::splitmix64{1}; }
        struct alarm {
            explicit alarm(insomniac&) {}
            void ring() noexcept {}
            static bool wait_until(time_point) { return false; }
        };
    };
    insomniac world;
    gate_log log;
    recording_gate g{"g", log};
    CHECK_THROWS_AS(retry(with(world, g, rules), [] { throw connection_lost{}; }),
                    std::domain_error);
    CHECK(log == gate_log{"g:go", "g:finish"});
}

TEST_CASE("admission: no gate is asked when the time is over or a stop was requested",
          "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate g{"g", log};
    CHECK(retry(with(clock, g, policy(constant(1s), bide::deadline(time_point{}))), [] {
          }).ended() == end::out_of_time);
    std::stop_source source;
    source.request_stop();
    CHECK(retry(with(clock, source.get_token(), g, rules), [] {}).ended() == end::cancelled);
    CHECK(log.empty());
}

TEST_CASE("admission: observers hear of the gates", "[gate][admission][observe]") {
    virtual_clock clock;
    gate_log log;
    support::event_log seen;
    recording_gate g{"g", log, {wait_until(5s), gate_answer::refuse("closed")}};
    (void)retry(with(clock, seen, g, rules), [] {});
    REQUIRE(seen.kinds() == "gate gate end");
    const auto& events = seen.events;
    CHECK(events[0].attempt == 1);
    CHECK(events[0].at == time_point{});
    CHECK(events[0].wait == 5s);
    CHECK(std::string{events[0].reason} == "not yet");
    CHECK(events[1].at == time_point{5s});
    CHECK(std::string{events[1].reason} == "closed");
    CHECK(events[2].attempt == 0);
    CHECK(events[2].ended == end::refused);
    CHECK(std::string{events[2].reason} == "closed");
}

TEST_CASE("admission: a gate is told before the observers that a try ended",
          "[gate][admission][observe]") {
    virtual_clock clock;
    gate_log log;
    recording_gate g{"g", log};
    (void)retry(with(
                    clock,
                    [&log](const event& e) {
                        log.emplace_back(e.kind == event_kind::attempt ? "attempt" : "end");
                    },
                    g, rules),
                [] {});
    CHECK(log == gate_log{"g:go", "g:finish", "attempt", "end"});
}

TEST_CASE("admission: the same gates serve one operation after another", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate g{"g", log};
    const auto plan = with(clock, g, rules);
    for (auto i = 0; i < 3; ++i) (void)retry(plan, [] {});
    CHECK(log.size() == 6);
    CHECK(g.permits == 0);
}

TEST_CASE("admission: who waits at a gate leaves the lines of those behind it",
          "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    // The first lets it through, the second lets it wait, and then the first lets it wait.
    recording_gate first{"a", log, {gate_answer::go(), wait_until(2s)}};
    recording_gate second{"b", log, {wait_until(1s)}};
    CHECK(retry(with(first, second, clock, rules), [] { return 1; }).value() == 1);
    CHECK(log == gate_log{"a:go", "b:wait", "a:back", "a:wait", "b:leave", "a:go", "b:go",
                          "b:finish", "a:finish"});
}

namespace {

/// A gate that wants to know what the responses tell, and keeps of it what does not dangle.
class listening_gate {
public:
    static constexpr bool hears_quotas = true;

    [[nodiscard]] gate_answer ask(bide::ticket&, const bide::gate_request&, time_point) {
        return gate_answer::go();
    }
    void finish(bide::ticket&, const bide::report& what, time_point) noexcept {
        remaining.push_back(what.told != nullptr ? (*what.told)[0].remaining.value_or(-1) : -2);
    }
    void give_back(bide::ticket&, time_point) noexcept {}

    std::vector<std::int64_t> remaining;
};

/// Answered with what is left; of nothing left it is a 429.
struct answer {
    std::int64_t left = 0;
    int* read = nullptr;

    [[nodiscard]] bide::finding what_happened() const noexcept {
        return left > 0 ? bide::succeeded
                        : bide::finding{.verdict = verdict::throttled, .status = 429};
    }
    [[nodiscard]] bide::quotas quotas() const noexcept {
        ++*read;
        bide::quotas all;
        all.keep({.remaining = left});
        return all;
    }
};

}  // namespace

TEST_CASE("admission: a gate that listens hears the quotas of each try", "[gate][admission]") {
    virtual_clock clock;
    gate_log log;
    recording_gate deaf{"deaf", log};
    int read = 0;
    int calls = 0;
    const auto send = [&] {
        ++calls;
        if (calls == 2) throw connection_lost{};
        return answer{calls < 4 ? 0 : 5, &read};
    };
    const auto four = policy(constant(1s), max_attempts(4));
    SECTION("nothing that an earlier try told") {
        listening_gate ears;
        CHECK(retry(with(deaf, ears, clock, four), send).ended() == end::done);
        CHECK(ears.remaining == std::vector<std::int64_t>{0, -2, 0, 5});
        CHECK(read == 3);
        REQUIRE(deaf.reports.size() == 4);
        CHECK(deaf.reports[0].told != nullptr);
        CHECK(deaf.reports[1].told == nullptr);
    }
    SECTION("with none that listens nothing is read") {
        CHECK(retry(with(deaf, clock, four), send).ended() == end::done);
        CHECK(read == 0);
    }
}
