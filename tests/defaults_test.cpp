// SPDX-License-Identifier: MIT
#include <bide/defaults.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>

#include <chrono>

using namespace std::chrono_literals;
namespace defaults = bide::defaults;

// The table that the documentation shows. A change here is a change of behaviour.
static_assert(defaults::max_attempts == 4);
static_assert(defaults::base == 500ms);
static_assert(defaults::factor == 2);
static_assert(defaults::cap == 20s);
static_assert(defaults::max_elapsed == 30s);
static_assert(defaults::max_hint == 60s);
static_assert(defaults::least_try == 1s);
static_assert(defaults::try_timeout == 10s);
static_assert(defaults::connect_timeout == 3s);
static_assert(defaults::hint_slack_percent == 10);

// They are valid settings together: this is a constant expression.
constexpr auto by_default = bide::policy();

static_assert(by_default.delays().band_of({.number = 1}) == bide::band{0s, 500ms});
static_assert(by_default.delays().band_of({.number = 3}) == bide::band{0s, 2s});
static_assert(by_default.delays().band_of({.number = 1000}) == bide::band{0s, 20s});
static_assert(by_default.limits().check({.number = 4}) == bide::end::done);
static_assert(by_default.limits().check({.number = 5}) == bide::end::exhausted);
static_assert(by_default.limits().latest({}) == bide::time_point{30s});
static_assert(by_default.limits().last_start({}) == bide::time_point{29s});
static_assert(by_default.options().try_timeout.get() == 10s);
static_assert(by_default.options().connect_timeout.get() == 3s);
static_assert(by_default.options().max_hint.get() == 60s);
static_assert(by_default.options().grace);

TEST_CASE("defaults: a policy may be a constant", "[defaults]") {
    CHECK(bide::retry(by_default, [] { return 7; }).value() == 7);
}
