// SPDX-License-Identifier: MIT
#include <bide/backoff/sequence.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <bide/backoff/jitter.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

using bide::duration;
using bide::sequence;
using namespace std::chrono_literals;

namespace {

constexpr auto highest = std::numeric_limits<std::uint64_t>::max();
constexpr sequence listed(100ms, 1s, 0.25s);

static_assert(listed.band_of({.number = 2}).high == 1s);
static_assert(listed.retries() == highest);
static_assert(listed.then_stop().retries() == 3);
static_assert(sequence(0s).band_of({}).high == 0s);
static_assert(std::is_same_v<decltype(listed), const sequence<3>>);
static_assert(
    std::is_same_v<decltype(sequence(listed)), sequence<3>>);  // a copy, not a list of one
static_assert(bide::backoff<sequence<3>>);
static_assert(noexcept(listed.band_of({})));
static_assert(!std::is_convertible_v<std::chrono::seconds, sequence<1>>);
static_assert(!std::is_constructible_v<sequence<2>, std::chrono::seconds>);
static_assert(!std::is_constructible_v<sequence<1>, int>);
static_assert((listed.then_stop() | bide::full_jitter).retries() == 3);

}  // namespace

TEST_CASE("sequence: the delays as listed, then the last one", "[backoff][sequence]") {
    struct row {
        std::uint64_t number;
        duration expected;
    };
    const auto [number, expected] = GENERATE(values<row>({
        {0, 100ms},  // as 1
        {1, 100ms},
        {2, 1s},
        {3, 250ms},
        {4, 250ms},
        {5, 250ms},
        {1'000'000'000, 250ms},
        {std::numeric_limits<std::uint64_t>::max(), 250ms},
    }));
    CAPTURE(number);
    CHECK(listed.band_of({.number = number}) == bide::band{expected, expected});
    CHECK(listed.then_stop().band_of({.number = number}) == bide::band{expected, expected});
}

TEST_CASE("sequence: then_stop leaves the original as it was", "[backoff][sequence]") {
    const sequence two(1s, 2s);
    const auto ended = two.then_stop();
    CHECK(ended.retries() == 2);
    CHECK(two.retries() == highest);
    CHECK(ended.then_stop().retries() == 2);
}

TEST_CASE("sequence: answers for every attempt number", "[backoff][sequence][limits]") {
    support::check_shape(sequence(1s), 1s);
    support::check_shape(sequence(0s, 1ns, 1s, std::chrono::hours::max()), duration::max());
    support::check_bands(sequence(2s, 1s), 2s);
    support::check_bands(sequence(1s, 0s).then_stop(), 1s);
    support::check_bands(listed | bide::full_jitter, 1s);
}

TEST_CASE("sequence: rejects a negative delay wherever it stands", "[backoff][sequence][errors]") {
    CHECK_THROWS_WITH(sequence(-1ns), "bide::sequence: delay must be >= 0, got -1ns");
    CHECK_THROWS_WITH(sequence(-250ms, 1s), "bide::sequence: delay must be >= 0, got -250ms");
    CHECK_THROWS_WITH(sequence(1s, -2s, 1s), "bide::sequence: delay must be >= 0, got -2s");
    CHECK_THROWS_WITH(sequence(1s, 1s, -1.5s), "bide::sequence: delay must be >= 0, got -1.5s");
    CHECK_THROWS_AS(sequence(1s, -1s), std::invalid_argument);
    CHECK_NOTHROW(sequence(0s, 0s));
}
