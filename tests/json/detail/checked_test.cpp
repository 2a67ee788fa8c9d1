// SPDX-License-Identifier: MIT
#include <bide/json/detail/checked.hpp>

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

using bide::detail::checked;
using bide::detail::parts_of;
using bide::detail::place;

namespace {

const nlohmann::json half = 0.5;

/// Two fields: "factor" stands in the text, all others do not.
place place_of(std::string_view field) {
    return {field == "factor" ? &half : nullptr, "/" + std::string{field}};
}

int complain(const std::string& text) {
    return checked(place_of, [&]() -> int { throw std::invalid_argument{text}; });
}

}  // namespace

TEST_CASE("checked: answers what is made", "[json][checked]") {
    CHECK(checked(place_of, [] { return 7; }) == 7);
}

TEST_CASE("checked: a complaint of the core gets a place", "[json][checked]") {
    CHECK_THROWS_WITH(complain("bide::exponential: factor must be >= 1, got 0.499999"),
                      "policy: /factor must be >= 1, got 0.5");
    CHECK_THROWS_WITH(complain("bide::exponential: cap must be >= base, got 20s"),
                      "policy: /cap must be >= base, got 20s (the default)");
}

TEST_CASE("checked: what has another form is passed on", "[json][checked]") {
    for (const auto* text : {"", "bide::", "something of the user's: x must be y, got z",
                             "bide::exponential: cap is wrong, got 20s",
                             "bide::exponential: cap must be >= base", "bide:: must be: a, got b"})
        CHECK_THROWS_WITH(complain(text), text);
}

TEST_CASE("checked: takes a complaint apart", "[json][checked]") {
    const auto parts = parts_of("bide::max_elapsed: least_try must be from 0, got 1s, got 2s");
    CHECK(parts.field == "least_try");
    CHECK(parts.allowed == "from 0, got 1s");
    CHECK(parts.got == "2s");
}
