// SPDX-License-Identifier: MIT
#include <bide/retry/fallback.hpp>  // first, to prove that the header stands alone

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

using bide::end;
using bide::fallback;
using bide::or_else;
using bide::outcome;
using bide::retry;
using bide::value_or;
using bide::with;
using namespace std::chrono_literals;

namespace {

constexpr auto once = bide::policy(bide::constant(1s), bide::max_attempts(1));

enum class comes_to { good, failed, unknown };

/// An operation that comes to that; a good one returns `value`.
template <class T>
outcome<T> operation(comes_to what, T value) {
    bide::virtual_clock clock;
    return retry(with(clock, once), [&]() -> T {
        if (what == comes_to::failed) throw std::runtime_error{"lost"};
        if (what == comes_to::unknown) throw bide::ambiguous(std::runtime_error{"lost"});
        return std::forward<T>(value);
    });
}
outcome<void> action(comes_to what) {
    return retry(once, [what] {
        if (what == comes_to::failed) throw std::runtime_error{"lost"};
        if (what == comes_to::unknown) throw bide::ambiguous(std::runtime_error{"lost"});
    });
}

}  // namespace

TEST_CASE("value_or: takes the place of a failure, never of an unknown end unasked",
          "[retry][fallback]") {
    CHECK(value_or(operation(comes_to::good, 7), 1) == 7);
    CHECK(value_or(operation(comes_to::failed, 7), 1) == 1);
    CHECK(value_or(operation(comes_to::good, 7), 1, fallback::even_if_unknown) == 7);
    CHECK(value_or(operation(comes_to::failed, 7), 1, fallback::even_if_unknown) == 1);
    CHECK(value_or(operation(comes_to::unknown, 7), 1, fallback::even_if_unknown) == 1);
    CHECK_THROWS_AS(value_or(operation(comes_to::unknown, 7), 1), bide::gave_up);
    CHECK_THROWS_WITH(value_or(operation(comes_to::unknown, 7), 1),
                      "bide: unknown after 1 try in 0s: the last try may have acted and must not "
                      "be repeated; try 1: transient, ambiguous");

    // What may be repeated may have happened, too.
    const auto read = [] {
        return retry(once, bide::idempotent([]() -> int {
                         throw bide::ambiguous(std::runtime_error{"timeout"});
                     }));
    };
    CHECK(read().stopped_by() == end::exhausted);
    CHECK_THROWS_AS(value_or(read(), 1), bide::gave_up);
    CHECK(value_or(read(), 1, fallback::even_if_unknown) == 1);

    // A result that was rejected is a failure, too.
    const auto small = bide::policy(bide::constant(1s), bide::max_attempts(1),
                                    bide::classify(bide::retry_if([](int n) { return n > 9; })));
    CHECK(value_or(retry(small, [] { return 10; }), 1) == 1);
    // So is one that never began.
    const auto late = bide::policy(bide::constant(1s), bide::deadline(bide::time_point{}));
    CHECK(value_or(retry(late, [] { return 10; }), 1) == 1);
}

TEST_CASE("value_or: move-only results, references and conversions", "[retry][fallback]") {
    using owner = std::unique_ptr<int>;
    CHECK(*value_or(operation(comes_to::good, std::make_unique<int>(7)), nullptr) == 7);
    auto mine = std::make_unique<int>(1);
    auto* const there = mine.get();
    CHECK(value_or(operation(comes_to::failed, owner{}), std::move(mine)).get() == there);
    mine = std::make_unique<int>(2);
    (void)value_or(operation(comes_to::good, owner{}), std::move(mine));
    CHECK(mine != nullptr);  // only moved from where it is used

    CHECK(value_or(operation(comes_to::failed, std::string{"rows"}), "none") == "none");

    auto first = 7;
    auto second = 1;
    auto& got = value_or(operation<int&>(comes_to::good, first), second);
    static_assert(std::is_same_v<decltype(got), int&>);
    CHECK(&got == &first);
    CHECK(&value_or(operation<int&>(comes_to::failed, first), second) == &second);
    CHECK(&value_or(operation<const int&>(comes_to::failed, first), second) == &second);
}

TEST_CASE("or_else: another way after a failure, never after an unknown end unasked",
          "[retry][fallback]") {
    auto calls = 0;
    const auto other = [&calls] { return operation(comes_to::good, ++calls); };
    const auto by_value = [&calls] { return ++calls; };

    CHECK(or_else(operation(comes_to::good, 7), other).value() == 7);
    CHECK(or_else(operation(comes_to::good, 7), by_value) == 7);
    const auto kept = or_else(operation(comes_to::unknown, 7), other);
    static_assert(std::is_same_v<decltype(kept), const outcome<int>>);
    CHECK(kept.ended() == end::unknown);
    CHECK_THROWS_AS(or_else(operation(comes_to::unknown, 7), by_value), bide::gave_up);
    CHECK(calls == 0);

    CHECK(or_else(operation(comes_to::failed, 7), other).value() == 1);
    CHECK(or_else(operation(comes_to::failed, 7), by_value) == 2);
    CHECK(or_else(operation(comes_to::unknown, 7), other, fallback::even_if_unknown).value() == 3);
    CHECK(or_else(operation(comes_to::unknown, 7), by_value, fallback::even_if_unknown) == 4);

    // The second way may fail as well: then that is how it ended.
    const auto lost =
        or_else(operation(comes_to::failed, 7), [] { return operation(comes_to::unknown, 7); });
    CHECK(lost.ended() == end::unknown);
}

TEST_CASE("or_else: the fallback sees why, and may throw", "[retry][fallback]") {
    auto seen = end::done;
    CHECK(or_else(operation(comes_to::failed, 7), [&seen](const outcome<int>& why) {
              seen = why.ended();
              return 1;
          }) == 1);
    CHECK(seen == end::exhausted);
    CHECK_THROWS_WITH(or_else(operation(comes_to::failed, 7),
                              []() -> int { throw std::logic_error{"no cache"}; }),
                      "no cache");
    CHECK_THROWS_WITH(or_else(operation(comes_to::failed, 7),
                              [](const outcome<int>& why) { return why.value(); }),
                      "lost");
}

TEST_CASE("or_else: void, references and move-only results", "[retry][fallback]") {
    auto calls = 0;
    const auto note = [&calls] { ++calls; };
    or_else(action(comes_to::good), note);
    CHECK_THROWS_AS(or_else(action(comes_to::unknown), note), bide::gave_up);
    CHECK(calls == 0);
    or_else(action(comes_to::failed), note);
    or_else(action(comes_to::unknown), note, fallback::even_if_unknown);
    CHECK(calls == 2);
    CHECK(or_else(action(comes_to::failed), [] { return action(comes_to::good); }));

    auto first = 7;
    auto second = 1;
    CHECK(&or_else(operation<int&>(comes_to::good, first),
                   [&second]() -> int& { return second; }) == &first);
    CHECK(&or_else(operation<int&>(comes_to::failed, first),
                   [&second]() -> int& { return second; }) == &second);
    CHECK(*or_else(operation(comes_to::failed, std::unique_ptr<int>{}),
                   [] { return std::make_unique<int>(3); }) == 3);
}
