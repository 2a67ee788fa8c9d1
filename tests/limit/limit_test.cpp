// SPDX-License-Identifier: MIT
#include <bide/limit/limit.hpp>

#include "support/catch.hpp"

#include <bide/limit/deadline.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>

#include <chrono>
#include <type_traits>
#include <utility>

using bide::beginning;
using bide::clock_need;
using bide::deadline;
using bide::end;
using bide::max_attempts;
using bide::max_elapsed;
using bide::never;
using bide::next_try;
using bide::time_point;
using bide::wall_time;
using namespace std::chrono_literals;

namespace {

/// A limit of a user's own without any optional member: no second try after a throttled one.
struct not_when_throttled {
    [[nodiscard]] static constexpr end check(const next_try& t) noexcept {
        const auto stop = t.because != nullptr && t.because->verdict == bide::verdict::throttled;
        return stop ? end::permanent : end::done;
    }
};
static_assert(bide::limit<not_when_throttled>);
static_assert(bide::detail::check_limit<not_when_throttled>());
static_assert(bide::detail::need_of<not_when_throttled>() == clock_need::steady);
static_assert(!bide::detail::lets_begin<not_when_throttled>);
static_assert(bide::detail::latest_of(not_when_throttled{}, {}) == never);
static_assert(bide::detail::last_start_of(not_when_throttled{}, {}) == never);

/// One of time that leaves `last_start` away: the latest instant is the last start.
struct until_nine {
    static constexpr auto needs = clock_need::none;
    [[nodiscard]] static constexpr end check(const next_try& t) noexcept {
        return t.at <= time_point{9s} ? end::done : end::out_of_time;
    }
    [[nodiscard]] static constexpr time_point latest(const beginning&) noexcept {
        return time_point{9s};
    }
};
static_assert(bide::detail::last_start_of(until_nine{}, {}) == time_point{9s});

struct may_throw {
    [[nodiscard]] static end check(const next_try&) { return end::done; }
};
struct says_yes_or_no {
    [[nodiscard]] static bool check(const next_try&) noexcept { return true; }
};
static_assert(!bide::limit<may_throw>);
static_assert(!bide::limit<says_yes_or_no>);
static_assert(!bide::limit<int>);

// Whichever stops first.
constexpr auto both = max_attempts(3) | max_elapsed({.total = 10s, .least_try = 2s});
static_assert(both.check({.number = 3, .at = time_point{8s}}) == end::done);
static_assert(both.check({.number = 4, .at = time_point{8s}}) == end::exhausted);
static_assert(both.check({.number = 3, .at = time_point{9s}}) == end::out_of_time);

// If both object to the same try, the left one is the reason.
static_assert(both.check({.number = 4, .at = time_point{9s}}) == end::exhausted);
constexpr auto swapped = max_elapsed({.total = 10s, .least_try = 2s}) | max_attempts(3);
static_assert(swapped.check({.number = 4, .at = time_point{9s}}) == end::out_of_time);
static_assert(swapped.check({.number = 4, .at = time_point{8s}}) == end::exhausted);

// The earlier end counts, wherever it stands; without one there is none.
static_assert(both.latest({}) == time_point{10s});
static_assert(both.last_start({}) == time_point{8s});
static_assert(swapped.latest({}) == time_point{10s});
static_assert(swapped.last_start({}) == time_point{8s});
constexpr auto two_ends =
    max_elapsed({.total = 10s, .least_try = 5s}) | deadline(time_point{8s}, 1s);
static_assert(two_ends.latest({}) == time_point{8s});
static_assert(two_ends.last_start({}) == time_point{5s});
static_assert((max_attempts(1) | max_attempts(2)).latest({}) == never);
static_assert((max_attempts(1) | max_attempts(2)).last_start({}) == never);

// The clock that is asked for is the one that the more demanding limit needs.
static_assert(decltype(max_attempts(1) | max_attempts(2))::needs == clock_need::none);
static_assert(decltype(max_attempts(1) | max_elapsed(1s))::needs == clock_need::steady);
static_assert(decltype(max_elapsed(1s) | max_attempts(1))::needs == clock_need::steady);
static_assert(decltype(max_elapsed(1s) | deadline(wall_time{}))::needs == clock_need::wall);
static_assert(decltype(deadline(wall_time{}) | max_elapsed(1s))::needs == clock_need::wall);
static_assert(decltype(max_attempts(1) | not_when_throttled{})::needs == clock_need::steady);
static_assert(decltype(max_attempts(1) | until_nine{})::needs == clock_need::none);

static_assert(bide::detail::lets_begin<decltype(max_attempts(1) | max_elapsed(1s))>);
static_assert(!bide::detail::lets_begin<decltype(max_attempts(1) | deadline(time_point{}))>);
static_assert(!bide::detail::lets_begin<decltype(deadline(time_point{}) | max_attempts(1))>);

// Three and more.
constexpr auto three = max_attempts(3) | not_when_throttled{} | max_elapsed(10s);
constexpr bide::finding throttled{.verdict = bide::verdict::throttled};
static_assert(bide::limit<std::remove_const_t<decltype(three)>>);
static_assert(three.check({.number = 2, .because = &throttled}) == end::permanent);
static_assert(three.check({.number = 4, .because = &throttled}) == end::exhausted);
static_assert(three.check({.number = 2, .at = time_point{11s}}) == end::out_of_time);
static_assert(three.check({.number = 2}) == end::done);
static_assert(noexcept(three.check(std::declval<const next_try&>())));
static_assert(noexcept(three.latest(std::declval<const beginning&>())));

}  // namespace

TEST_CASE("limit: the same answers at run time", "[limit][either]") {
    const next_try late{.number = 4, .at = time_point{9s}};
    CHECK(both.check(late) == end::exhausted);
    CHECK(swapped.check(late) == end::out_of_time);
}
