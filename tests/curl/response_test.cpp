// SPDX-License-Identifier: MIT
#include <bide/curl/response.hpp>  // first, to prove that the header stands alone

#include <bide/retry/classify.hpp>

#include "support/catch.hpp"

using bide::curl::response;

static_assert(bide::default_classifier::judges<response>);

TEST_CASE("response: finds a header whatever the case", "[curl][response]") {
    const response r{.headers = {{"Retry-After", "3"}, {"X-Id", "7"}, {"x-id", "8"}}};
    REQUIRE(r.find("retry-AFTER") != nullptr);
    CHECK(*r.find("retry-AFTER") == "3");
    CHECK(*r.find("X-ID") == "7");
    CHECK(r.find("X-I") == nullptr);
}

TEST_CASE("response: says what happened", "[curl][response]") {
    const response r{.found = {.verdict = bide::verdict::throttled, .status = 429}};
    CHECK(bide::default_classifier::of_result(r).status == 429);
}
