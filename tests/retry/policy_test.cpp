// SPDX-License-Identifier: MIT
#include <bide/retry/policy.hpp>

#include "support/catch.hpp"

#include <bide/backoff/constant.hpp>
#include <bide/backoff/sequence.hpp>
#include <bide/backoff/sum.hpp>
#include <bide/backoff/when_throttled.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <vector>

using bide::exponential;
using bide::max_attempts;
using bide::max_elapsed;
using bide::policy;
using bide::policy_options;
using bide::sequence;
using namespace std::chrono_literals;

namespace {

constexpr auto is_negative = [](int n) { return n < 0; };

// A policy is a value that can be a constant, and knows which clock it needs.
constexpr auto short_one = policy(exponential({.base = 1s}), max_attempts(3));
static_assert(short_one.delays().band_of({.number = 2}).high == 2s);
static_assert(short_one.limits().check({.number = 4}) == bide::end::exhausted);
static_assert(decltype(short_one)::needs == bide::clock_need::none);
static_assert(std::is_copy_constructible_v<decltype(short_one)>);
static_assert(
    std::is_same_v<std::remove_cvref_t<decltype(short_one.judge())>, bide::default_classifier>);

constexpr auto timed = policy(exponential({}) | bide::full_jitter,
                              max_attempts(3) | max_elapsed(30s), {.try_timeout = 2s});
static_assert(decltype(timed)::needs == bide::clock_need::steady);
static_assert(timed.options().try_timeout.get() == 2s);
static_assert(timed.options().connect_timeout.get() == bide::defaults::connect_timeout);
static_assert(timed.options().max_hint.get() == bide::defaults::max_hint);
static_assert(timed.options().grace);

constexpr auto ruled =
    policy(exponential({}), max_attempts(3), bide::classify(bide::retry_if(is_negative)));
constexpr auto full = policy(exponential({}), max_attempts(3),
                             bide::classify(bide::retry_if(is_negative)), {.max_hint = 5s});
static_assert(full.options().max_hint.get() == 5s);

// The default is that of `bide/defaults.hpp`, with options if there are any.
static_assert(policy().options().grace);
static_assert(!policy({.grace = false}).options().grace);
static_assert(policy({.max_hint = 0s}).limits().check({.number = 5}) == bide::end::exhausted);

// A backoff that ends takes part in the limit, whichever is shorter.
constexpr auto stopping = sequence(1s, 2s, 5s).then_stop();
constexpr auto three_retries = policy(stopping, max_attempts(9));
static_assert(three_retries.limits().check({.number = 4}) == bide::end::done);
static_assert(three_retries.limits().check({.number = 5}) == bide::end::exhausted);
static_assert(decltype(three_retries)::needs == bide::clock_need::none);
constexpr auto two_attempts = policy(stopping | bide::full_jitter, max_attempts(2));
static_assert(two_attempts.limits().check({.number = 2}) == bide::end::done);
static_assert(two_attempts.limits().check({.number = 3}) == bide::end::exhausted);
constexpr auto going_on = policy(sequence(1s, 2s, 5s), max_attempts(9));
static_assert(going_on.limits().check({.number = 9}) == bide::end::done);
static_assert(going_on.limits().check({.number = 10}) == bide::end::exhausted);
static_assert(
    policy(bide::constant(1s) + stopping, max_elapsed(1h)).limits().check({.number = 5}) ==
    bide::end::exhausted);
static_assert(std::is_same_v<std::remove_cvref_t<decltype(short_one.limits())>, max_attempts>);

/// A backoff of a user's own with any number of delays.
struct counted {
    std::uint64_t delays;
    [[nodiscard]] static constexpr bide::band band_of(const bide::attempt&) noexcept {
        return {1s, 1s};
    }
    [[nodiscard]] constexpr std::uint64_t retries() const noexcept { return delays; }
};
constexpr auto highest = std::numeric_limits<std::uint64_t>::max();
static_assert(policy(counted{0}, max_attempts(9)).limits().check({.number = 1}) == bide::end::done);
static_assert(policy(counted{0}, max_attempts(9)).limits().check({.number = 2}) ==
              bide::end::exhausted);
static_assert(
    policy(counted{highest - 1}, max_attempts(highest)).limits().check({.number = highest}) ==
    bide::end::done);
static_assert(policy(counted{highest}, max_attempts(highest)).limits().check({.number = highest}) ==
              bide::end::done);

/// The waits of an operation that fails every time.
template <class Policy>
std::vector<bide::duration> waits_of(const Policy& p, bide::end ended) {
    bide::virtual_clock clock;
    const auto outcome = bide::retry(bide::with(clock, p),
                                     []() -> int { throw std::runtime_error{"connection reset"}; });
    CHECK(outcome.ended() == ended);
    CHECK(outcome.attempts() == clock.waits().size() + 1);
    return clock.waits();
}

}  // namespace

