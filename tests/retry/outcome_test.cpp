// SPDX-License-Identifier: MIT
#include <bide/retry/outcome.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"

#include <bide/testing.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

using bide::certainty;
using bide::constant;
using bide::end;
using bide::finding;
using bide::gave_up;
using bide::max_attempts;
using bide::outcome;
using bide::policy;
using bide::retry;
using bide::retry_if;
using bide::verdict;
using bide::virtual_clock;
using bide::with;
using support::counted;
using support::no_leak;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = policy(constant(1s), max_attempts(3));
constexpr auto is_odd = [](const auto& n) { return n % 2 != 0; };
constexpr auto even_only = policy(constant(1s), max_attempts(3), bide::classify(retry_if(is_odd)));

/// A result that says by itself what happened.
template <class Value>
struct judged {
    Value value;
    finding found = bide::succeeded;
    [[nodiscard]] finding what_happened() const noexcept { return found; }
};
using judged_count = judged<counted>;
constexpr finding overloaded{.verdict = verdict::overloaded, .status = 503};

struct connection_lost : std::runtime_error {
    connection_lost() : std::runtime_error{"lost"} {}
};

/// Converts from anything, also from itself, if it is asked to.
struct greedy {
    bool was_converted = false;
    greedy() = default;
    template <class Other>
    explicit greedy(Other&&) : was_converted{true} {}  // NOLINT(bugprone-forwarding-reference-*)
};

/// Fails `failures` times, then succeeds with what `make` makes.
template <class Make>
auto after(int failures, Make make) {
    return [failures, make]() mutable -> decltype(auto) {
        if (failures-- > 0) throw connection_lost{};
        return make();
    };
}

}  // namespace

// --- what it says -------------------------------------------------------------------------------

TEST_CASE("outcome: a success at the first try", "[retry][outcome]") {
    const auto got = retry(rules, [] { return 7; });
    CHECK(got.value() == 7);
    CHECK(static_cast<bool>(got));
    CHECK(*got.last() == 7);
    CHECK(got.error() == nullptr);
    CHECK(got.ended() == end::done);
    CHECK(got.stopped_by() == end::done);
    CHECK(got.certainty() == certainty::answered);
    CHECK(got.attempts() == 1);
    CHECK_FALSE(got.elapsed().has_value());
    CHECK(got.history().empty());
    CHECK_FALSE(got.retry_at().has_value());
    CHECK_FALSE(got.retry_in().has_value());
    CHECK(got.explain() == "done after 1 try: it succeeded");
    CHECK(got.facts().attempts == 1);
    CHECK(got.facts().certainty == certainty::answered);
}

TEST_CASE("outcome: a success after failures", "[retry][outcome]") {
    virtual_clock clock;
    const auto got = retry(with(clock, rules), after(2, [] { return 7; }));
    CHECK(got.value() == 7);
    CHECK(*got.last() == 7);
    CHECK(got.error() == nullptr);
    CHECK(got.ended() == end::done);
    CHECK(got.certainty() == certainty::answered);
    CHECK(got.attempts() == 3);
    CHECK(got.elapsed() == 2s);
    REQUIRE(got.history().size() == 3);
    CHECK(got.history()[0].found.verdict == verdict::transient);
    CHECK(got.history()[0].wait == 1s);
    CHECK(got.history()[0].ended == 0s);
    CHECK(got.history()[1].number == 2);
    CHECK(got.history()[1].ended == 1s);
    CHECK(got.history()[2].found.verdict == verdict::success);
    CHECK(got.history()[2].wait == 0s);
    CHECK(got.explain() ==
          "done after 3 tries in 2s: it succeeded; try 1: transient, rejected, waited 1s; "
          "try 2: transient, rejected, waited 1s; try 3: success, answered");
}

