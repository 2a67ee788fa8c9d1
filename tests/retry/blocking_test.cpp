// SPDX-License-Identifier: MIT
#include <bide/retry/blocking.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"

#include <bide/stop_token.hpp>
#include <bide/testing.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <system_error>
#include <type_traits>

#include "retry/allocations.hpp"

#if defined(__linux__)
#include <pthread.h>
#include <unistd.h>
#endif

using bide::certainty;
using bide::classify;
using bide::constant;
using bide::end;
using bide::event;
using bide::finding;
using bide::max_attempts;
using bide::max_elapsed;
using bide::policy;
using bide::retry;
using bide::retry_if;
using bide::time_point;
using bide::verdict;
using bide::virtual_clock;
using bide::wall_time;
using bide::with;
using support::allocations;
using support::counted;
using support::no_leak;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = policy(constant(1s) | bide::full_jitter, max_attempts(3));
constexpr auto timed = policy(constant(1s) | bide::full_jitter, max_attempts(3) | max_elapsed(30s));

struct connection_lost : std::runtime_error {
    connection_lost() : std::runtime_error{"lost"} {}
};

/// A world without time in which every question is counted.
struct counting {
    int now_reads = 0;
    int wall_reads = 0;
    int sleeps = 0;
    int sources = 0;
    time_point now() {
        ++now_reads;
        return {};
    }
    wall_time wall() {
        ++wall_reads;
        return {};
    }
    void sleep_until(time_point) { ++sleeps; }
    bide::splitmix64 random() {
        ++sources;
        return bide::splitmix64{1};
    }
};
static_assert(bide::runtime<counting>);

/// A result that says by itself what happened.
struct judged {
    counted value{5};
    finding found = bide::succeeded;
    [[nodiscard]] finding what_happened() const noexcept { return found; }
};
constexpr finding overloaded{.verdict = verdict::overloaded};

}  // namespace

// --- what a success costs -----------------------------------------------------------------------

TEST_CASE("blocking: a success at the first try asks for nothing", "[retry][blocking][cost]") {
    counting world;
    const allocations memory;
    const auto got = retry(with(world, rules), [] { return 7; });
    const auto allocated = memory.count();
    CHECK(allocated == 0);
    CHECK(got.value() == 7);
    CHECK(world.now_reads == 0);
    CHECK(world.wall_reads == 0);
    CHECK(world.sleeps == 0);
    CHECK(world.sources == 0);
}

TEST_CASE("blocking: nothing is allocated without a plan either", "[retry][blocking][cost]") {
    const allocations memory;
    (void)retry(rules, [] { return 7; });
    (void)retry(timed, [] { return 7; });
    (void)retry(rules, [] {});
    (void)retry(rules, bide::once_only([](int n) { return n; }), 3);
    (void)retry(rules, [](const bide::this_try& t) { return t.number; });
    (void)retry(
        policy(constant(1s), max_attempts(3), classify(retry_if([](int n) { return n < 0; }))),
        [] { return 7; });
    const auto allocated = memory.count();
    CHECK(allocated == 0);
}

TEST_CASE("blocking: a limit of time reads the clock it needs, once", "[retry][blocking][cost]") {
    counting world;
    (void)retry(with(world, timed), [] { return 7; });
    CHECK(world.now_reads == 1);
    CHECK(world.wall_reads == 0);
    CHECK(world.sources == 0);

    counting other;
    (void)retry(with(other, policy(constant(1s), bide::deadline(wall_time::max()))), [] {});
    CHECK(other.wall_reads == 1);
    CHECK(other.sources == 0);
}

TEST_CASE("blocking: a success with an observer allocates nothing", "[retry][blocking][cost]") {
    counting world;
    auto told = 0;
    const allocations memory;
    (void)retry(with(world, [&told](const event&) { ++told; }, rules), [] { return 7; });
    const auto allocated = memory.count();
    CHECK(allocated == 0);
    CHECK(told == 2);
    CHECK(world.wall_reads == 0);
    CHECK(world.sources == 0);
}

TEST_CASE("blocking: an operation that fails allocates once and asks for one random source",
          "[retry][blocking][cost]") {
    counting world;
    const auto busy = classify(retry_if([](int n) { return n < 0; }));
    const allocations memory;
    const auto got =
        retry(with(world, policy(constant(1s) | bide::full_jitter, max_attempts(9), busy)),
              [] { return -1; });
    const auto allocated = memory.count();
    CHECK(allocated == (allocations::are_counted ? 1 : 0));
    CHECK(got.attempts() == 9);
    CHECK(world.sources == 1);
    CHECK(world.sleeps == 8);
    CHECK(world.wall_reads == 0);  // nobody said when to come back
}

