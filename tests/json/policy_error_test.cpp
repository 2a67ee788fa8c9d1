// SPDX-License-Identifier: MIT
#include <bide/json/policy_error.hpp>

#include "support/catch.hpp"

#include <stdexcept>
#include <string>
#include <type_traits>

using bide::policy_error;

static_assert(std::is_base_of_v<std::invalid_argument, policy_error>);
static_assert(std::is_nothrow_copy_constructible_v<policy_error>);

TEST_CASE("policy_error: carries the place beside the message", "[json][policy_error]") {
    const policy_error error{"/backoff/cap", "policy: /backoff/cap must be >= base, got \"1s\""};
    CHECK(error.pointer() == "/backoff/cap");
    CHECK(std::string{error.what()} == "policy: /backoff/cap must be >= base, got \"1s\"");
}

TEST_CASE("policy_error: a copy outlives the original", "[json][policy_error]") {
    const auto copy = [] {
        const policy_error original{"/a", "b"};
        return policy_error{original};
    }();
    CHECK(copy.pointer() == "/a");
    CHECK(std::string{copy.what()} == "b");
}
