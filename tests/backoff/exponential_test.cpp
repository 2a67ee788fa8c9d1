// SPDX-License-Identifier: MIT
#include <bide/backoff/exponential.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

using bide::duration;
using bide::exponential;
using namespace std::chrono_literals;

static_assert(exponential({.base = 100ms, .cap = 1s}).band_of({.number = 3}).high == 400ms);
static_assert(exponential({.base = 1s, .factor = 3, .cap = 1h}).band_of({.number = 4}).low == 27s);
static_assert(exponential({}).band_of({.number = 1}).high == bide::defaults::base);
static_assert(exponential({}).band_of({.number = 2}).high == 2 * bide::defaults::base);
static_assert(exponential({}).band_of({.number = 1'000'000}).high == bide::defaults::cap);
static_assert(exponential({.cap = 7s}).cap() == 7s);
static_assert(noexcept(std::declval<const exponential&>().band_of({})));
static_assert(!std::is_convertible_v<exponential::options, exponential>);

namespace {

constexpr auto longest = std::chrono::hours::max();
constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr auto not_a_number = std::numeric_limits<double>::quiet_NaN();

constexpr std::uint64_t power_of_three(int exponent) {
    return exponent == 0 ? 1 : 3 * power_of_three(exponent - 1);
}

}  // namespace

TEST_CASE("exponential: grows from base and stops at cap", "[backoff][exponential]") {
    struct row {
        std::uint64_t number;
        double factor;
        duration expected;
    };
    const auto [number, factor, expected] = GENERATE(values<row>({
        {0, 2, 100ms},  // as 1
        {1, 2, 100ms},
        {2, 2, 200ms},
        {4, 2, 800ms},
        {5, 2, 1s},  // 1600 ms, capped
        {6, 2, 1s},
        {0, 1.5, 100ms},
        {1, 1.5, 100ms},
        {2, 1.5, 150ms},
        {3, 1.5, 225ms},
        {5, 1.5, 506250us},
        {7, 1.5, 1s},
        {2, 10, 1s},  // exactly cap
        {3, 10, 1s},
        {1, 1, 100ms},
        {1'000'000, 1, 100ms},
        {2, 1e300, 1s},
        {1, 1e300, 100ms},
    }));
    CAPTURE(number, factor);
    const exponential backoff({.base = 100ms, .factor = factor, .cap = 1s});
    CHECK(backoff.band_of({.number = number}) == bide::band{expected, expected});
}

TEST_CASE("exponential: a cap that is no power of the factor is met exactly",
          "[backoff][exponential]") {
    CHECK(exponential({.base = 100ms, .cap = 799ms}).band_of({.number = 4}).high == 799ms);
    CHECK(exponential({.base = 100ms, .cap = 800ms}).band_of({.number = 4}).high == 800ms);
    CHECK(exponential({.base = 100ms, .cap = 801ms}).band_of({.number = 4}).high == 800ms);
    const exponential by_three({.base = 100ms, .factor = 3, .cap = 2699ms});
    CHECK(by_three.band_of({.number = 4}).high == 2699ms);
}

// A shift or a cast that overflows: https://github.com/aws/aws-sdk-cpp/issues/1713,
// https://github.com/App-vNext/Polly/issues/2163
TEST_CASE("exponential: saturates for huge attempt numbers", "[backoff][exponential][limits]") {
    for (const auto factor : {1.0, 1.0000001, 1.5, 2.0, 2.5, 3.0, 1e10, 1e300}) {
        CAPTURE(factor);
        support::check_shape(exponential({.base = 1s, .factor = factor, .cap = 1h}), 1h);
        support::check_shape(exponential({.base = 1ns, .factor = factor, .cap = longest}),
                             duration::max());
        support::check_shape(exponential({.base = 1s, .factor = factor, .cap = 1s}), 1s);
        support::check_shape(exponential({.base = longest, .factor = factor, .cap = longest}),
                             duration::max());
    }
    const auto number = GENERATE(as<std::uint64_t>{}, 31, 32, 33, 63, 64, 65, 1025, UINT64_MAX);
    CAPTURE(number);
    CHECK(exponential({.base = 1s, .cap = 1h}).band_of({.number = number}).high == 1h);
    CHECK(exponential({.base = 1s, .factor = 1.5, .cap = 1h}).band_of({.number = number}).high ==
          1h);
}

