// SPDX-License-Identifier: MIT
#include "plan/run.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>

using planner::run;

namespace {

nlohmann::json plan_of(const std::string& policy, const bide::explain_options& look = {}) {
    return nlohmann::json::parse(run({.policy = policy, .json = true, .look = look}));
}

}  // namespace

TEST_CASE("run: a policy of text is explained", "[plan]") {
    CHECK(run({.policy = "{}"}) ==
          "retry           min          mean           max\n"
          "    1            0s         250ms         500ms\n"
          "    2            0s         500ms            1s\n"
          "    3            0s            1s            2s\n"
          "4 attempts; at most 3.5s of waiting, 39s in all if every try is cut off at its timeout");
    CHECK(run({.policy = R"({"backoff":{"kind":"constant","base":"1.5ms"},"jitter":"equal",)"
                         R"("max_attempts":2,"max_elapsed":null})",
               .json = true}) ==
          R"({"attempts":2,"retries":[{"retry":1,"min_ms":0.75,"mean_ms":1.125,"max_ms":1.5}],)"
          R"("total_max_ms":1.5})");
}

TEST_CASE("run: no limit in the text is none in the answer", "[plan]") {
    const auto endless = plan_of(R"({"max_attempts":null,"max_elapsed":null,"try_timeout":null})");
    CHECK(endless.at("attempts").is_null());
    CHECK(endless.at("retries").size() == 20);
    CHECK(endless.at("total_max_ms").is_null());

    const auto timed = plan_of(R"({"max_attempts":null,"max_elapsed":"2m"})");
    CHECK(timed.at("attempts").is_null());
    CHECK(timed.at("total_max_ms") == 120'000);
}

TEST_CASE("run: a thousand retries are listed, of more the first twenty", "[plan]") {
    const auto thousand = plan_of(R"({"max_attempts":1001,"max_elapsed":null,"jitter":"none",)"
                                  R"("backoff":{"kind":"constant","base":"1s"}})");
    CHECK(thousand.at("attempts") == 1001);
    CHECK(thousand.at("retries").size() == 1000);
    CHECK(thousand.at("total_max_ms") == 1'000'000);

    const auto more = plan_of(R"({"max_attempts":1002,"max_elapsed":null,"jitter":"none",)"
                              R"("backoff":{"kind":"constant","base":"1s"}})");
    CHECK(more.at("attempts") == 1002);
    CHECK(more.at("retries").size() == 20);
    CHECK(more.at("total_max_ms").is_null());
}

TEST_CASE("run: seed, samples and verdict are used", "[plan]") {
    const std::string walked = R"({"jitter":"decorrelated","max_attempts":3})";
    const auto mean = [&](const bide::explain_options& look) {
        return plan_of(walked, look).at("retries").at(1).at("mean_ms").get<double>();
    };
    CHECK(mean({.seed = 2}) == mean({.seed = 2}));
    CHECK(mean({.seed = 2}) != mean({.seed = 3}));
    CHECK(mean({.samples = 10}) != mean({.samples = 11}));
    CHECK(mean({}) == Catch::Approx(1750).epsilon(0.02));

    const std::string two = R"({"backoff":{"kind":"by_verdict",)"
                            R"("otherwise":{"kind":"constant","base":"1s"},)"
                            R"("throttled":{"kind":"constant","base":"9s"}},"jitter":"none"})";
    CHECK(plan_of(two).at("retries").at(0).at("max_ms") == 1000);
    CHECK(plan_of(two, {.because = bide::verdict::throttled}).at("retries").at(0).at("max_ms") ==
          9000);
}

TEST_CASE("run: a bad policy is refused with its place", "[plan][errors]") {
    CHECK_THROWS_WITH(run({.policy = R"({"backoff":{"kind":"exponential","factor":0.5}})"}),
                      "policy: /backoff/factor must be finite and >= 1, got 0.5");
    CHECK_THROWS_AS(run({.policy = "{"}), std::invalid_argument);
    CHECK_THROWS_AS(run({.policy = "@bide_no_such.json"}), std::invalid_argument);
}