TEST_CASE("policy: an operation ends where its backoff does", "[retry][policy][sequence]") {
    using waits = std::vector<bide::duration>;
    const auto exhausted = bide::end::exhausted;
    CHECK(waits_of(three_retries, exhausted) == waits{1s, 2s, 5s});
    CHECK(waits_of(policy(stopping, max_attempts(3)), exhausted) == waits{1s, 2s});
    CHECK(waits_of(policy(stopping, max_elapsed(5s)), bide::end::out_of_time) == waits{1s, 2s});
    CHECK(waits_of(policy(stopping, max_elapsed(1h)), exhausted) == waits{1s, 2s, 5s});
    CHECK(waits_of(policy(sequence(1s, 2s), max_attempts(5)), exhausted) == waits{1s, 2s, 2s, 2s});
    CHECK(waits_of(policy(sequence(1s, 2s).then_stop() + stopping, max_attempts(9)), exhausted) ==
          waits{2s, 4s});
    CHECK(waits_of(policy(counted{0}, max_attempts(9)), exhausted).empty());
}

TEST_CASE("policy: a backoff of its own after throttled attempts", "[retry][policy]") {
    bide::virtual_clock clock;
    auto tries = 0;
    const auto outcome = bide::retry(
        bide::with(clock, policy(sequence(1s, 2s, 3s) | bide::when_throttled(sequence(10s, 20s)),
                                 max_attempts(5))),
        [&]() -> int {
            if (++tries % 2 == 0) throw bide::throttled(std::runtime_error{"too fast"}, 0s);
            throw std::runtime_error{"connection reset"};
        });
    CHECK(outcome.ended() == bide::end::exhausted);
    CHECK(clock.waits() == std::vector<bide::duration>{1s, 20s, 3s, 20s});
}

TEST_CASE("policy: judges by the classifier that it was given", "[retry][policy]") {
    CHECK(ruled.judge().of_result(-1).verdict == bide::verdict::transient);
    CHECK(ruled.judge().of_result(1).verdict == bide::verdict::success);
    CHECK(short_one.judge().of_result(-1).verdict == bide::verdict::success);
}

TEST_CASE("policy: rejects options that have no meaning", "[retry][policy][errors]") {
    struct row {
        policy_options options;
        const char* message;
    };
    const auto [options, message] = GENERATE(values<row>({
        {{.try_timeout = 0s}, "bide::policy: try_timeout must be > 0, got 0s"},
        {{.try_timeout = -1s}, "bide::policy: try_timeout must be > 0, got -1s"},
        {{.connect_timeout = 0s}, "bide::policy: connect_timeout must be > 0, got 0s"},
        {{.connect_timeout = -1ms}, "bide::policy: connect_timeout must be > 0, got -1ms"},
        {{.max_hint = -1ns}, "bide::policy: max_hint must be >= 0, got -1ns"},
    }));
    CHECK_THROWS_WITH(policy(options), message);
    CHECK_THROWS_AS(policy(options), std::invalid_argument);
    CHECK_THROWS_WITH(policy(exponential({}), max_attempts(1), options), message);
    CHECK_THROWS_WITH(policy(exponential({}), max_attempts(1), bide::default_classifier{}, options),
                      message);
}

TEST_CASE("policy: accepts the bounds of what it allows", "[retry][policy][errors]") {
    CHECK_NOTHROW(policy({.try_timeout = 1ns, .connect_timeout = 1ns, .max_hint = 0s}));
    CHECK_NOTHROW(policy({.try_timeout = std::chrono::hours::max(),
                          .connect_timeout = std::chrono::hours::max(),
                          .max_hint = std::chrono::hours::max()}));
}
