// SPDX-License-Identifier: MIT
#include <bide/limit/max_elapsed.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <stdexcept>
#include <type_traits>

using bide::beginning;
using bide::duration;
using bide::end;
using bide::max_elapsed;
using bide::never;
using bide::time_point;
using namespace std::chrono_literals;

namespace {

constexpr beginning started{.steady = time_point{100s}};
constexpr auto longest = std::chrono::hours::max();

constexpr end at(const max_elapsed& limit, duration since_start) {
    return limit.check({.number = 2, .start = started, .at = started.steady + since_start});
}

constexpr max_elapsed ten_seconds({.total = 10s, .least_try = 2s});
static_assert(at(ten_seconds, 0s) == end::done);
static_assert(at(ten_seconds, 8s) == end::done);  // just enough is left
static_assert(at(ten_seconds, 8s + 1ns) == end::out_of_time);
static_assert(at(ten_seconds, 10s) == end::out_of_time);
static_assert(ten_seconds.latest(started) == time_point{110s});
static_assert(ten_seconds.last_start(started) == time_point{108s});

// Absent, `least_try` is 1 s, but at most half of the total.
static_assert(max_elapsed(30s).last_start(started) == time_point{129s});
static_assert(max_elapsed(2s).last_start(started) == time_point{101s});
static_assert(max_elapsed(1999ms).last_start(started) == time_point{100s} + 999500us);
static_assert(max_elapsed(1s).last_start(started) == time_point{100s} + 500ms);
static_assert(max_elapsed(1ns).last_start(started) == time_point{100s} + 1ns);
static_assert(max_elapsed({}).latest(started) == started.steady + bide::defaults::max_elapsed);
static_assert(max_elapsed({}).last_start(started) ==
              started.steady + bide::defaults::max_elapsed - bide::defaults::least_try);

// Any share of the total is possible, from nothing to all of it.
static_assert(max_elapsed({.total = 5s, .least_try = 0s}).last_start(started) == time_point{105s});
static_assert(max_elapsed({.total = 5s, .least_try = 5s}).last_start(started) == time_point{100s});
static_assert(at(max_elapsed({.total = 5s, .least_try = 5s}), 0s) == end::done);
static_assert(at(max_elapsed({.total = 5s, .least_try = 5s}), 1ns) == end::out_of_time);
static_assert(at(max_elapsed({.total = 5s, .least_try = 0s}), 5s) == end::done);
static_assert(at(max_elapsed({.total = 5s, .least_try = 0s}), 5s + 1ns) == end::out_of_time);

// As long as possible means no end at all.
static_assert(max_elapsed(longest).latest(started) == never);
static_assert(max_elapsed(longest).last_start(started) == never);
static_assert(max_elapsed(longest).check({.start = started, .at = never}) == end::done);

static_assert(max_elapsed::needs == bide::clock_need::steady);
static_assert(max_elapsed::lets_begin);
static_assert(!std::is_convertible_v<std::chrono::seconds, max_elapsed>);
static_assert(!std::is_convertible_v<max_elapsed::options, max_elapsed>);

}  // namespace

TEST_CASE("max_elapsed: rejects what has no meaning", "[limit][max_elapsed][errors]") {
    CHECK_THROWS_WITH(max_elapsed(0s), "bide::max_elapsed: total must be > 0, got 0s");
    CHECK_THROWS_WITH(max_elapsed(-1s), "bide::max_elapsed: total must be > 0, got -1s");
    CHECK_THROWS_WITH(max_elapsed(duration::min()),
                      "bide::max_elapsed: total must be > 0, got -9223372036.854s");
    CHECK_THROWS_WITH(max_elapsed({.total = 1s, .least_try = -1ns}),
                      "bide::max_elapsed: least_try must be from 0 to total, got -1ns");
    CHECK_THROWS_WITH(max_elapsed({.total = 1s, .least_try = 1001ms}),
                      "bide::max_elapsed: least_try must be from 0 to total, got 1.001s");
    CHECK_THROWS_AS(max_elapsed(0s), std::invalid_argument);
    CHECK_NOTHROW(max_elapsed(1ns));
}
