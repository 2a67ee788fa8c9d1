// SPDX-License-Identifier: MIT
#include <bide/retry/policy.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <stdexcept>
#include <type_traits>

using bide::exponential;
using bide::max_attempts;
using bide::max_elapsed;
using bide::policy;
using bide::policy_options;
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

}  // namespace

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
