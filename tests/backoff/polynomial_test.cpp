// SPDX-License-Identifier: MIT
#include <bide/backoff/polynomial.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

using bide::duration;
using bide::polynomial;
using namespace std::chrono_literals;

static_assert(polynomial({.base = 1s}).band_of({.number = 3}).high == 9s);
static_assert(polynomial({.base = 1s, .degree = 3}).band_of({.number = 2}).low == 8s);
static_assert(polynomial({}).band_of({.number = 1}).high == bide::defaults::base);
static_assert(polynomial({}).band_of({.number = 2}).high == 4 * bide::defaults::base);
static_assert(polynomial({}).band_of({.number = 1'000'000}).high == bide::defaults::cap);
static_assert(polynomial({.cap = 7s}).cap() == 7s);
static_assert(noexcept(std::declval<const polynomial&>().band_of({})));
static_assert(!std::is_convertible_v<polynomial::options, polynomial>);

namespace {

constexpr auto longest = std::chrono::hours::max();
constexpr auto highest_degree = std::numeric_limits<std::uint32_t>::max();

}  // namespace

TEST_CASE("polynomial: grows with a power of the attempt and stops at cap",
          "[backoff][polynomial]") {
    struct row {
        std::uint64_t number;
        std::uint32_t degree;
        duration expected;
    };
    const auto [number, degree, expected] = GENERATE(values<row>({
        {0, 1, 100ms},  // as 1
        {1, 1, 100ms},
        {2, 1, 200ms},
        {9, 1, 900ms},
        {10, 1, 1s},  // exactly cap
        {11, 1, 1s},
        {0, 2, 100ms},
        {1, 2, 100ms},
        {2, 2, 400ms},
        {3, 2, 900ms},
        {4, 2, 1s},  // 1600 ms, capped
        {1, 3, 100ms},
        {2, 3, 800ms},
        {3, 3, 1s},
        {1, highest_degree, 100ms},
        {2, highest_degree, 1s},
    }));
    CAPTURE(number, degree);
    const polynomial backoff({.base = 100ms, .degree = degree, .cap = 1s});
    CHECK(backoff.band_of({.number = number}) == bide::band{expected, expected});
}

TEST_CASE("polynomial: a cap near a member is met exactly", "[backoff][polynomial]") {
    CHECK(polynomial({.base = 100ms, .cap = 899ms}).band_of({.number = 3}).high == 899ms);
    CHECK(polynomial({.base = 100ms, .cap = 900ms}).band_of({.number = 3}).high == 900ms);
    CHECK(polynomial({.base = 100ms, .cap = 901ms}).band_of({.number = 3}).high == 900ms);
}

TEST_CASE("polynomial: saturates for huge attempt numbers", "[backoff][polynomial][limits]") {
    for (const std::uint32_t degree : {1U, 2U, 3U, 31U, 62U, 63U, 64U, highest_degree}) {
        CAPTURE(degree);
        support::check_shape(polynomial({.base = 1s, .degree = degree, .cap = 1h}), 1h);
        support::check_shape(polynomial({.base = 1s, .degree = degree, .cap = 1s}), 1s);
        support::check_shape(polynomial({.base = 1ns, .degree = degree, .cap = longest}),
                             duration::max());
        support::check_shape(polynomial({.base = longest, .degree = degree, .cap = longest}),
                             duration::max());
    }
}

TEST_CASE("polynomial: is exact up to the longest duration", "[backoff][polynomial][limits]") {
    const polynomial squares({.base = 1ns, .cap = longest});
    // The square of 3037000499 is the last below 2^63.
    CHECK(squares.band_of({.number = 3037000499}).high == duration{9223372030926249001});
    CHECK(squares.band_of({.number = 3037000500}).high == duration::max());
    const polynomial by_62({.base = 1ns, .degree = 62, .cap = longest});
    CHECK(by_62.band_of({.number = 2}).high == duration{std::int64_t{1} << 62});
    CHECK(by_62.band_of({.number = 3}).high == duration::max());
    const polynomial by_63({.base = 1ns, .degree = 63, .cap = longest});
    CHECK(by_63.band_of({.number = 2}).high == duration::max());
    const polynomial straight({.base = 1ns, .degree = 1, .cap = longest});
    CHECK(straight.band_of({.number = (1ULL << 63) - 2}).high == duration::max() - 1ns);
    CHECK(straight.band_of({.number = 1ULL << 63}).high == duration::max());
}

TEST_CASE("polynomial: rejects what has no meaning", "[backoff][polynomial][errors]") {
    CHECK_THROWS_WITH(polynomial({.base = 0s}), "bide::polynomial: base must be > 0, got 0s");
    CHECK_THROWS_WITH(polynomial({.base = -1ms}), "bide::polynomial: base must be > 0, got -1ms");
    CHECK_THROWS_WITH(polynomial({.degree = 0}), "bide::polynomial: degree must be >= 1, got 0");
    CHECK_THROWS_WITH(polynomial({.base = 2s, .cap = 1s}),
                      "bide::polynomial: cap must be >= base, got 1s");
    CHECK_THROWS_WITH(polynomial({.base = 21s}), "bide::polynomial: cap must be >= base, got 20s");
    CHECK_THROWS_AS(polynomial({.degree = 0}), std::invalid_argument);
    CHECK_NOTHROW(polynomial({.base = 1s, .degree = 1, .cap = 1s}));
    CHECK_NOTHROW(polynomial({.base = 1ns, .degree = highest_degree}));
}
