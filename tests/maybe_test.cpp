// SPDX-License-Identifier: MIT
#include <bide/maybe.hpp>

#include "support/catch.hpp"

#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <type_traits>

using bide::duration;
using bide::maybe;
using bide::timespan;
using namespace std::chrono_literals;

namespace {

static_assert(!maybe<int>{}.has_value());
static_assert(!maybe<int>{});
static_assert(maybe<int>{0}.has_value());
static_assert(maybe<int>{0});  // zero is a value
static_assert(*maybe<int>{7} == 7);
static_assert(maybe<int>{7}.value_or(1) == 7);
static_assert(maybe<int>{}.value_or(1) == 1);
static_assert(maybe<duration>{2s} -> count() == 2'000'000'000);

static_assert(maybe<int>{} == maybe<int>{});
static_assert(maybe<int>{1} == maybe<int>{1});
static_assert(maybe<int>{1} != maybe<int>{2});
static_assert(maybe<int>{} != maybe<int>{0});
static_assert(maybe<int>{0} != maybe<int>{});
static_assert(maybe<int>{3} == 3);

static_assert(std::is_trivially_copyable_v<maybe<duration>>);
static_assert(!std::is_convertible_v<maybe<int>, bool>);  // explicit
static_assert(!std::is_convertible_v<std::string, maybe<int>>);

constexpr maybe<int> copy_of(maybe<int> m) { return m; }
static_assert(copy_of(5) == maybe<int>{5});
static_assert(!copy_of({}));

constexpr maybe<int> assigned() {
    maybe<int> m{1};
    m = maybe<int>{};
    m = 4;
    return m;
}
static_assert(*assigned() == 4);

// One conversion further: what a field of options is written with.
constexpr maybe<timespan> step = 100ms;
static_assert(step->get() == 100ms);

}  // namespace

TEST_CASE("maybe: converts from and to std::optional", "[maybe]") {
    const std::optional<int> five = 5;
    const std::optional<int> none;
    CHECK(maybe<int>{five} == maybe<int>{5});
    CHECK_FALSE(maybe<int>{none}.has_value());

    const std::optional<int> back = maybe<int>{5};
    CHECK(back == five);
    const std::optional<int> nothing = maybe<int>{};
    CHECK(nothing == std::nullopt);

    std::optional<bide::end> word = maybe<bide::end>{bide::end::done};
    CHECK(word == bide::end::done);
    word = maybe<bide::end>{};
    CHECK_FALSE(word.has_value());
}
