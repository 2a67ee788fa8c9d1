// SPDX-License-Identifier: MIT
#include <bide/http/field.hpp>

#include "support/catch.hpp"

#include <array>
#include <span>
#include <string_view>

using bide::http::field;
using bide::http::find_field;
using bide::http::same_name;
using bide::http::trim;

static_assert(same_name("Retry-After", "retry-AFTER"));
static_assert(same_name("", ""));
static_assert(!same_name("Retry-After", "Retry-After-Ms"));
static_assert(!same_name("[", "{"));  // 32 apart like a letter and its capital, but no letters
static_assert(!same_name("@", "`"));
static_assert(same_name("AZ", "az"));

static_assert(trim(" \t 30 \t ") == "30");
static_assert(trim("a b") == "a b");
static_assert(trim("\n30\r") == "\n30\r");  // not white space of HTTP
static_assert(trim("").empty());
static_assert(trim(" \t").empty());

TEST_CASE("find_field: gives the first field of the name", "[http][field]") {
    static constexpr std::array fields = {field{"A", "1"}, field{"b", "2"}, field{"B", "3"}};
    CHECK(find_field(fields, "B") == &fields[1]);
    CHECK(find_field(fields, "a") == &fields[0]);
    CHECK(find_field(fields, "C") == nullptr);
    CHECK(find_field({}, "A") == nullptr);
}

TEST_CASE("same_name: folds exactly the 26 letters", "[http][field]") {
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            const std::array<char, 2> c = {static_cast<char>(a), static_cast<char>(b)};
            const bool upper_a = a >= 'A' && a <= 'Z';
            const bool upper_b = b >= 'A' && b <= 'Z';
            const bool expected = (upper_a ? a + 32 : a) == (upper_b ? b + 32 : b);
            if (same_name({&c[0], 1}, {&c[1], 1}) != expected) FAIL(a << " and " << b);
        }
    }
    SUCCEED();
}
