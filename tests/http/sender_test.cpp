// SPDX-License-Identifier: MIT
#include <bide/http/sender.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <stdexcept>

using namespace std::chrono_literals;

TEST_CASE("sender: has the defaults and passes options on", "[http][sender]") {
    constexpr auto sender = bide::http::sender();
    static_assert(sender.options().try_timeout.get() == bide::defaults::try_timeout);
    static_assert(bide::http::sender({.max_hint = 5s}).options().max_hint.get() == 5s);

    bide::virtual_clock clock;
    const auto outcome =
        bide::retry(bide::with(clock, sender), [] { throw std::runtime_error{"down"}; });
    CHECK(outcome.attempts() == bide::defaults::max_attempts);
    CHECK(outcome.ended() == bide::end::exhausted);
}