TEST_CASE("outcome: an exception keeps its type", "[retry][outcome]") {
    virtual_clock clock;
    auto got = retry(with(clock, rules), []() -> int { throw connection_lost{}; });
    CHECK_FALSE(got);
    CHECK(got.ended() == end::exhausted);
    CHECK(got.stopped_by() == end::exhausted);
    CHECK(got.certainty() == certainty::rejected);
    CHECK(got.attempts() == 3);
    CHECK(got.last() == nullptr);
    CHECK(got.error() != nullptr);
    CHECK_THROWS_AS(got.value(), connection_lost);
    CHECK_THROWS_AS(std::as_const(got).value(), connection_lost);
    CHECK_THROWS_AS(std::move(got).value(), connection_lost);
    CHECK_THROWS_AS(got.value(), connection_lost);  // as often as one likes
}

TEST_CASE("outcome: exceptions of any type", "[retry][outcome]") {
    CHECK_THROWS_AS(retry(rules, []() -> int { throw 7; }).value(), int);
    CHECK_THROWS_AS(retry(rules, [] { throw std::bad_alloc{}; }).value(), std::bad_alloc);
    CHECK_THROWS_AS(retry(rules, [] { throw std::out_of_range{""}; }).value(), std::out_of_range);
    CHECK_THROWS_AS(retry(rules, [] { throw "text"; }).value(), const char*);
    CHECK_THROWS_AS(retry(rules, [] { throw bide::permanent(std::domain_error{""}); }).value(),
                    std::domain_error);
}

TEST_CASE("outcome: the exception is the last one", "[retry][outcome]") {
    virtual_clock clock;
    const auto got = retry(with(clock, rules),
                           [n = 0]() mutable { throw std::runtime_error{std::to_string(++n)}; });
    CHECK_THROWS_WITH(got.value(), "3");
}

TEST_CASE("outcome: a rejected result is there, but it is no value", "[retry][outcome]") {
    virtual_clock clock;
    const auto got = retry(with(clock, rules), [] { return judged_count{counted{5}, overloaded}; });
    CHECK_FALSE(got);
    CHECK(got.ended() == end::exhausted);
    REQUIRE(got.last() != nullptr);
    CHECK(got.last()->value.value() == 5);
    CHECK(got.error() == nullptr);
    CHECK_THROWS_WITH(got.value(),
                      "bide: exhausted after 3 tries in 2s: no attempts are left; "
                      "try 1: overloaded, rejected, status 503, waited 1s; "
                      "try 2: overloaded, rejected, status 503, waited 1s; "
                      "try 3: overloaded, rejected, status 503");
    try {
        (void)got.value();
        FAIL("must throw");
    } catch (const gave_up& e) {
        CHECK(e.facts().attempts == 3);
        CHECK(e.facts().ended == end::exhausted);
        CHECK(e.facts().tries.size() == 3);
        CHECK(e.cause() == nullptr);
        CHECK(std::string{e.what()} == "bide: " + got.explain());
    }
}

TEST_CASE("outcome: after a rejected result an exception is what counts", "[retry][outcome]") {
    const no_leak values;
    virtual_clock clock;
    {
        const auto got = retry(with(clock, rules), [n = 0]() mutable {
            if (++n == 3) throw connection_lost{};
            return judged_count{counted{n}, overloaded};
        });
        CHECK(got.last() == nullptr);
        CHECK_THROWS_AS(got.value(), connection_lost);
        CHECK(values.holds());  // the rejected ones are gone
    }
    CHECK(values.holds());
}

TEST_CASE("outcome: after an exception a rejected result is what counts", "[retry][outcome]") {
    virtual_clock clock;
    const auto got = retry(with(clock, rules), [n = 0]() mutable {
        if (++n < 3) throw connection_lost{};
        return judged_count{counted{n}, overloaded};
    });
    CHECK(got.last()->value.value() == 3);
    CHECK(got.error() == nullptr);
    CHECK_THROWS_AS(got.value(), gave_up);
}

