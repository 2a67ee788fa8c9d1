// SPDX-License-Identifier: MIT
#include <bide/backoff/any_backoff.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

using namespace std::chrono_literals;
using bide::any_backoff;
using bide::band;

static_assert(bide::backoff<any_backoff>);
static_assert(std::is_nothrow_copy_constructible_v<any_backoff>);
static_assert(std::is_nothrow_copy_assignable_v<any_backoff>);
static_assert(std::is_nothrow_move_constructible_v<any_backoff>);
static_assert(!std::is_constructible_v<any_backoff, int>);
static_assert(!std::is_constructible_v<any_backoff, bide::max_attempts>);

namespace {

constexpr auto longest = bide::duration::max();

/// A backoff that can be made from any other, as adapters may be.
class adapter {
public:
    explicit adapter(any_backoff inner) : inner_{std::move(inner)} {}
    [[nodiscard]] band band_of(const bide::attempt& a) const noexcept { return inner_.band_of(a); }

private:
    any_backoff inner_;
};
static_assert(bide::backoff<adapter>);

}  // namespace

TEST_CASE("any_backoff: answers what the held backoff answers", "[backoff][any_backoff]") {
    const auto held = bide::exponential({.base = 100ms, .cap = 1s}) |
                      bide::when_throttled(bide::linear({.base = 2s})) | bide::equal_jitter;
    const any_backoff any = held;
    for (const auto number : {1U, 2U, 3U, 100U})
        for (const auto because : {bide::verdict::transient, bide::verdict::throttled}) {
            const bide::attempt a{.number = number, .because = because};
            CHECK(any.band_of(a) == held.band_of(a));
        }
    CHECK(any.cap({}) == held.cap({}));
    const any_backoff decorrelated = bide::exponential({}) | bide::decorrelated_jitter;
    CHECK(decorrelated.band_of({.number = 2, .previous = 2s}) == band{500ms, 6s});
}

TEST_CASE("any_backoff: without cap or end it has none", "[backoff][any_backoff]") {
    const any_backoff any = bide::constant(1s);
    CHECK(any.cap({}) == longest);
    CHECK(any.retries() == UINT64_MAX);
}

TEST_CASE("any_backoff: tells where the held backoff ends", "[backoff][any_backoff]") {
    const any_backoff any = bide::sequence(1s, 2s).then_stop();
    CHECK(any.retries() == 2);
    const auto policy = bide::policy(any, bide::max_attempts(9));
    CHECK(policy.limits().check({.number = 3}) == bide::end::done);
    CHECK(policy.limits().check({.number = 4}) == bide::end::exhausted);
}

TEST_CASE("any_backoff: is chosen at run time", "[backoff][any_backoff]") {
    const auto choose = [](bool patient) {
        return patient ? any_backoff{bide::linear({.base = 5s})} : any_backoff{bide::constant(1s)};
    };
    auto any = choose(true);
    CHECK(any.band_of({}) == band{5s, 5s});
    any = choose(false);
    CHECK(any.band_of({}) == band{1s, 1s});
}

TEST_CASE("any_backoff: copies outlive each other, and what was moved from still answers",
          "[backoff][any_backoff]") {
    any_backoff first = bide::constant(1s);
    auto second = first;
    first = bide::constant(2s);
    CHECK(second.band_of({}) == band{1s, 1s});
    const auto third = std::move(second);
    CHECK(third.band_of({}) == band{1s, 1s});
    CHECK(second.band_of({}) == band{1s, 1s});  // NOLINT(bugprone-use-after-move): the promise
}

TEST_CASE("any_backoff: takes adapters, and is taken by them", "[backoff][any_backoff]") {
    const any_backoff plain = bide::exponential({.base = 1s, .cap = 4s});
    const any_backoff spread = plain | bide::proportional_jitter(0.5);
    CHECK(spread.band_of({.number = 3}) == band{2s, 4s});  // 6 s would exceed the cap
    const any_backoff sum = (plain + spread) | bide::at_least(3s);
    CHECK(sum.band_of({.number = 1}) == band{3s, 3s});
    CHECK(sum.band_of({.number = 2}) == band{3s, 5s});
    CHECK(sum.cap({}) == 8s);
    const any_backoff nested = any_backoff{adapter{plain}};
    CHECK(nested.band_of({.number = 2}) == band{2s, 2s});
}
