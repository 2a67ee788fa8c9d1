// SPDX-License-Identifier: MIT
#include "e2e/child.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

using namespace std::chrono_literals;

TEST_CASE("program: prints the plan of a file", "[plan]") {
    const std::string file = "bide_plan_program_test.json";
    std::ofstream{file} << R"({"backoff":{"kind":"sequence","delays":["1s","2.5s"],"then":"stop"},)"
                        << R"("jitter":"none"})";
    e2e::child program{"bide-plan", {"@" + file, "--json"}};
    REQUIRE(program.wait_for(20s));
    CHECK(program.exit_status() == 0);
    CHECK(program.out() ==
          R"({"attempts":3,"retries":[{"retry":1,"min_ms":1000,"mean_ms":1000,"max_ms":1000},)"
          R"({"retry":2,"min_ms":2500,"mean_ms":2500,"max_ms":2500}],"total_max_ms":3500})"
          "\n");
    CHECK(program.err().empty());
    CHECK(std::remove(file.c_str()) == 0);
}

TEST_CASE("program: a bad policy has status 2 and one line", "[plan][errors]") {
    e2e::child program{"bide-plan", {R"({"backoff":{"kind":"exponential","factor":0.5}})"}};
    REQUIRE(program.wait_for(20s));
    CHECK(program.exit_status() == 2);
    CHECK(program.out().empty());
    CHECK(program.err() == "bide-plan: policy: /backoff/factor must be finite and >= 1, got 0.5\n");
}

TEST_CASE("program: bad usage and help", "[plan][errors]") {
    e2e::child nothing{"bide-plan", {}};
    REQUIRE(nothing.wait_for(20s));
    CHECK(nothing.exit_status() == 2);
    CHECK(nothing.out().empty());
    CHECK(nothing.err() == "bide-plan: POLICY is required (--help lists the options)\n");

    e2e::child help{"bide-plan", {"--help"}};
    REQUIRE(help.wait_for(20s));
    CHECK(help.exit_status() == 0);
    CHECK(help.err().empty());
}