TEST_CASE("outcome: what may have happened is not hidden behind the exception",
          "[retry][outcome]") {
    virtual_clock clock;
    const auto got = retry(with(clock, rules), [] { throw bide::ambiguous(connection_lost{}); });
    CHECK(got.ended() == end::unknown);
    CHECK(got.stopped_by() == end::unknown);
    CHECK(got.certainty() == certainty::ambiguous);
    CHECK(got.attempts() == 1);
    CHECK_THROWS_WITH(
        got.value(),
        "bide: unknown after 1 try in 0s: the last try may have acted and must not be "
        "repeated; try 1: transient, ambiguous");
    try {
        got.value();
        FAIL("must throw");
    } catch (const gave_up& e) {
        CHECK_THROWS_AS(std::rethrow_exception(e.cause()), connection_lost);
        CHECK(e.facts().ended == end::unknown);
        CHECK(e.what_happened().certainty == certainty::ambiguous);
    }
    CHECK_THROWS_AS(std::rethrow_exception(got.error()), connection_lost);
}

TEST_CASE("outcome: what stopped it stays readable behind unknown", "[retry][outcome]") {
    virtual_clock clock;
    const auto got = retry(with(clock, rules), bide::idempotent([n = 0]() mutable {
                               if (++n == 1) throw bide::ambiguous(connection_lost{});
                               throw connection_lost{};
                           }));
    CHECK(got.ended() == end::unknown);
    CHECK(got.stopped_by() == end::exhausted);
    CHECK(got.explain() ==
          "unknown after 3 tries in 2s: no attempts are left; an earlier try may have acted; "
          "try 1: transient, ambiguous, waited 1s; try 2: transient, rejected, waited 1s; "
          "try 3: transient, rejected");
    CHECK_THROWS_AS(got.value(), gave_up);
}

TEST_CASE("outcome: remembers the newest eight tries", "[retry][outcome][history]") {
    virtual_clock clock;
    constexpr auto many = policy(constant(1s), max_attempts(20));
    const auto got = retry(with(clock, many), [] { throw connection_lost{}; });
    CHECK(got.attempts() == 20);
    CHECK(got.elapsed() == 19s);
    REQUIRE(got.history().size() == 8);
    CHECK(got.history()[0].number == 13);
    CHECK(got.history()[0].ended == 12s);
    CHECK(got.history()[7].number == 20);
    CHECK(got.history()[7].wait == 0s);
}

TEST_CASE("outcome: when to come back, on both clocks", "[retry][outcome]") {
    virtual_clock clock{1, bide::wall_time{1'000'000s}};
    const auto got = retry(with(clock, rules), [&clock] {
        clock.advance(3s);
        throw bide::throttled(connection_lost{}, 2h);
    });
    CHECK(got.ended() == end::deferred);
    CHECK(got.retry_in() == 2h);
    CHECK(got.retry_at() == bide::wall_time{1'000'003s + 2h});
    CHECK(got.explain() ==
          "deferred after 1 try in 0s: the server asked for a longer wait than fits; come back in "
          "7200s; try 1: throttled, rejected, asked to wait 7200s");
}

TEST_CASE("outcome: one line for every end", "[retry][outcome][explain]") {
    virtual_clock clock;
    CHECK(retry(with(clock, rules), [] { throw bide::permanent(connection_lost{}); }).explain() ==
          "permanent after 1 try in 0s: the failure will not pass; try 1: permanent, rejected");
    CHECK(retry(with(clock, policy(constant(1s), bide::max_elapsed(1s))),
                [] { throw connection_lost{}; })
              .explain() ==
          "out_of_time after 1 try in 0s: no time is left for another try; "
          "try 1: transient, rejected");
    CHECK(retry(with(clock, policy(constant(1s), bide::deadline(bide::time_point{}))), [] {
          }).explain() == "out_of_time after 0 tries in 0s: no time is left for another try");
}

// --- nested -------------------------------------------------------------------------------------