// P16 of other libraries: a stack that grows with each try.
TEST_CASE("blocking: very many tries need no more stack or memory", "[retry][blocking][cost]") {
    counting world;
    constexpr auto many = 100'000;
    const allocations memory;
    const auto got = retry(with(world, policy(constant(0s), max_attempts(many))),
                           [] { return judged{counted{1}, overloaded}; });
    const auto allocated = memory.count();
    CHECK(got.attempts() == many);
    CHECK(world.sleeps == many - 1);
    CHECK(allocated == (allocations::are_counted ? 1 : 0));
}

// A wall clock that is set meanwhile neither shortens nor lengthens the operation.
TEST_CASE("blocking: a deadline on the wall clock is converted once", "[retry][blocking][limits]") {
    counting world;
    const auto got =
        retry(with(world, policy(constant(1s), max_attempts(3) | bide::deadline(wall_time{1h}))),
              [] { throw connection_lost{}; });
    CHECK(got.attempts() == 3);
    CHECK(world.wall_reads == 1);
}

TEST_CASE("blocking: without a limit of time the clock starts at the first failure",
          "[retry][blocking]") {
    virtual_clock clock;
    const auto got = retry(with(clock, rules), [&clock, n = 0]() mutable {
        clock.advance(5s);
        if (++n == 1) throw connection_lost{};
    });
    CHECK(got.elapsed().value_or(0s) >= 5s);  // the second try
    CHECK(got.elapsed().value_or(0s) <= 6s);  // and the wait, not the first try
    virtual_clock other;
    const auto whole = retry(with(other, timed), [&other, n = 0]() mutable {
        other.advance(5s);
        if (++n == 1) throw connection_lost{};
    });
    CHECK(whole.elapsed().value_or(0s) >= 10s);
}

TEST_CASE("blocking: a limit that refuses no first try does not, however slow the clock's owner is",
          "[retry][blocking][limits]") {
    struct ticking : counting {
        time_point now() { return time_point{++now_reads * 10s}; }
    } world;
    const auto watch = [](const event&) {};
    auto calls = 0;
    (void)retry(with(world, watch, policy(constant(1s), max_elapsed(5s))), [&calls] { ++calls; });
    CHECK(calls == 1);
}

// --- what throws --------------------------------------------------------------------------------

TEST_CASE("blocking: a predicate that throws ends the call and leaks nothing",
          "[retry][blocking][exceptions]") {
    const no_leak values;
    virtual_clock clock;
    const auto throwing_at = GENERATE(1, 2, 3);
    auto asked = 0;
    const auto p = policy(constant(1s), max_attempts(5), classify(retry_if([&](const counted&) {
                              if (++asked == throwing_at) throw std::domain_error{"predicate"};
                              return true;
                          })));
    const allocations memory;
    auto threw = false;
    try {
        (void)retry(with(clock, p), [] { return counted{5}; });
    } catch (const std::domain_error&) {
        threw = true;
    }
    CHECK(threw);
    CHECK(asked == throwing_at);
    CHECK(values.holds());
}

TEST_CASE("blocking: a rule on exceptions that throws ends the call and leaks nothing",
          "[retry][blocking][exceptions]") {
    const no_leak values;
    virtual_clock clock;
    const auto throwing_at = GENERATE(1, 2, 3);
    auto asked = 0;
    const auto p = policy(constant(1s), max_attempts(5),
                          classify(bide::on<connection_lost>([&](const connection_lost&) {
                              if (++asked == throwing_at) throw std::domain_error{"rule"};
                              return verdict::transient;
                          })));
    const auto f = []() -> counted { throw connection_lost{}; };
    CHECK_THROWS_AS(retry(with(clock, p), f), std::domain_error);
    CHECK(asked == throwing_at);
    CHECK(values.holds());
}

