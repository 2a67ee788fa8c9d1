// SPDX-License-Identifier: MIT
#include <bide/limit/max_attempts.hpp>

#include "support/catch.hpp"

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>

using bide::end;
using bide::max_attempts;

namespace {

constexpr auto highest = std::numeric_limits<std::uint64_t>::max();

// Tries are counted, the first included: 3 attempts = 1 call + 2 retries.
static_assert(max_attempts(3).check({.number = 1}) == end::done);
static_assert(max_attempts(3).check({.number = 3}) == end::done);
static_assert(max_attempts(3).check({.number = 4}) == end::exhausted);
static_assert(max_attempts(1).check({.number = 1}) == end::done);
static_assert(max_attempts(1).check({.number = 2}) == end::exhausted);
static_assert(max_attempts(highest).check({.number = highest}) == end::done);
static_assert(max_attempts().check({.number = bide::defaults::max_attempts}) == end::done);
static_assert(max_attempts().check({.number = bide::defaults::max_attempts + 1}) == end::exhausted);

static_assert(max_attempts::needs == bide::clock_need::none);
static_assert(max_attempts::lets_begin);
static_assert(!std::is_convertible_v<std::uint64_t, max_attempts>);

}  // namespace

TEST_CASE("max_attempts: rejects zero", "[limit][max_attempts][errors]") {
    CHECK_THROWS_WITH(max_attempts(0), "bide::max_attempts: n must be >= 1, got 0");
    CHECK_THROWS_AS(max_attempts(0), std::invalid_argument);
    CHECK_NOTHROW(max_attempts(1));
}
