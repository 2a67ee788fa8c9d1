// SPDX-License-Identifier: MIT
#include "plan/run.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

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

TEST_CASE("run: gates and the budget are listed in words", "[plan][gates]") {
    const std::string text =
        R"({"max_attempts":1,"budget":{"kind":"retry_budget","ratio":0.1},"gates":{)"
        R"("pace":{"rate":30,"burst":5,"queue":null,"kind":"token_bucket"},"cooldown":{},)"
        R"("circuit_breaker":{"opens":{"kind":"failure_rate","rate":0.5},)"
        R"("open_for":{"kind":"exponential"}},"initial_jitter":"10s"}})";
    CHECK(run({.policy = text}) ==
          "retry           min          mean           max\n"
          "1 attempt; at most 0s of waiting, 10s in all if every try is cut off at its timeout\n"
          "asked before each try, in this order; waits for them are not counted above:\n"
          "  initial_jitter      spreads first tries; over 10s\n"
          "  circuit_breaker     refuses while the server keeps failing, but for a few probes; "
          "open_for exponential, opens failure_rate (rate 0.5)\n"
          "  cooldown            what a server asks one try to wait, all wait\n"
          "  token_bucket        bounds the rate, some at once after a pause; burst 5, queue "
          "unlimited, "
          "rate 30\n"
          "asked before each retry:\n"
          "  retry_budget        bounds retries to a share of the requests, and a few more; ratio "
          "0.1");
    CHECK(run({.policy = text, .json = true}) ==
          R"({"attempts":1,"retries":[],"total_max_ms":0,"gates":["initial_jitter",)"
          R"("circuit_breaker","cooldown","token_bucket"],"budget":"retry_budget"})");

    using row = std::pair<const char*, const char*>;
    const std::vector<row> rows{
        {R"("gates":{"concurrency_limit":{"in_flight":2}})",
         "concurrency_limit   bounds the tries at a time; in_flight 2"},
        {R"("gates":{"pace":{"kind":"leaky_bucket","rate":1}})",
         "leaky_bucket        bounds the rate, evenly spaced; rate 1"},
        {R"("gates":{"pace":{"kind":"sliding_window","limit":1}})",
         "sliding_window      bounds the tries in every span of a length; limit 1"},
        {R"("gates":{"pace":{"kind":"quota_pacer"}})",
         "quota_pacer         learns the server's limit and stays close under it"},
        {R"("gates":{"pace":{"kind":"cubic_pacer"}})",
         "cubic_pacer         slows down after throttled answers as the AWS SDKs do"},
        {R"("budget":{"kind":"retry_quota","cost":14})",
         "retry_quota         retries cost tokens that successes bring back; cost 14"},
        {R"("budget":{"kind":"retry_throttle"})",
         "retry_throttle      no retries while many tries fail"},
        {R"("budget":{"kind":"concurrent_retries"})",
         "concurrent_retries  bounds retries to a share of what is under way"},
    };
    for (const auto& [named, expected] : rows) {
        const auto said = run({.policy = "{" + std::string{named} + "}"});
        CHECK(said.substr(said.rfind('\n') + 3) == expected);
    }
}
