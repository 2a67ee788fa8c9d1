// SPDX-License-Identifier: MIT
#include <bide/limit/deadline.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <stdexcept>
#include <type_traits>

using bide::beginning;
using bide::clock_need;
using bide::deadline;
using bide::duration;
using bide::end;
using bide::never;
using bide::time_point;
using bide::wall_time;
using std::chrono::steady_clock;
using std::chrono::system_clock;
using namespace std::chrono_literals;

namespace {

// The operation began at 100 s on the steady and at 5000 s on the wall clock.
constexpr beginning started{.steady = time_point{100s}, .wall = wall_time{5000s}};

constexpr end at(const auto& limit, duration steady) {
    return limit.check({.number = 2, .start = started, .at = time_point{steady}});
}

constexpr deadline steady(time_point{110s}, 2s);
static_assert(at(steady, 100s) == end::done);
static_assert(at(steady, 108s) == end::done);
static_assert(at(steady, 108s + 1ns) == end::out_of_time);
static_assert(steady.latest(started) == time_point{110s});
static_assert(steady.last_start(started) == time_point{108s});

constexpr deadline wall(wall_time{5010s}, 2s);
static_assert(at(wall, 100s) == end::done);
static_assert(at(wall, 108s) == end::done);
static_assert(at(wall, 108s + 1ns) == end::out_of_time);
static_assert(wall.latest(started) == time_point{110s});
static_assert(wall.last_start(started) == time_point{108s});

static_assert(deadline(time_point{110s}).last_start(started) ==
              time_point{110s} - bide::defaults::least_try);
static_assert(deadline(time_point{110s}, 0s).last_start(started) == time_point{110s});

// One that has passed allows no try, the first included.
static_assert(at(deadline(time_point{99s}, 0s), 100s) == end::out_of_time);
static_assert(at(deadline(time_point{100s}, 0s), 100s) == end::done);
static_assert(at(deadline(time_point{100s + 999ms}), 100s) == end::out_of_time);
static_assert(at(deadline(wall_time{4999s}, 0s), 100s) == end::out_of_time);
static_assert(at(deadline(wall_time{5000s}, 0s), 100s) == end::done);
static_assert(at(deadline(wall_time{}), 100s) == end::out_of_time);

// The ends of time.
static_assert(deadline(time_point::max()).latest(started) == never);
static_assert(deadline(time_point::max()).last_start(started) == never);
static_assert(deadline(wall_time::max()).latest(started) == never);
static_assert(deadline(wall_time::max()).last_start(started) == never);
static_assert(deadline(time_point::max(), 24h).check({.start = started, .at = never}) == end::done);
static_assert(at(deadline(time_point::min()), 100s) == end::out_of_time);
static_assert(at(deadline(wall_time::min()), 100s) == end::out_of_time);
static_assert(at(deadline(time_point{110s}, std::chrono::hours::max()), 100s) == end::out_of_time);

// Time points of any unit; what does not fit is as late as possible.
using wall_seconds = std::chrono::time_point<system_clock, std::chrono::seconds>;
using wall_hours = std::chrono::time_point<system_clock, std::chrono::hours>;
static_assert(deadline(wall_seconds{5010s}, 2s).last_start(started) == time_point{108s});
static_assert(deadline(wall_hours::max()).latest(started) == never);
static_assert(std::is_same_v<decltype(deadline(wall_hours{})), deadline<system_clock>>);
static_assert(std::is_same_v<decltype(deadline(time_point{}, 1s)), deadline<steady_clock>>);
static_assert(
    std::is_same_v<decltype(deadline(steady_clock::time_point{})), deadline<steady_clock>>);
static_assert(
    std::is_same_v<decltype(deadline(system_clock::time_point{})), deadline<system_clock>>);

static_assert(deadline<steady_clock>::needs == clock_need::steady);
static_assert(deadline<system_clock>::needs == clock_need::wall);
static_assert(!bide::detail::lets_begin<deadline<steady_clock>>);
static_assert(!std::is_convertible_v<time_point, deadline<steady_clock>>);

}  // namespace

TEST_CASE("deadline: rejects a negative least_try", "[limit][deadline][errors]") {
    CHECK_THROWS_WITH(deadline(time_point{}, -1s),
                      "bide::deadline: least_try must be >= 0, got -1s");
    CHECK_THROWS_WITH(deadline(wall_time{}, -1ns),
                      "bide::deadline: least_try must be >= 0, got -1ns");
    CHECK_THROWS_AS(deadline(time_point{}, -1s), std::invalid_argument);
    CHECK_NOTHROW(deadline(time_point{}, 0s));
}
