// SPDX-License-Identifier: MIT
#include <bide/curl/response.hpp>  // first, to prove that the header stands alone

#include <bide/retry/classify.hpp>

#include "support/catch.hpp"

#include <chrono>

using bide::curl::response;

using namespace std::chrono_literals;

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

TEST_CASE("response: tells the quotas, instants by the server's own clock", "[curl][response]") {
    response r{.status = 200,
               .headers = {{"X-RateLimit-Limit", "100"},
                           {"X-RateLimit-Remaining", "7"},
                           {"X-RateLimit-Reset", "1795299607"}},
               .received = bide::wall_time{1795299600s + 900ms}};
    REQUIRE(r.quotas().size() == 1);
    CHECK(r.quotas()[0].limit == 100);
    CHECK(r.quotas()[0].remaining == 7);
    CHECK(r.quotas()[0].reset == 7s);
    r.headers.push_back({"Date", "Sat, 21 Nov 2026 22:20:00 GMT"});
    CHECK(r.quotas()[0].reset == 7s);
    r.headers.back().value = "Sat, 21 Nov 2026 22:19:57 GMT";
    CHECK(r.quotas()[0].reset == 10s);
    r.headers[2].value = "1500";
    r.reset_unit = bide::http::reset_unit::milliseconds;
    CHECK(r.quotas()[0].reset == 1500ms);
    CHECK(response{}.quotas().empty());
}