// P19 of other libraries: 3 x 3 calls.
TEST_CASE("outcome: an inner operation that gave up is not multiplied", "[retry][outcome]") {
    virtual_clock clock;
    auto calls = 0;
    const auto inner = [&] {
        return retry(with(clock, even_only),
                     [&calls] {
                         ++calls;
                         return 1;
                     })
            .value();
    };
    const auto got = retry(with(clock, rules), inner);
    CHECK(calls == 3);
    CHECK(got.attempts() == 1);
    CHECK(got.ended() == end::permanent);
    CHECK_THROWS_AS(got.value(), gave_up);
}

TEST_CASE("outcome: an inner operation's outcome is judged, too", "[retry][outcome]") {
    virtual_clock clock{1, bide::wall_time{1000s}};
    auto calls = 0;
    const auto inner = [&] {
        return retry(with(clock, rules), [&calls] {
            ++calls;
            throw bide::throttled(connection_lost{}, 2h);
        });
    };
    CHECK(inner().what_happened().verdict == verdict::permanent);
    calls = 0;
    const auto got = retry(with(clock, rules), inner);
    CHECK(calls == 1);
    CHECK(got.attempts() == 1);
    CHECK(got.ended() == end::permanent);
    CHECK(got.retry_in() == 2h);
    CHECK(got.last()->ended() == end::deferred);

    const auto done = retry(with(clock, rules), [] { return retry(rules, [] { return 7; }); });
    CHECK(done.ended() == end::done);
    CHECK(done.value().value() == 7);
    CHECK(done.value().what_happened().certainty == certainty::answered);

    const auto lost = retry(with(clock, rules), [] {
        return retry(rules, [] { throw bide::ambiguous(connection_lost{}); });
    });
    CHECK(lost.ended() == end::unknown);
}

TEST_CASE("outcome: an inner operation that may have happened makes the outer one unknown",
          "[retry][outcome]") {
    virtual_clock clock;
    auto calls = 0;
    const auto got = retry(with(clock, rules), [&] {
        retry(with(clock, rules), bide::once_only([&calls] {
                  ++calls;
                  throw connection_lost{};
              }))
            .value();
    });
    CHECK(calls == 1);
    CHECK(got.ended() == end::unknown);
    CHECK(got.stopped_by() == end::permanent);
    CHECK(got.certainty() == certainty::ambiguous);
}

// --- kinds of results ---------------------------------------------------------------------------

TEST_CASE("outcome: void", "[retry][outcome][types]") {
    virtual_clock clock;
    auto got = retry(with(clock, rules), after(1, [] {}));
    static_assert(std::is_same_v<decltype(got), outcome<void>>);
    static_assert(std::is_void_v<decltype(got.value())>);
    static_assert(std::is_void_v<decltype(std::move(got).value())>);
    CHECK_NOTHROW(got.value());
    CHECK_NOTHROW(std::move(got).value());
    CHECK(got);
}

TEST_CASE("outcome: a reference", "[retry][outcome][types]") {
    virtual_clock clock;
    auto number = 7;
    auto got = retry(with(clock, rules), after(1, [&]() -> int& { return number; }));
    static_assert(std::is_same_v<decltype(got), outcome<int&>>);
    static_assert(std::is_same_v<decltype(got.value()), int&>);
    static_assert(std::is_same_v<decltype(std::as_const(got).value()), int&>);
    static_assert(std::is_same_v<decltype(std::move(got).value()), int&>);
    CHECK(&got.value() == &number);
    CHECK(got.last() == &number);
    const auto failed = retry(with(clock, rules), [&]() -> int& { throw connection_lost{}; });
    CHECK(failed.last() == nullptr);
}

TEST_CASE("outcome: a reference to a constant", "[retry][outcome][types]") {
    const std::string text = "text";
    auto got = retry(rules, [&]() -> const std::string& { return text; });
    static_assert(std::is_same_v<decltype(got.value()), const std::string&>);
    static_assert(std::is_same_v<decltype(std::move(got).value()), const std::string&>);
    CHECK(&got.value() == &text);
    CHECK(&std::move(got).value() == &text);
}

