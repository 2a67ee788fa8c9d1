// SPDX-License-Identifier: MIT
#include <bide/time.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <stdexcept>
#include <string>
#include <type_traits>

using bide::duration;
using bide::never;
using bide::time_point;
using bide::timespan;
using bide::detail::saturating_add;
using bide::detail::saturating_sub;
using bide::detail::to_text;
using namespace std::chrono_literals;

namespace {

constexpr auto longest = duration::max();
constexpr auto shortest = duration::min();
using seconds_f = std::chrono::duration<double>;
using picoseconds = std::chrono::duration<std::int64_t, std::pico>;
template <class Rep, class Period>
constexpr duration of(std::chrono::duration<Rep, Period> d) {
    return timespan{d}.get();
}

// A parameter takes any duration, and nothing that is none.
static_assert(std::is_convertible_v<std::chrono::hours, timespan>);
static_assert(std::is_convertible_v<seconds_f, timespan>);
static_assert(std::is_convertible_v<timespan, duration>);
static_assert(!std::is_convertible_v<int, timespan>);
static_assert(!std::is_convertible_v<double, timespan>);
static_assert(!std::is_default_constructible_v<timespan>);
static_assert(std::is_trivially_copyable_v<timespan>);

static_assert(of(0s) == 0ns);
static_assert(of(2s) == 2'000'000'000ns);
static_assert(of(-2s) == -2s);
static_assert(of(0.5s) == 500ms);
static_assert(of(-0.5s) == -500ms);
static_assert(of(0.1s) == 100ms);
static_assert(of(1.5min) == 90s);
static_assert(of(seconds_f{0.25}) == 250ms);
static_assert(of(std::chrono::duration<float>{0.25F}) == 250ms);
static_assert(of(std::chrono::years{1}) == 31'556'952s);
static_assert(of(std::chrono::duration<std::int32_t, std::micro>{7}) == 7us);
static_assert(of(std::chrono::duration<std::int64_t, std::ratio<1, 3>>{3}) == 1s);

// Whole nanoseconds pass as they are, to the last one.
static_assert(of(longest) == longest);
static_assert(of(shortest) == shortest);
static_assert(of(longest - 1ns) == longest - 1ns);

// Fractions of a nanosecond are rounded up, because a wait may be longer than asked, never shorter.
static_assert(of(picoseconds{1}) == 1ns);
static_assert(of(picoseconds{1000}) == 1ns);
static_assert(of(picoseconds{1001}) == 2ns);
static_assert(of(picoseconds{-1}) == 0ns);
static_assert(of(picoseconds{-1999}) == -1ns);
static_assert(of(std::chrono::duration<double, std::nano>{0.25}) == 1ns);
static_assert(of(std::chrono::duration<double, std::nano>{2.0}) == 2ns);
static_assert(of(std::chrono::duration<std::int64_t, std::ratio<1, 3>>{1}) == 333'333'334ns);

// What does not fit is as long as possible.
static_assert(of(std::chrono::hours::max()) == longest);
static_assert(of(std::chrono::hours::min()) == shortest);
static_assert(of(std::chrono::milliseconds::max()) == longest);
static_assert(of(9223372036s) == 9223372036s);
static_assert(of(9223372037s) == longest);
static_assert(of(-9223372036s) == -9223372036s);
static_assert(of(-9223372037s) == shortest);
static_assert(of(std::chrono::duration<std::uint64_t>{std::numeric_limits<std::uint64_t>::max()}) ==
              longest);
static_assert(of(std::chrono::duration<std::uint64_t, std::nano>{
                  std::numeric_limits<std::uint64_t>::max()}) == longest);
static_assert(of(seconds_f{1e300}) == longest);
static_assert(of(seconds_f{-1e300}) == shortest);
static_assert(of(seconds_f{std::numeric_limits<double>::infinity()}) == longest);
static_assert(of(seconds_f{-std::numeric_limits<double>::infinity()}) == shortest);
static_assert(of(std::chrono::duration<double, std::nano>{9223372036854775807.0}) == longest);
static_assert(of(std::chrono::duration<double, std::nano>{9223372036854774784.0}) ==
              duration{9223372036854774784});

static_assert(saturating_add(1s, 2s) == 3s);
static_assert(saturating_add(1s, -2s) == -1s);
static_assert(saturating_add(longest, 0s) == longest);
static_assert(saturating_add(longest, 1ns) == longest);
static_assert(saturating_add(longest - 1ns, 1ns) == longest);
static_assert(saturating_add(longest, longest) == longest);
static_assert(saturating_add(shortest, 0s) == shortest);
static_assert(saturating_add(shortest, -1ns) == shortest);
static_assert(saturating_add(shortest + 1ns, -1ns) == shortest);
static_assert(saturating_add(shortest, shortest) == shortest);
static_assert(saturating_add(longest, shortest) == -1ns);
static_assert(saturating_add(shortest, longest) == -1ns);
static_assert(saturating_add(never, 1s) == never);
static_assert(saturating_add(time_point{5s}, 1s) == time_point{6s});

static_assert(saturating_sub(time_point{5s}, time_point{2s}) == 3s);
static_assert(saturating_sub(time_point{2s}, time_point{5s}) == -3s);
static_assert(saturating_sub(never, time_point{5s}) == longest);
static_assert(saturating_sub(never, never) == longest);
static_assert(saturating_sub(time_point{1s}, time_point::min()) == longest);
static_assert(saturating_sub(time_point{}, time_point::min()) == longest);
static_assert(saturating_sub(time_point::min(), time_point{1s}) == shortest);
static_assert(saturating_sub(time_point{-2s}, never) == shortest);

static_assert(std::is_same_v<time_point::clock, std::chrono::steady_clock>);
static_assert(std::is_same_v<bide::wall_time::clock, std::chrono::system_clock>);

}  // namespace

TEST_CASE("timespan: NaN is refused", "[time][timespan][errors]") {
    const auto nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH(timespan{seconds_f{nan}}, "bide::timespan: value must be a number, got nan");
    CHECK_THROWS_AS(timespan{seconds_f{nan}}, std::invalid_argument);
    CHECK_THROWS_AS(timespan{std::chrono::duration<float>{static_cast<float>(nan)}},
                    std::invalid_argument);
    CHECK_THROWS_AS(timespan{std::chrono::duration<long double>{static_cast<long double>(nan)}},
                    std::invalid_argument);
}

TEST_CASE("to_text: a duration in the largest unit that leaves a whole part", "[time][to_text]") {
    struct row {
        duration value;
        const char* text;
    };
    const auto [value, text] = GENERATE(values<row>({
        {0s, "0s"},
        {1ns, "1ns"},
        {999ns, "999ns"},
        {1us, "1us"},
        {1500ns, "1.5us"},
        {999'999ns, "999.999us"},
        {1ms, "1ms"},
        {250ms, "250ms"},
        {999'999'999ns, "999.999ms"},  // cut, never rounded up to another unit
        {1s, "1s"},
        {1s + 500ms, "1.5s"},
        {1s + 1ms, "1.001s"},
        {1s + 1us, "1s"},
        {10s, "10s"},
        {100s, "100s"},
        {24h, "86400s"},
        {-1ns, "-1ns"},
        {-1500ms, "-1.5s"},
        {duration::max(), "9223372036.854s"},
        {duration::min(), "-9223372036.854s"},
    }));
    CHECK(to_text(value) == text);
}

TEST_CASE("to_text: a number without trailing zeros", "[time][to_text]") {
    struct row {
        double value;
        const char* text;
    };
    const auto [value, text] = GENERATE(values<row>({
        {0, "0"},
        {1, "1"},
        {-2, "-2"},
        {0.5, "0.5"},
        {0.125, "0.125"},
        {0.0625, "0.062"},
        {10, "10"},
        {1e6, "1000000"},
        {-0.25, "-0.25"},
        {std::numeric_limits<double>::infinity(), "inf"},
        {-std::numeric_limits<double>::infinity(), "-inf"},
        {std::numeric_limits<double>::quiet_NaN(), "nan"},
    }));
    CHECK(to_text(value) == text);
    CHECK(to_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}