TEST_CASE("exponential: doubling is exact up to the longest duration",
          "[backoff][exponential][limits]") {
    const exponential backoff({.base = 1ns, .cap = longest});
    for (std::uint64_t number = 1; number <= 63; ++number) {
        CAPTURE(number);
        CHECK(backoff.band_of({.number = number}).high.count() == std::int64_t{1} << (number - 1));
    }
    CHECK(backoff.band_of({.number = 64}).high == duration::max());
    CHECK(backoff.band_of({.number = 65}).high == duration::max());
}

TEST_CASE("exponential: another factor is exact while a double is",
          "[backoff][exponential][limits]") {
    const exponential backoff({.base = 1ns, .factor = 3, .cap = longest});
    for (auto exponent = 0; exponent <= 33; ++exponent) {
        CAPTURE(exponent);
        const auto number = static_cast<std::uint64_t>(exponent) + 1;
        CHECK(static_cast<std::uint64_t>(backoff.band_of({.number = number}).high.count()) ==
              power_of_three(exponent));
    }
}

TEST_CASE("exponential: a cap that no double can hold is not exceeded",
          "[backoff][exponential][limits]") {
    constexpr auto cap = duration{(std::int64_t{1} << 60) + 255};  // as a double it is 1 above
    const exponential backoff({.base = 1ns, .factor = 1.9999999999999998, .cap = cap});
    for (std::uint64_t number = 1; number < 100; ++number) {
        CAPTURE(number);
        CHECK(backoff.band_of({.number = number}).high <= cap);
    }
}

TEST_CASE("exponential: rejects what has no meaning", "[backoff][exponential][errors]") {
    struct row {
        exponential::options options;
        const char* message;
    };
    const auto [options, message] = GENERATE(values<row>({
        {{.base = 0s}, "bide::exponential: base must be > 0, got 0s"},
        {{.base = -1ns}, "bide::exponential: base must be > 0, got -1ns"},
        {{.base = -250ms}, "bide::exponential: base must be > 0, got -250ms"},
        {{.factor = 0.5}, "bide::exponential: factor must be finite and >= 1, got 0.5"},
        {{.factor = 0}, "bide::exponential: factor must be finite and >= 1, got 0"},
        {{.factor = -2}, "bide::exponential: factor must be finite and >= 1, got -2"},
        {{.factor = not_a_number}, "bide::exponential: factor must be finite and >= 1, got nan"},
        {{.factor = infinity}, "bide::exponential: factor must be finite and >= 1, got inf"},
        {{.factor = -infinity}, "bide::exponential: factor must be finite and >= 1, got -inf"},
        {{.base = 2s, .cap = 1s}, "bide::exponential: cap must be >= base, got 1s"},
        {{.base = 21s}, "bide::exponential: cap must be >= base, got 20s"},
        {{.cap = -1s}, "bide::exponential: cap must be >= base, got -1s"},
        {{.base = 2ms, .cap = 1999us}, "bide::exponential: cap must be >= base, got 1.999ms"},
    }));
    CHECK_THROWS_WITH(exponential(options), message);
    CHECK_THROWS_AS(exponential(options), std::invalid_argument);
}

TEST_CASE("exponential: accepts the bounds of what it allows", "[backoff][exponential][errors]") {
    CHECK_NOTHROW(exponential({.base = 1s, .cap = 1s}));
    CHECK_NOTHROW(exponential({.base = 1ns}));
    CHECK_NOTHROW(exponential({.factor = 1}));
    CHECK_NOTHROW(exponential({.factor = std::numeric_limits<double>::max()}));
    CHECK_NOTHROW(exponential({.base = longest, .cap = longest}));
}
