// SPDX-License-Identifier: MIT
#include <bide/http/advice.hpp>

#include "support/catch.hpp"

#include <array>
#include <string_view>
#include <vector>

using bide::http::advice;
using bide::http::advice_of;
using bide::http::field;

static_assert(noexcept(advice_of({})));

TEST_CASE("advice_of: each field in its own words", "[http][advice]") {
    struct row {
        std::string_view name;
        std::string_view value;
        advice expected;
    };
    const auto [name, value, expected] = GENERATE(values<row>({
        {"Stripe-Should-Retry", "true", advice::again},
        {"Stripe-Should-Retry", "false", advice::stop},
        {"stripe-should-retry", " FALSE ", advice::stop},
        {"x-should-retry", "true", advice::again},
        {"X-Should-Retry", "false", advice::stop},
        {"x-should-retry", "yes", advice::none},
        {"x-should-retry", "1", advice::none},
        {"x-should-retry", "", advice::none},
        {"should-retry", "false", advice::none},
        {"grpc-retry-pushback-ms", "250", advice::none},
        {"grpc-retry-pushback-ms", "0", advice::none},
        {"grpc-retry-pushback-ms", "-1", advice::stop},
        {"grpc-retry-pushback-ms", "2.5", advice::stop},
        {"grpc-retry-pushback-ms", "soon", advice::stop},
        {"grpc-retry-pushback-ms", "", advice::stop},
        {"Retry-After", "-1", advice::none},
    }));
    CAPTURE(name, value);
    const std::array fields = {field{name, value}};
    CHECK(advice_of(fields) == expected);
}

TEST_CASE("advice_of: to stop wins", "[http][advice]") {
    const field again = {"x-should-retry", "true"};
    const field stop = {"Stripe-Should-Retry", "false"};
    CHECK(advice_of(std::vector{again, stop}) == advice::stop);
    CHECK(advice_of(std::vector{stop, again}) == advice::stop);
    CHECK(advice_of({}) == advice::none);
}
