// SPDX-License-Identifier: MIT
#include <bide/observe/observer.hpp>

#include "support/catch.hpp"
#include "support/event_log.hpp"

#include <bide/testing.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <type_traits>
#include <vector>

using bide::certainty;
using bide::constant;
using bide::end;
using bide::event;
using bide::event_kind;
using bide::max_attempts;
using bide::policy;
using bide::retry;
using bide::time_point;
using bide::verdict;
using bide::virtual_clock;
using bide::with;
using support::event_log;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = policy(constant(1s), max_attempts(3));

struct connection_lost : std::runtime_error {
    connection_lost() : std::runtime_error{"lost"} {}
};

static_assert(bide::observer<event_log>);
static_assert(bide::observer<void (*)(const event&)>);
static_assert(!bide::observer<const event_log>);
static_assert(!bide::observer<bide::no_observer>);
static_assert(!bide::observer<int>);
static_assert(std::is_trivially_copyable_v<event>);

static_assert(std::string_view{to_string(event_kind::attempt)} == "attempt");
static_assert(std::string_view{to_string(event_kind::backoff)} == "backoff");
static_assert(std::string_view{to_string(event_kind::gate)} == "gate");
static_assert(std::string_view{to_string(event_kind::end)} == "end");
static_assert(std::string_view{to_string(event_kind::nested)} == "nested");
static_assert(std::string_view{to_string(static_cast<event_kind>(99))} == "?");

}  // namespace

TEST_CASE("observer: a success", "[observe][observer]") {
    virtual_clock clock;
    clock.advance(10s);
    event_log seen;
    (void)retry(with(clock, seen, rules), [&clock] { clock.advance(2s); });
    REQUIRE(seen.events.size() == 2);
    const auto& tried = seen.events[0];
    CHECK(tried.kind == event_kind::attempt);
    CHECK(tried.attempt == 1);
    CHECK(tried.at == time_point{12s});
    CHECK(tried.found.verdict == verdict::success);
    CHECK(tried.found.certainty == certainty::answered);
    const auto& ended = seen.events[1];
    CHECK(ended.kind == event_kind::end);
    CHECK(ended.attempt == 1);
    CHECK(ended.at == time_point{12s});
    CHECK(ended.ended == end::done);
    CHECK(ended.stopped_by == end::done);
    CHECK(ended.certainty == certainty::answered);
    CHECK(ended.reason == nullptr);
}

TEST_CASE("observer: retries and a success", "[observe][observer]") {
    virtual_clock clock;
    event_log seen;
    (void)retry(with(clock, seen, rules), [&clock, n = 0]() mutable {
        clock.advance(2s);
        if (++n == 1) throw bide::throttled(connection_lost{}, 0s);
    });
    REQUIRE(seen.events.size() == 4);
    CHECK(seen.events[0].kind == event_kind::attempt);
    CHECK(seen.events[0].attempt == 1);
    CHECK(seen.events[0].at == time_point{2s});
    CHECK(seen.events[0].found.verdict == verdict::throttled);
    CHECK(seen.events[0].found.hint == 0s);
    CHECK(seen.events[1].kind == event_kind::backoff);
    CHECK(seen.events[1].attempt == 1);
    CHECK(seen.events[1].at == time_point{2s});
    CHECK(seen.events[1].wait == 1s);
    CHECK(seen.events[1].found.verdict == verdict::throttled);
    CHECK(seen.events[2].kind == event_kind::attempt);
    CHECK(seen.events[2].attempt == 2);
    CHECK(seen.events[2].at == time_point{5s});
    CHECK(seen.events[2].found.verdict == verdict::success);
    CHECK(seen.events[3].kind == event_kind::end);
    CHECK(seen.events[3].attempt == 2);
    CHECK(seen.events[3].ended == end::done);
    CHECK(seen.events[3].certainty == certainty::answered);
}

TEST_CASE("observer: an end that hides behind unknown", "[observe][observer]") {
    virtual_clock clock;
    event_log seen;
    (void)retry(with(clock, seen, rules),
                bide::idempotent([] { throw bide::ambiguous(connection_lost{}); }));
    REQUIRE(seen.events.size() == 6);
    const auto& last = seen.events.back();
    CHECK(last.kind == event_kind::end);
    CHECK(last.attempt == 3);
    CHECK(last.ended == end::unknown);
    CHECK(last.stopped_by == end::exhausted);
    CHECK(last.certainty == certainty::ambiguous);
}

TEST_CASE("observer: an operation that never began", "[observe][observer]") {
    virtual_clock clock;
    event_log seen;
    (void)retry(with(clock, seen, policy(constant(1s), bide::deadline(time_point{}))), [] {});
    REQUIRE(seen.events.size() == 1);
    CHECK(seen.events[0].kind == event_kind::end);
    CHECK(seen.events[0].attempt == 0);
    CHECK(seen.events[0].ended == end::out_of_time);
    CHECK(seen.events[0].certainty == certainty::not_sent);
}

TEST_CASE("observer: what it throws changes nothing", "[observe][observer]") {
    virtual_clock clock;
    auto told = 0;
    const auto throws = [&told](const event&) {
        ++told;
        throw std::domain_error{"observer"};
    };
    event_log seen;
    const auto got = retry(with(clock, throws, seen, rules), [n = 0]() mutable {
        if (++n == 1) throw connection_lost{};
        return n;
    });
    CHECK(got.value() == 2);
    CHECK(got.error() == nullptr);
    CHECK(told == 4);
    CHECK(seen.events.size() == 4);  // the other one is told all the same
    const auto failed = retry(with(clock, throws, rules), [] { throw connection_lost{}; });
    CHECK_THROWS_AS(failed.value(), connection_lost);
    CHECK(told == 4 + 6);
}