TEST_CASE("blocking: a sleep that throws leaks nothing", "[retry][blocking][exceptions]") {
    struct insomniac : counting {
        void sleep_until(time_point) {
            if (++sleeps == 2) throw std::domain_error{"sleep"};
        }
    };
    const no_leak values;
    insomniac world;
    CHECK_THROWS_AS(retry(with(world, rules), []() -> counted { throw connection_lost{}; }),
                    std::domain_error);
    insomniac other;
    CHECK_THROWS_AS(retry(with(other, rules), [] { return judged{counted{1}, overloaded}; }),
                    std::domain_error);
    CHECK(values.holds());
}

TEST_CASE("blocking: a clock that throws leaks nothing", "[retry][blocking][exceptions]") {
    struct broken : counting {
        int works;
        explicit broken(int n) : works{n} {}
        time_point now() {
            if (++now_reads > works) throw std::domain_error{"clock"};
            return {};
        }
    };
    const no_leak values;
    const auto works = GENERATE(0, 1, 2, 3, 4, 5);
    CAPTURE(works);
    const auto watch = [](const event&) {};
    {
        broken world{works};
        try {
            (void)retry(with(world, watch, timed), [] { return judged{counted{1}, overloaded}; });
        } catch (const std::domain_error&) {
        }
    }
    CHECK(values.holds());
    {
        broken world{works};
        try {
            (void)retry(with(world, watch, rules), [] { return counted{1}; });
        } catch (const std::domain_error&) {
        }
    }
    CHECK(values.holds());
}

// The n-th allocation of an operation fails, for every n.
TEST_CASE("blocking: running out of memory at any point leaks nothing",
          "[retry][blocking][exceptions][memory]") {
    const no_leak values;
    enum class way { exceptions, results, first_refused };
    const auto how = GENERATE(way::exceptions, way::results, way::first_refused);
    auto failed_once = false;
    for (std::int64_t n = 1; n < 30; ++n) {
        counting world;
        auto threw = false;
        std::int64_t made = 0;
        std::int64_t live = 0;
        {
            const allocations memory{n};
            try {
                if (how == way::exceptions) {
                    (void)retry(with(world, rules), [k = 0]() mutable -> counted {
                        if (++k < 3) throw connection_lost{};
                        return counted{5};
                    });
                } else if (how == way::results) {
                    (void)retry(with(world, rules), [] { return judged{counted{1}, overloaded}; });
                } else {
                    (void)retry(
                        with(world, policy(constant(1s), bide::deadline(time_point::min()))),
                        [] { return counted{1}; });
                }
            } catch (const std::bad_alloc&) {
                threw = true;
            } catch (const connection_lost&) {
                threw = true;  // the callable's own, where there was no memory to keep it
            }
            made = memory.count();
            live = memory.live();
        }
        CAPTURE(n, made);
        CHECK(live == 0);
        CHECK(values.holds());
        failed_once = failed_once || threw;
        if (made < n) break;
    }
    CHECK(failed_once == allocations::are_counted);
}

TEST_CASE("blocking: an exception that cannot be kept for want of memory passes",
          "[retry][blocking][exceptions][memory]") {
    counting world;
    auto passed = 0;
    try {
        const allocations memory{1};
        (void)retry(with(world, rules), []() -> counted { throw 7; });
    } catch (const int& thrown) {
        passed = thrown;
    } catch (const std::bad_alloc&) {
    }
    CHECK(passed == (allocations::are_counted ? 7 : 0));
}

TEST_CASE("blocking: an outcome gives back all its memory", "[retry][blocking][memory]") {
    counting world;
    const allocations memory;
    {
        const auto failed = retry(with(world, rules), [] { throw connection_lost{}; });
        const auto moved = retry(with(world, rules), [] { return judged{counted{1}, overloaded}; });
        const auto fine = retry(with(world, rules), [n = 0]() mutable {
            if (++n < 3) throw connection_lost{};
            return std::string(100, 'x');
        });
    }
    const auto live = memory.live();
    CHECK(live == 0);
}

// --- a thread that is cancelled -----------------------------------------------------------------

#if defined(__linux__)
namespace {

/// Where a thread stands when it is cancelled, and what is left of it.
struct victim {
    std::atomic<bool> ready = false;
    std::atomic<bool> unwound = false;
    std::atomic<bool> went_on = false;
    std::atomic<int> values = 0;
    std::atomic<std::int64_t> memory = 0;

