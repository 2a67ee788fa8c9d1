// SPDX-License-Identifier: MIT
#include <bide/backoff/fibonacci.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <type_traits>
#include <utility>

using bide::duration;
using bide::fibonacci;
using namespace std::chrono_literals;

static_assert(fibonacci({.base = 1s}).band_of({.number = 6}).high == 8s);
static_assert(fibonacci({}).band_of({.number = 1}).high == bide::defaults::base);
static_assert(fibonacci({}).band_of({.number = 1'000'000'000}).high == bide::defaults::cap);
static_assert(fibonacci({.cap = 7s}).cap() == 7s);
static_assert(noexcept(std::declval<const fibonacci&>().band_of({})));
static_assert(!std::is_convertible_v<fibonacci::options, fibonacci>);

namespace {

constexpr auto longest = std::chrono::hours::max();

}  // namespace

TEST_CASE("fibonacci: each delay is the sum of the two before", "[backoff][fibonacci]") {
    struct row {
        std::uint64_t number;
        duration expected;
    };
    const auto [number, expected] = GENERATE(values<row>({
        {0, 1s},  // as 1
        {1, 1s},
        {2, 1s},
        {3, 2s},
        {4, 3s},
        {5, 5s},
        {6, 8s},
        {7, 13s},
        {8, 21s},
        {9, 34s},
        {10, 55s},
        {11, 60s},  // 89 s, capped
        {12, 60s},
        {13, 60s},
        {1'000'000'000, 60s},
    }));
    CAPTURE(number);
    const fibonacci backoff({.base = 1s, .cap = 60s});
    CHECK(backoff.band_of({.number = number}) == bide::band{expected, expected});
}

TEST_CASE("fibonacci: a cap that is a member is met", "[backoff][fibonacci]") {
    const fibonacci backoff({.base = 1s, .cap = 5s});
    CHECK(backoff.band_of({.number = 4}).high == 3s);
    CHECK(backoff.band_of({.number = 5}).high == 5s);
    CHECK(backoff.band_of({.number = 6}).high == 5s);
}

TEST_CASE("fibonacci: saturates for huge attempt numbers", "[backoff][fibonacci][limits]") {
    support::check_shape(fibonacci({.base = 1s, .cap = 1h}), 1h);
    support::check_shape(fibonacci({.base = 1s, .cap = 1s}), 1s);
    support::check_shape(fibonacci({.base = 1ns, .cap = longest}), duration::max());
    support::check_shape(fibonacci({.base = longest, .cap = longest}), duration::max());
    // The 92nd member is the last below 2^63.
    const fibonacci backoff({.base = 1ns, .cap = longest});
    CHECK(backoff.band_of({.number = 92}).high == duration{7540113804746346429});
    CHECK(backoff.band_of({.number = 93}).high == duration::max());
    CHECK(backoff.band_of({.number = 94}).high == duration::max());
}

TEST_CASE("fibonacci: rejects what has no meaning", "[backoff][fibonacci][errors]") {
    CHECK_THROWS_WITH(fibonacci({.base = 0s}), "bide::fibonacci: base must be > 0, got 0s");
    CHECK_THROWS_WITH(fibonacci({.base = -2us}), "bide::fibonacci: base must be > 0, got -2us");
    CHECK_THROWS_WITH(fibonacci({.base = 2s, .cap = 1s}),
                      "bide::fibonacci: cap must be >= base, got 1s");
    CHECK_THROWS_AS(fibonacci({.base = 0s}), std::invalid_argument);
    CHECK_NOTHROW(fibonacci({.base = 1s, .cap = 1s}));
}