TEST_CASE("outcome: a value by its category", "[retry][outcome][types]") {
    auto got = retry(rules, [] { return std::string{"text"}; });
    static_assert(std::is_same_v<decltype(got.value()), std::string&>);
    static_assert(std::is_same_v<decltype(std::as_const(got).value()), const std::string&>);
    static_assert(std::is_same_v<decltype(std::move(got).value()), std::string>);
    got.value() += " and more";
    CHECK(std::as_const(got).value() == "text and more");
    const auto taken = std::move(got).value();
    CHECK(taken == "text and more");
    // NOLINTNEXTLINE(bugprone-use-after-move): moved out of the value, not of the outcome
    CHECK(got.value().empty());
}

TEST_CASE("outcome: the temporary's value may be kept", "[retry][outcome][types]") {
    const auto& kept = retry(rules, [] { return std::string(100, 'x'); }).value();
    CHECK(kept.size() == 100);
}

TEST_CASE("outcome: a constant result", "[retry][outcome][types]") {
    virtual_clock clock;
    auto got = retry(with(clock, rules), after(1, []() -> const std::string { return "text"; }));
    CHECK(got.value() == "text");
    CHECK(*got.last() == "text");
}

TEST_CASE("outcome: what can only be moved", "[retry][outcome][types]") {
    virtual_clock clock;
    auto got = retry(with(clock, rules), after(2, [] { return std::make_unique<int>(7); }));
    CHECK(*got.value() == 7);
    auto moved = std::move(got);
    const std::unique_ptr<int> taken = std::move(moved).value();
    CHECK(*taken == 7);
}

TEST_CASE("outcome: what cannot even be moved", "[retry][outcome][types]") {
    struct pinned {
        explicit pinned(int n) : number{n} {}
        pinned(const pinned&) = delete;
        pinned& operator=(const pinned&) = delete;
        ~pinned() = default;
        counted number;
    };
    const no_leak values;
    virtual_clock clock;
    {
        const auto got = retry(with(clock, rules), after(2, [] { return pinned{7}; }));
        CHECK(got.value().number.value() == 7);
        const auto first = retry(rules, [] { return pinned{8}; });
        CHECK(first.value().number.value() == 8);
    }
    CHECK(values.holds());
}

TEST_CASE("outcome: no default constructor, no assignment, large, over-aligned",
          "[retry][outcome][types]") {
    struct fixed {
        explicit fixed(int n) : number{n} {}
        const int number;
    };
    CHECK(retry(rules, [] { return fixed{7}; }).value().number == 7);
    using block = std::array<std::uint64_t, 1024>;
    CHECK(retry(rules, [] { return block{1, 2}; }).value()[1] == 2);
    struct alignas(64) aligned {
        int n = 7;
    };
    const auto got = retry(rules, [] { return aligned{}; });
    CHECK(reinterpret_cast<std::uintptr_t>(got.last()) % 64 == 0);
}

TEST_CASE("outcome: what overloads & and converts from anything", "[retry][outcome][types]") {
    struct sly {
        int n;
        sly* operator&() = delete;              // NOLINT(google-runtime-operator)
        const sly* operator&() const = delete;  // NOLINT(google-runtime-operator)
    };
    auto sly_one = sly{7};
    CHECK(retry(rules, [] { return sly{7}; }).value().n == 7);
    CHECK(retry(rules, [&]() -> sly& { return sly_one; }).value().n == 7);

    CHECK_FALSE(retry(rules, [] { return greedy{}; }).last()->was_converted);
}

static_assert(sizeof(outcome<void*>) == 2 * sizeof(void*));  // T and one pointer
static_assert(!std::is_copy_constructible_v<outcome<int>>);
static_assert(!std::is_copy_assignable_v<outcome<int>>);
static_assert(!std::is_default_constructible_v<outcome<int>>);
static_assert(std::is_nothrow_move_constructible_v<outcome<int>>);
static_assert(std::is_nothrow_move_assignable_v<outcome<int>>);
static_assert(std::is_nothrow_move_constructible_v<outcome<void>>);
static_assert(!std::is_convertible_v<outcome<int>, bool>);

