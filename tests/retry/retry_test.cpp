// SPDX-License-Identifier: MIT
#include <bide/retry/retry.hpp>

#include "support/catch.hpp"
#include "support/counted.hpp"

#include <bide/backoff/constant.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

using bide::accept_if;
using bide::certainty;
using bide::classify;
using bide::constant;
using bide::end;
using bide::finding;
using bide::idempotent;
using bide::max_attempts;
using bide::max_elapsed;
using bide::maybe;
using bide::on;
using bide::on_result;
using bide::once_only;
using bide::policy;
using bide::retry;
using bide::retry_if;
using bide::this_try;
using bide::verdict;
using bide::virtual_clock;
using bide::with;
using namespace std::chrono_literals;

namespace {

constexpr auto rules = policy(constant(1s), max_attempts(3));

struct connection_lost : std::runtime_error {
    connection_lost() : std::runtime_error{"lost"} {}
};

constexpr auto with_rules(auto... r) {
    return policy(constant(1s), max_attempts(3), classify(r...));
}

}  // namespace

TEST_CASE("retry: policies and plans that are temporaries or constants", "[retry]") {
    virtual_clock clock;
    const auto kept = with(clock, rules);
    CHECK(retry(kept, [] { return 1; }).value() == 1);
    CHECK(retry(policy(constant(0s), max_attempts(1)), [] { return 2; }).value() == 2);
    CHECK(retry(with(policy()), [] { return 3; }).value() == 3);
}

// --- this_try -----------------------------------------------------------------------------------

