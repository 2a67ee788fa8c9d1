// SPDX-License-Identifier: MIT
#include <bide/http/method.hpp>

#include "support/catch.hpp"

#include <string_view>

using bide::http::is_idempotent;
using bide::http::is_safe;

TEST_CASE("method: safe and idempotent as RFC 9110 9.2 has it", "[http][method]") {
    struct row {
        std::string_view method;
        bool safe;
        bool idempotent;
    };
    const auto [method, safe, idempotent] = GENERATE(values<row>({
        {"GET", true, true},
        {"HEAD", true, true},
        {"OPTIONS", true, true},
        {"TRACE", true, true},
        {"PUT", false, true},
        {"DELETE", false, true},
        {"POST", false, false},
        {"PATCH", false, false},
        {"CONNECT", false, false},
        {"get", false, false},  // another, unknown method
        {"GET ", false, false},
        {"GETX", false, false},
        {"", false, false},
    }));
    CAPTURE(method);
    CHECK(is_safe(method) == safe);
    CHECK(is_idempotent(method) == idempotent);
}
