// SPDX-License-Identifier: MIT
#include "plan/report.hpp"

#include "support/catch.hpp"

#include <bide/bide.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

using namespace std::chrono_literals;
using bide::constant;
using bide::explain;
using bide::exponential;
using bide::max_attempts;
using bide::max_elapsed;
using bide::policy;
using planner::to_json;
using planner::to_table;

namespace {

bide::explanation one_retry(bide::duration min, double mean_ns, bide::duration max) {
    return {.attempts = std::uint64_t{2},
            .retries = {{.min = min, .mean = bide::explanation::mean_delay{mean_ns}, .max = max}},
            .delays_max = max};
}

}  // namespace

TEST_CASE("report: JSON of the default policy", "[plan][json]") {
    CHECK(to_json(explain(policy())) ==
          R"({"attempts":4,"retries":[{"retry":1,"min_ms":0,"mean_ms":250,"max_ms":500},)"
          R"({"retry":2,"min_ms":0,"mean_ms":500,"max_ms":1000},)"
          R"({"retry":3,"min_ms":0,"mean_ms":1000,"max_ms":2000}],"total_max_ms":3500})");
}

TEST_CASE("report: no fraction of a millisecond is lost", "[plan][json]") {
    CHECK(
        to_json(one_retry(1ns, 1.5, 2ns)) ==
        R"({"attempts":2,"retries":[{"retry":1,"min_ms":1e-06,"mean_ms":1.5e-06,"max_ms":2e-06}],)"
        R"("total_max_ms":2e-06})");
    CHECK(to_json(one_retry(1500us, 1.75e6, 2000001ns)) ==
          R"({"attempts":2,"retries":[{"retry":1,"min_ms":1.5,"mean_ms":1.75,"max_ms":2.000001}],)"
          R"("total_max_ms":2.000001})");

    // Read back and multiplied it is the same duration, to the nanosecond for more than a month.
    const auto month = 31 * 24h + 1ns;
    const auto read =
        nlohmann::json::parse(to_json(one_retry(month, 0, month))).at("total_max_ms").get<double>();
    CHECK(std::llround(read * 1e6) == month.count());

    // Whole milliseconds at any size.
    CHECK(to_json(one_retry(0ns, 9e18, 9'223'372'036'854ms)) ==
          R"({"attempts":2,"retries":[{"retry":1,"min_ms":0,"mean_ms":9000000000000,)"
          R"("max_ms":9223372036854}],"total_max_ms":9223372036854})");
}

TEST_CASE("report: what has no limit is null", "[plan][json]") {
    const auto endless = explain(policy(constant(1s), max_elapsed(9h)), {.most_retries = 1});
    CHECK(to_json(endless) ==
          R"({"attempts":null,"retries":[{"retry":1,"min_ms":1000,"mean_ms":1000,"max_ms":1000}],)"
          R"("total_max_ms":32400000})");
    const auto many = explain(policy(constant(1s), max_attempts(9)), {.most_retries = 1});
    CHECK(to_json(many) ==
          R"({"attempts":9,"retries":[{"retry":1,"min_ms":1000,"mean_ms":1000,"max_ms":1000}],)"
          R"("total_max_ms":null})");
}

TEST_CASE("report: the waits together are bounded by the limit of time", "[plan]") {
    using planner::longest_wait;
    constexpr auto backoff = exponential({.base = 1s}) | bide::full_jitter;
    CHECK(longest_wait(explain(policy(backoff, max_attempts(4)))) == bide::duration{7s});
    CHECK(longest_wait(explain(policy(backoff, max_attempts(4) | max_elapsed(8s)))) ==
          bide::duration{7s});
    CHECK(longest_wait(explain(policy(backoff, max_attempts(4) | max_elapsed(6s)))) ==
          bide::duration{6s});
    // Without jitter it is known which waits fit: 1 s and 2 s.
    CHECK(longest_wait(explain(policy(exponential({.base = 1s}),
                                      max_attempts(4) | max_elapsed(6s)))) == bide::duration{3s});
    CHECK_FALSE(longest_wait(explain(policy(constant(0s), max_attempts(99)))));
}

TEST_CASE("report: a table for people", "[plan][table]") {
    CHECK(to_table(explain(policy())) ==
          "retry           min          mean           max\n"
          "    1            0s         250ms         500ms\n"
          "    2            0s         500ms            1s\n"
          "    3            0s            1s            2s\n"
          "4 attempts; at most 3.5s of waiting, 39s in all if every try is cut off at its timeout");
    CHECK(to_table(explain(policy(constant(1s), max_attempts(1)))) ==
          "retry           min          mean           max\n"
          "1 attempt; at most 0s of waiting, 10s in all if every try is cut off at its timeout");
}

TEST_CASE("report: the table says what is cut, late, estimated or without limit", "[plan][table]") {
    constexpr auto heading = "retry           min          mean           max\n";
    CHECK(to_table(explain(policy(constant(1500us), max_attempts(9)), {.most_retries = 1})) ==
          std::string{heading} +
              "    1         1.5ms         1.5ms         1.5ms\n"
              "  ...\n"
              "9 attempts; no limit of waiting");
    CHECK(to_table(explain(policy(constant(10s), max_elapsed(15s) | max_attempts(9)))) ==
          std::string{heading} +
              "    1           10s           10s           10s\n"
              "9 attempts, for 2 of which there is time; at most 10s of waiting, 24s in all if "
              "every try is cut off at its timeout");
    auto walked = one_retry(1ns, 1500, 90min);
    walked.attempts = {};
    walked.retries[0].mean_is_exact = false;
    CHECK(to_table(walked) == std::string{heading} +
                                  "    1           1ns        ~1.5us         5400s\n"
                                  "no limit of attempts; at most 5400s of waiting");
}
