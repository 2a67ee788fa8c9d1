// SPDX-License-Identifier: MIT
#include <bide/backoff/constant.hpp>

#include "support/catch.hpp"
#include "support/stuck.hpp"

#include <chrono>
#include <stdexcept>
#include <type_traits>
#include <utility>

using bide::constant;
using bide::duration;
using namespace std::chrono_literals;

static_assert(constant(2s).band_of({.number = 1}).high == 2s);
static_assert(constant({.base = 2s}).band_of({.number = 1000}).low == 2s);
static_assert(constant({}).band_of({}).high == bide::defaults::base);
static_assert(constant(0s).band_of({}).high == 0s);
static_assert(constant(0.5s).band_of({}).high == 500ms);
static_assert(noexcept(std::declval<const constant&>().band_of({})));
static_assert(!std::is_convertible_v<constant::options, constant>);
static_assert(!std::is_convertible_v<std::chrono::seconds, constant>);

TEST_CASE("constant: the same after every attempt", "[backoff][constant][limits]") {
    support::check_shape(constant(0s), 0s);
    support::check_shape(constant(1ns), 1ns);
    support::check_shape(constant(2s), 2s);
    support::check_shape(constant(std::chrono::hours::max()), duration::max());
}

TEST_CASE("constant: rejects a negative delay", "[backoff][constant][errors]") {
    struct row {
        duration base;
        const char* message;
    };
    const auto [base, message] = GENERATE(values<row>({
        {-1ns, "bide::constant: base must be >= 0, got -1ns"},
        {-1500ms, "bide::constant: base must be >= 0, got -1.5s"},
        {duration::min(), "bide::constant: base must be >= 0, got -9223372036.854s"},
    }));
    CHECK_THROWS_WITH(constant({.base = base}), message);
    CHECK_THROWS_WITH(constant(base), message);
    CHECK_THROWS_AS(constant(base), std::invalid_argument);
}