TEST_CASE("this_try: its number and the last error", "[retry][this_try]") {
    virtual_clock clock;
    std::vector<std::uint64_t> numbers;
    std::vector<bool> errors;
    const auto got = retry(
        with(clock, rules),
        [&](const this_try& t, int n) {
            numbers.push_back(t.number);
            errors.push_back(t.previous != nullptr);
            if (t.number < 3) throw connection_lost{};
            CHECK_THROWS_AS(std::rethrow_exception(t.previous), connection_lost);
            return n;
        },
        7);
    CHECK(got.value() == 7);
    CHECK(numbers == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(errors == std::vector<bool>{false, true, true});
}

TEST_CASE("this_try: after a rejected result there is no last error", "[retry][this_try]") {
    virtual_clock clock;
    std::vector<bool> errors;
    (void)retry(with(clock, with_rules(retry_if([](int n) { return n < 3; }))),
                [&](const this_try& t) {
                    errors.push_back(t.previous != nullptr);
                    if (t.number == 1) throw connection_lost{};
                    return static_cast<int>(t.number);
                });
    CHECK(errors == std::vector<bool>{false, true, false});
}

namespace {

/// The time that each of three tries of 10 s may take, of 25 s in all.
template <class Wrap>
std::vector<bide::allowance> allowances(bide::policy_options options, Wrap wrap) {
    virtual_clock clock;
    std::vector<bide::allowance> seen;
    (void)retry(with(clock, policy(constant(1s), max_attempts(3) | max_elapsed(25s), options)),
                wrap([&](const this_try& t) {
                    seen.push_back(t.time);
                    clock.advance(10s);
                    throw bide::not_sent(connection_lost{});
                }));
    return seen;
}

}  // namespace

TEST_CASE("this_try: the time that is left cuts it", "[retry][this_try]") {
    const auto plain = [](auto f) { return f; };
    const auto safe = [](auto f) { return idempotent(std::move(f)); };
    const auto not_safe = [](auto f) { return idempotent(std::move(f), false); };
    for (const auto& seen :
         {allowances({}, plain), allowances({}, safe), allowances({}, not_safe)}) {
        REQUIRE(seen.size() == 3);
        CHECK(seen[0].whole == 10s);
        CHECK(seen[0].connect == 3s);
        CHECK(seen[0].left == 25s);
        CHECK(seen[1].whole == 10s);
        CHECK(seen[1].left == 14s);
        CHECK(seen[2].whole == 3s);  // began at 22 s
        CHECK(seen[2].connect == 3s);
    }
    const auto short_tries = allowances({.try_timeout = 2s}, plain);
    CHECK(short_tries[2].whole == 2s);
    CHECK(short_tries[2].connect == 2s);
}

TEST_CASE("this_try: what must not be repeated has grace", "[retry][this_try]") {
    const auto once = [](auto f) { return once_only(std::move(f)); };
    const auto seen = allowances({}, once);
    REQUIRE(seen.size() == 3);
    CHECK(seen[2].whole == 10s);
    CHECK(seen[2].connect == 3s);
    const auto without = allowances({.grace = false}, once);
    CHECK(without[2].whole == 3s);
}

TEST_CASE("this_try: without a limit of time it is the policy's word", "[retry][this_try]") {
    bide::allowance seen{};
    (void)retry(policy(constant(0s), max_attempts(1), {.try_timeout = 2s}),
                [&](const this_try& t) { seen = t.time; });
    CHECK(seen.whole == 2s);
    CHECK(seen.connect == 2s);
    CHECK(seen.left == bide::duration::max());
}

namespace {

/// An expected of a user's own.
struct maybe_number {
    int number = 0;
    std::string problem;
    [[nodiscard]] bool has_value() const noexcept { return problem.empty(); }
    [[nodiscard]] const std::string& error() const noexcept { return problem; }
};

}  // namespace

// --- exceptions ---------------------------------------------------------------------------------

TEST_CASE("retry: what is tried again and what is not", "[retry][classify]") {
    virtual_clock clock;
    const auto tries = [&clock](auto thrown) {
        return retry(with(clock, rules), [&thrown] { throw thrown; }).attempts();
    };
    CHECK(tries(std::runtime_error{""}) == 3);
    CHECK(tries(connection_lost{}) == 3);
    CHECK(tries(bide::not_sent(std::logic_error{""})) == 3);
    CHECK(tries(bide::throttled(std::string{"429"}, 1s)) == 3);
    CHECK(tries(std::logic_error{""}) == 1);
    CHECK(tries(std::bad_alloc{}) == 1);
    CHECK(tries(7) == 1);
    CHECK(tries(bide::permanent(std::runtime_error{""})) == 1);
    CHECK(tries(bide::ambiguous(std::runtime_error{""})) == 1);
}

// --- results ------------------------------------------------------------------------------------

TEST_CASE("retry: false, empty and null are answers", "[retry][results]") {
    CHECK(retry(rules, [] { return false; }).value() == false);
    CHECK(retry(rules, [] { return std::optional<int>{}; }).value() == std::nullopt);
    CHECK(retry(rules, []() -> int* { return nullptr; }).value() == nullptr);
    CHECK(retry(rules, [] { return -1; }).value() == -1);
}

TEST_CASE("retry: an error code and an expected fail by themselves", "[retry][results]") {
    virtual_clock clock;
    auto tries = 0;
    const auto code = retry(with(clock, rules), [&tries] {
        return ++tries < 3 ? std::make_error_code(std::errc::timed_out) : std::error_code{};
    });
    CHECK(code.value() == std::error_code{});
    CHECK(tries == 3);

    const auto failed =
        retry(with(clock, rules), [] { return std::make_error_code(std::errc::timed_out); });
    CHECK(failed.ended() == end::exhausted);
    CHECK(*failed.last() == std::errc::timed_out);
    CHECK_THROWS_AS(failed.value(), bide::gave_up);

    const auto invalid =
        retry(with(clock, rules), [] { return std::make_error_code(std::errc::invalid_argument); });
    CHECK(invalid.attempts() == 1);
    CHECK(invalid.ended() == end::permanent);

    tries = 0;
    const auto number = retry(with(clock, rules), [&tries] {
        return ++tries < 2 ? maybe_number{0, "busy"} : maybe_number{7, ""};
    });
    CHECK(number.value().number == 7);
    CHECK(tries == 2);
}

TEST_CASE("retry: rules on results", "[retry][results]") {
    virtual_clock clock;
    const auto counter = [] { return [n = 0]() mutable { return ++n; }; };
    CHECK(
        retry(with(clock, with_rules(retry_if([](int n) { return n < 3; }))), counter()).value() ==
        3);
    CHECK(retry(with(clock, with_rules(accept_if([](int n) { return n == 2; }))), counter())
              .value() == 2);
    CHECK(retry(with(clock, with_rules(on_result([](int n) {
                         return n < 2 ? maybe<verdict>{verdict::throttled} : maybe<verdict>{};
                     }))),
                counter())
              .value() == 2);
    const auto final = retry(with(clock, with_rules(on_result([](int n) {
                                      return n == 2 ? verdict::permanent : verdict::transient;
                                  }))),
                             counter());
    CHECK(final.ended() == end::permanent);
    CHECK(*final.last() == 2);
    // What a rule on results says of the certainty counts, without a word of the callable.
    const auto lost = retry(
        with(clock,
             with_rules(on_result([](int) { return finding{.certainty = certainty::ambiguous}; }))),
        counter());
    CHECK(lost.ended() == end::unknown);
    CHECK_THROWS_AS(lost.value(), bide::gave_up);
}

TEST_CASE("retry: rules judge what a reference refers to", "[retry][results]") {
    virtual_clock clock;
    auto n = 0;
    const auto next = [&n]() -> const int& {
        ++n;
        return n;
    };
    CHECK(retry(with(clock, with_rules(retry_if([](int i) { return i < 3; }))), next).value() == 3);

    std::error_code code = std::make_error_code(std::errc::timed_out);
    const auto failed = retry(with(clock, rules), [&code]() -> std::error_code& { return code; });
    CHECK(failed.ended() == end::exhausted);
    CHECK(failed.last() == &code);
}

TEST_CASE("retry: rules on exceptions", "[retry][classify]") {
    virtual_clock clock;
    const auto p = with_rules(on<std::logic_error>(verdict::transient),
                              on<std::system_error>([](const std::system_error& e) {
                                  return e.code() == std::errc::timed_out ? verdict::throttled
                                                                          : verdict::permanent;
                              }));
    CHECK(retry(with(clock, p), [] { throw std::out_of_range{""}; }).attempts() == 3);
    CHECK(retry(with(clock, p), [] {
              throw std::system_error{std::make_error_code(std::errc::timed_out)};
          }).attempts() == 3);
    CHECK(retry(with(clock, p), [] {
              throw std::system_error{std::make_error_code(std::errc::io_error)};
          }).attempts() == 1);
    CHECK(retry(with(clock, with_rules(on<int>(verdict::transient))), [] { throw 7; }).attempts() ==
          3);
}

namespace {

/// Classifiers of a user's own: one that knows exceptions only, one that knows numbers too, and one
/// that says which results it judges.
struct patient {
    [[nodiscard]] static finding of_exception(certainty unclassified) {
        return {.certainty = unclassified};
    }
};
struct patient_with_numbers : patient {
    [[nodiscard]] static finding of_result(int n) {
        return n < 3 ? finding{.verdict = verdict::overloaded} : bide::succeeded;
    }
};
struct patient_with_anything : patient {
    template <class T>
    static constexpr bool judges = !std::is_same_v<T, bool>;
    template <class T>
    [[nodiscard]] static finding of_result(const T& n, certainty unclassified) {
        if (n < 3) return {.verdict = verdict::overloaded, .certainty = unclassified};
        return bide::succeeded;
    }
};

}  // namespace

TEST_CASE("retry: a classifier of a user's own", "[retry][classify]") {
    virtual_clock clock;
    const auto next = [] { return [n = 0]() mutable { return ++n; }; };
    const auto by = [](auto c) { return policy(constant(1s), max_attempts(3), c); };
    CHECK(retry(with(clock, by(patient{})), next()).value() == 1);
    CHECK(retry(with(clock, by(patient{})), [] { throw 7; }).attempts() == 3);
    CHECK(retry(with(clock, by(patient{})), once_only([] { throw 7; })).ended() == end::unknown);

    CHECK(retry(with(clock, by(patient_with_numbers{})), next()).value() == 3);
    CHECK(retry(with(clock, by(patient_with_numbers{})), [] { return std::string{}; }).value() ==
          "");
    CHECK_NOTHROW(retry(with(clock, by(patient_with_numbers{})), [] {}).value());

    CHECK(retry(with(clock, by(patient_with_anything{})), next()).value() == 3);
    CHECK(retry(with(clock, by(patient_with_anything{})), once_only(next())).ended() ==
          end::unknown);
    CHECK(retry(with(clock, by(patient_with_anything{})), [] { return false; }).value() == false);
}

// --- limits and hints ---------------------------------------------------------------------------

TEST_CASE("retry: the waits of the backoff", "[retry][waits]") {
    virtual_clock clock;
    (void)retry(with(clock, policy(bide::exponential({.base = 1s, .cap = 3s}), max_attempts(5))),
                [] { throw connection_lost{}; });
    CHECK(clock.waits() == std::vector<bide::duration>{1s, 2s, 3s, 3s});
}

// P9 of other libraries: a wait is cut to what is left and one try is fired at the deadline.
TEST_CASE("retry: no wait begins that does not fit", "[retry][limits]") {
    virtual_clock clock;
    const auto got =
        retry(with(clock, policy(constant(4s), bide::max_elapsed({.total = 10s, .least_try = 2s}))),
              [] { throw connection_lost{}; });
    CHECK(got.ended() == end::out_of_time);
    CHECK(got.attempts() == 3);  // at 0 s, 4 s, 8 s
    CHECK(clock.elapsed() == 8s);
}

TEST_CASE("retry: the tries take time too", "[retry][limits]") {
    virtual_clock clock;
    const auto got = retry(with(clock, policy(constant(1s), max_elapsed(10s))), [&clock] {
        clock.advance(5s);
        throw connection_lost{};
    });
    CHECK(got.attempts() == 2);
    CHECK(got.elapsed() == 11s);
    CHECK(got.ended() == end::out_of_time);
}

TEST_CASE("retry: the left limit is the reason", "[retry][limits]") {
    virtual_clock clock;
    const auto fails = [] { throw connection_lost{}; };
    const auto time = max_elapsed({.total = 2s, .least_try = 1s});
    CHECK(retry(with(clock, policy(constant(1s), max_attempts(2) | time)), fails).ended() ==
          end::exhausted);
    CHECK(retry(with(clock, policy(constant(1s), time | max_attempts(2))), fails).ended() ==
          end::out_of_time);
}

TEST_CASE("retry: a deadline that has passed allows no try", "[retry][limits]") {
    virtual_clock clock{1, bide::wall_time{5000s}};
    clock.advance(100s);
    auto calls = 0;
    const auto f = [&calls] { ++calls; };
    const auto steady =
        retry(with(clock, policy(constant(1s), bide::deadline(bide::time_point{100s}))), f);
    CHECK(steady.ended() == end::out_of_time);
    CHECK(steady.attempts() == 0);
    CHECK(steady.certainty() == certainty::not_sent);
    CHECK(steady.history().empty());
    CHECK(steady.error() == nullptr);
    CHECK_THROWS_WITH(steady.value(),
                      "bide: out_of_time after 0 tries in 0s: no time is left for another try");
    const auto wall =
        retry(with(clock, policy(constant(1s), bide::deadline(bide::wall_time{5100s}))), f);
    CHECK(wall.ended() == end::out_of_time);
    CHECK(calls == 0);
    // The real clocks, too.
    CHECK(retry(policy(constant(1s), bide::deadline(bide::wall_time{})), f).attempts() == 0);
    CHECK(retry(policy(constant(1s), bide::deadline(bide::time_point{})), f).attempts() == 0);
    CHECK(calls == 0);
}

TEST_CASE("retry: a deadline on the wall clock", "[retry][limits]") {
    virtual_clock clock{1, bide::wall_time{5000s}};
    clock.advance(100s);
    const auto got =
        retry(with(clock, policy(constant(2s), bide::deadline(bide::wall_time{5105s}))),
              [] { throw connection_lost{}; });
    CHECK(got.attempts() == 3);  // at 0 s, 2 s, 4 s
    CHECK(got.ended() == end::out_of_time);
}

TEST_CASE("retry: a deadline that never comes", "[retry][limits]") {
    virtual_clock clock;
    const auto never = bide::deadline(bide::wall_time::max()) | bide::deadline(bide::never);
    CHECK(retry(with(clock, policy(constant(1s), max_attempts(3) | never)), [] {
              throw connection_lost{};
          }).ended() == end::exhausted);
}

TEST_CASE("retry: a limit of a user's own", "[retry][limits]") {
    struct odd_tries_only {
        [[nodiscard]] static constexpr end check(const bide::next_try& t) noexcept {
            return t.number % 2 == 1 ? end::done : end::cancelled;
        }
    };
    struct none_at_all {
        [[nodiscard]] static constexpr end check(const bide::next_try&) noexcept {
            return end::refused;
        }
    };
    virtual_clock clock;
    const auto fails = [] { throw connection_lost{}; };
    const auto one = retry(with(clock, policy(constant(1s), odd_tries_only{})), fails);
    CHECK(one.attempts() == 1);
    CHECK(one.ended() == end::cancelled);
    const auto none = retry(with(clock, policy(constant(1s), none_at_all{})), fails);
    CHECK(none.attempts() == 0);
    CHECK(none.ended() == end::refused);
    CHECK(retry(policy(constant(1s), none_at_all{}), fails).ended() == end::refused);
}

// A stalled machine: the wait takes longer than it should.
TEST_CASE("retry: a wait that took too long leaves no time for a try", "[retry][limits]") {
    virtual_clock clock;
    clock.at(500ms, [&clock] { clock.advance(1h); });
    auto calls = 0;
    const auto got = retry(with(clock, policy(constant(1s), max_elapsed(30s))), [&calls] {
        ++calls;
        throw connection_lost{};
    });
    CHECK(calls == 1);
    CHECK(got.ended() == end::out_of_time);
    CHECK_THROWS_AS(got.value(), connection_lost);
}

TEST_CASE("retry: a server's wait is a floor under our own", "[retry][hints]") {
    virtual_clock clock;
    (void)retry(with(clock, rules), [] { throw bide::throttled(connection_lost{}, 5s); });
    REQUIRE(clock.waits().size() == 2);
    for (const auto wait : clock.waits()) {
        CHECK(wait >= 5s);
        CHECK(wait <= 5500ms);
    }
    virtual_clock other;
    (void)retry(with(other, rules), [] { throw bide::throttled(connection_lost{}, 0s); });
    CHECK(other.waits() == std::vector<bide::duration>{1s, 1s});
}

TEST_CASE("retry: a server's wait that is too long defers", "[retry][hints]") {
    virtual_clock clock{1, bide::wall_time{1000s}};
    const auto over =
        retry(with(clock, rules), [] { throw bide::throttled(connection_lost{}, 61s); });
    CHECK(over.ended() == end::deferred);
    CHECK(over.attempts() == 1);
    CHECK(over.retry_in() == 61s);
    CHECK(over.retry_at() == bide::wall_time{1061s});
    CHECK_THROWS_AS(over.value(), connection_lost);

    const auto no_room = retry(with(clock, policy(constant(1s), max_elapsed(10s))),
                               [] { throw bide::throttled(connection_lost{}, 20s); });
    CHECK(no_room.ended() == end::deferred);
    CHECK(no_room.retry_at() == bide::wall_time{1020s});
    CHECK(clock.waits().empty());
}

TEST_CASE("retry: deferred after what may have happened is unknown, with the time to come back",
          "[retry][hints]") {
    virtual_clock clock{1, bide::wall_time{1000s}};
    const auto got = retry(with(clock, rules), idempotent([n = 0]() mutable {
                               if (++n == 1) throw bide::ambiguous(connection_lost{});
                               throw bide::throttled(connection_lost{}, 2h);
                           }));
    CHECK(got.ended() == end::unknown);
    CHECK(got.stopped_by() == end::deferred);
    CHECK(got.retry_in() == 2h);
    CHECK(got.retry_at() == bide::wall_time{1001s + 2h});
}