    /// Waits for the cancellation in a call that is a cancellation point.
    void wait_here() {
        ready = true;
        for (;;) ::pause();
    }
};

/// Runs `operation(victim)` in a thread that is cancelled when it is ready.
template <class Operation>
void check_cancelled(Operation operation) {
    struct job {
        victim v;
        Operation operation;
    };
    job j{{}, operation};
    pthread_t thread{};
    const auto run = [](void* p) -> void* {
        auto& here = *static_cast<job*>(p);
        struct last_word {
            victim& v;
            allocations memory{};
            ~last_word() {
                v.values = counted::live();
                v.memory = memory.live();
                v.unwound = true;
            }
        } const word{here.v};
        here.operation(here.v);
        here.v.went_on = true;
        return nullptr;
    };
    REQUIRE(::pthread_create(&thread, nullptr, run, &j) == 0);
    while (!j.v.ready) ::sched_yield();
    ::pthread_cancel(thread);
    void* result = nullptr;
    REQUIRE(::pthread_join(thread, &result) == 0);
    CHECK(result == PTHREAD_CANCELED);
    CHECK(j.v.unwound);
    CHECK_FALSE(j.v.went_on);
    CHECK(j.v.values == 0);
    CHECK(j.v.memory == 0);
}

}  // namespace

TEST_CASE("blocking: a thread that is cancelled during a try unwinds",
          "[retry][blocking][cancel]") {
    check_cancelled([](victim& v) {
        (void)retry(policy(constant(0s), max_attempts(3)), [&v] {
            const counted held{1};
            v.wait_here();
            return counted{5};
        });
    });
    check_cancelled([](victim& v) {  // and during a later one, after a result and an exception
        const auto busy = classify(retry_if([](const counted&) { return true; }));
        (void)retry(policy(constant(0s), max_attempts(5), busy), [&v, n = 0]() mutable {
            if (++n == 2) throw connection_lost{};
            if (n == 4) v.wait_here();
            return counted{5};
        });
    });
}

TEST_CASE("blocking: a thread that is cancelled during a wait unwinds",
          "[retry][blocking][cancel]") {
    check_cancelled([](victim& v) {
        const auto busy = classify(retry_if([](const counted&) { return true; }));
        (void)retry(policy(constant(24h), max_attempts(3), busy), [&v] {
            v.ready = true;
            return counted{5};
        });
    });
}

TEST_CASE("blocking: a thread that is cancelled during an interruptible wait unwinds",
          "[retry][blocking][cancel]") {
    check_cancelled([](victim& v) {
        const std::stop_source source;
        const auto busy = classify(retry_if([](const counted&) { return true; }));
        (void)retry(with(source.get_token(), policy(constant(24h), max_attempts(3), busy)), [&v] {
            v.ready = true;
            return counted{5};
        });
    });
}

// The first point at which that can happen after a failure is where the system's entropy is read.
TEST_CASE("blocking: a thread whose cancellation is pending unwinds", "[retry][blocking][cancel]") {
    check_cancelled([](victim& v) {
        (void)retry(policy(constant(24h), max_attempts(3)), [&v]() -> counted {
            ::pthread_cancel(::pthread_self());
            v.ready = true;
            throw connection_lost{};
        });
    });
}

TEST_CASE("blocking: a thread that is cancelled in an observer unwinds",
          "[retry][blocking][cancel]") {
    using bide::event_kind;
    const auto where = GENERATE(0, 1, 2, 3, 4, 5);
    CAPTURE(where);
    check_cancelled([where](victim& v) {
        const auto at_kind = [&v](event_kind kind) {
            return [&v, kind](const event& e) {
                if (e.kind == kind) v.wait_here();
            };
        };
        const auto p = policy(constant(0s), max_attempts(3));
        const auto succeeds = [] { return counted{5}; };
        const auto fails = [] { return judged{counted{5}, overloaded}; };
        if (where == 0) (void)retry(with(at_kind(event_kind::attempt), p), succeeds);
        if (where == 1) (void)retry(with(at_kind(event_kind::end), p), succeeds);
        if (where == 5) (void)retry(with(at_kind(event_kind::end), p), [] { return judged{}; });
        if (where == 2) (void)retry(with(at_kind(event_kind::attempt), p), fails);
        if (where == 3) (void)retry(with(at_kind(event_kind::end), p), fails);
        if (where == 4) {
            const auto too_late = policy(constant(0s), bide::deadline(time_point::min()));
            (void)retry(with(at_kind(event_kind::end), too_late), succeeds);
        }
    });
}
#endif