// --- moves --------------------------------------------------------------------------------------

namespace {

enum class state { first_success, late_success, threw, rejected };

/// An outcome in each state; the value of one that has a value is 5.
outcome<judged_count> in(state s) {
    static virtual_clock clock;
    return retry(with(clock, rules), [s, n = 0]() mutable {
        ++n;
        if (s == state::threw || (s == state::late_success && n < 3)) throw connection_lost{};
        return judged_count{counted{5}, s == state::rejected ? overloaded : bide::succeeded};
    });
}

void check_is(const outcome<judged_count>& o, state s) {
    CHECK(o.attempts() == (s == state::first_success ? 1 : 3));
    CHECK(o.ended() == (s == state::threw || s == state::rejected ? end::exhausted : end::done));
    CHECK((o.last() != nullptr) == (s != state::threw));
    CHECK((o.error() != nullptr) == (s == state::threw));
    if (o.last() != nullptr) CHECK(o.last()->value.value() == 5);
}

}  // namespace

TEST_CASE("outcome: move construction in every state", "[retry][outcome][moves]") {
    const auto from =
        GENERATE(state::first_success, state::late_success, state::threw, state::rejected);
    const no_leak values;
    {
        auto source = in(from);
        const auto target = std::move(source);
        check_is(target, from);
        auto again = in(from);
        {
            const auto dies = std::move(again);
        }
    }
    CHECK(values.holds());
}

TEST_CASE("outcome: move assignment between all states", "[retry][outcome][moves]") {
    const auto from =
        GENERATE(state::first_success, state::late_success, state::threw, state::rejected);
    const auto to =
        GENERATE(state::first_success, state::late_success, state::threw, state::rejected);
    const no_leak values;
    {
        auto source = in(from);
        auto target = in(to);
        target = std::move(source);
        check_is(target, from);
        source = in(to);  // a moved-from outcome can be assigned to
        check_is(source, to);
        source = std::move(target);
        check_is(source, from);
        std::swap(source, target = in(to));
        check_is(source, to);
        check_is(target, from);
    }
    CHECK(values.holds());
}

TEST_CASE("outcome: a move from what was moved from, and to itself", "[retry][outcome][moves]") {
    const auto from =
        GENERATE(state::first_success, state::late_success, state::threw, state::rejected);
    const no_leak values;
    {
        auto source = in(from);
        auto target = std::move(source);
        auto third = in(from);
        // NOLINTNEXTLINE(bugprone-use-after-move): assignment of it is not forbidden to survive
        third = std::move(source);
        auto& same = target;
        target = std::move(same);
        check_is(target, from);
    }
    CHECK(values.holds());
}

TEST_CASE("outcome: a move that throws leaks nothing", "[retry][outcome][moves]") {
    struct explosive {
        counted value{5};
        bool* fuse;
        explicit explosive(bool& f) : fuse{&f} {}
        explosive(explosive&& other) : value{std::move(other.value)}, fuse{other.fuse} {
            if (*fuse) throw std::runtime_error{"boom"};
        }
        explosive& operator=(explosive&&) = delete;
        ~explosive() = default;
    };
    static_assert(!std::is_nothrow_move_constructible_v<outcome<explosive>>);
    const no_leak values;
    virtual_clock clock;
    auto lit = false;
    const auto failures = GENERATE(0, 1);
    {
        auto source = retry(with(clock, rules), after(failures, [&] { return explosive{lit}; }));
        auto target = retry(with(clock, rules), after(failures, [&] { return explosive{lit}; }));
        lit = true;
        CHECK_THROWS_WITH(outcome<explosive>{std::move(source)}, "boom");
        CHECK_THROWS_WITH(target = std::move(source), "boom");
        lit = false;
        target = retry(with(clock, rules), after(failures, [&] { return explosive{lit}; }));
        CHECK(target.value().value.value() == 5);
    }
    CHECK(values.holds());
}