TEST_CASE("observer: several are told of each event in the order of their names",
          "[observe][observer]") {
    virtual_clock clock;
    std::string told;
    const auto named = [&told](char name) {
        return [&told, name](const event& e) {
            told += name;
            told += e.kind == event_kind::attempt ? 't' : e.kind == event_kind::backoff ? 'w' : 'e';
        };
    };
    (void)retry(with(clock, named('a'), named('b'), rules), [n = 0]() mutable {
        if (++n == 1) throw connection_lost{};
    });
    CHECK(told == "atbtawbwatbtaebe");
}

TEST_CASE("observer: one that is a function", "[observe][observer]") {
    static auto told = 0;
    (void)retry(with(+[](const event&) { ++told; }, rules), [] {});
    CHECK(told == 2);
}

TEST_CASE("observer: elapsed is from the beginning, because a clock was read",
          "[observe][observer]") {
    virtual_clock clock;
    const auto got = retry(with(
                               clock, [](const event&) {}, rules),
                           [&clock, n = 0]() mutable {
                               clock.advance(5s);
                               if (++n == 1) throw connection_lost{};
                           });
    CHECK(got.elapsed() == 11s);
}

// --- nested -------------------------------------------------------------------------------------

namespace {

/// An operation inside: fails `failures` times, then succeeds.
auto inner(virtual_clock& clock, int failures) {
    return [&clock, failures] {
        retry(with(clock, rules), [n = failures]() mutable {
            if (n-- > 0) throw connection_lost{};
        }).value();
    };
}

}  // namespace

TEST_CASE("observer: hears of retries inside its operation, at the end",
          "[observe][observer][nested]") {
    virtual_clock clock;
    event_log seen;
    (void)retry(with(clock, seen, rules), inner(clock, 2));
    CHECK(seen.kinds() == "attempt nested end");
    const auto& nested = seen.events[1];
    CHECK(nested.inner_retries == 2);
    CHECK(nested.attempt == 1);
    CHECK(nested.at == time_point{2s});
    CHECK(seen.events[0].inner_retries == 0);
    CHECK(seen.events[2].inner_retries == 0);
}

TEST_CASE("observer: an operation inside that does not retry is none of its business",
          "[observe][observer][nested]") {
    virtual_clock clock;
    event_log seen;
    (void)retry(with(clock, seen, rules), inner(clock, 0));
    CHECK(seen.kinds() == "attempt end");
}

TEST_CASE("observer: its own retries are not nested ones", "[observe][observer][nested]") {
    virtual_clock clock;
    event_log seen;
    const auto fails_twice = [] {
        return [n = 0]() mutable {
            if (++n < 3) throw connection_lost{};
        };
    };
    (void)retry(with(clock, seen, rules), fails_twice());
    CHECK(seen.kinds() == "attempt backoff attempt backoff attempt end");

    // Neither are those that another observer makes, nor those before a later operation.
    event_log second;
    const auto retries = [&clock](const event&) { inner(clock, 1)(); };
    (void)retry(with(clock, retries, second, rules), fails_twice());
    CHECK(second.kinds() == "attempt backoff attempt backoff attempt end");
    event_log third;
    (void)retry(with(clock, third, rules), [] {});
    CHECK(third.kinds() == "attempt end");
}

TEST_CASE("observer: the retries inside all its tries are added up",
          "[observe][observer][nested]") {
    virtual_clock clock;
    event_log seen;
    (void)retry(with(clock, seen, rules), [&clock, n = 0]() mutable {
        ++n;
        if (n != 2) inner(clock, n)();  // 1 and 3, which is one too many for three tries
        throw connection_lost{};
    });
    CHECK(seen.kinds() == "attempt backoff attempt backoff attempt nested end");
    CHECK(seen.events[5].inner_retries == 1 + 2);
    CHECK(seen.events[5].attempt == 3);
}

TEST_CASE("observer: hears of an inner operation that gave up", "[observe][observer][nested]") {
    virtual_clock clock;
    event_log seen;
    const auto busy = [] { return std::make_error_code(std::errc::timed_out); };
    const auto gives_up = [&clock, busy] { (void)retry(with(clock, rules), busy).value(); };
    CHECK(retry(with(clock, seen, rules), gives_up).ended() == end::permanent);
    CHECK(seen.kinds() == "attempt nested end");
    CHECK(seen.events[1].inner_retries == 2);

    // And of one that comes out as an outcome.
    event_log second;
    const auto returns = [&clock, busy] { return retry(with(clock, rules), busy); };
    CHECK(retry(with(clock, second, rules), returns).ended() == end::permanent);
    CHECK(second.kinds() == "attempt nested end");
}

TEST_CASE("observer: at three levels each hears of all inside it", "[observe][observer][nested]") {
    virtual_clock clock;
    event_log outer;
    event_log middle;
    (void)retry(with(clock, outer, rules), [&] {
        retry(with(clock, middle, rules), [&, n = 0]() mutable {
            inner(clock, 2)();
            if (++n < 2) throw connection_lost{};
        }).value();
    });
    CHECK(middle.kinds() == "attempt backoff attempt nested end");
    CHECK(middle.events[3].inner_retries == 4);
    CHECK(outer.kinds() == "attempt nested end");
    CHECK(outer.events[1].inner_retries == 4 + 1);
}

TEST_CASE("observer: retries of another thread are not nested ones",
          "[observe][observer][nested][threads]") {
    virtual_clock clock;
    event_log seen;
    (void)retry(with(clock, seen, rules), [] {
        std::thread{[] {
            virtual_clock its_own;
            inner(its_own, 2)();
        }}.join();
    });
    CHECK(seen.kinds() == "attempt end");
}
