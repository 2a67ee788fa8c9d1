// SPDX-License-Identifier: MIT
#include "plan/command_line.hpp"

#include "support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using Catch::Matchers::ContainsSubstring;

namespace {

planner::command read(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "bide-plan");
    return planner::read_command_line(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("command_line: a policy is enough", "[plan][options]") {
    const auto c = read({"{}"});
    REQUIRE(c.wanted);
    CHECK(c.status == 0);
    CHECK(c.wanted->policy == "{}");
    CHECK_FALSE(c.wanted->json);
    CHECK(c.wanted->look.samples == 10'000);
    CHECK(c.wanted->look.seed == 1);
    CHECK(c.wanted->look.because == bide::verdict::transient);
}

TEST_CASE("command_line: all options", "[plan][options]") {
    const auto c = read({"--samples", "7", "@policy.json", "--json", "--seed",
                         "18446744073709551615", "--because", "throttled"});
    REQUIRE(c.wanted);
    CHECK(c.wanted->policy == "@policy.json");
    CHECK(c.wanted->json);
    CHECK(c.wanted->look.samples == 7);
    CHECK(c.wanted->look.seed == 18'446'744'073'709'551'615U);
    CHECK(c.wanted->look.because == bide::verdict::throttled);

    CHECK(read({"{}", "--because", "overloaded"}).wanted->look.because ==
          bide::verdict::overloaded);
    CHECK(read({"{}", "--because", "transient"}).wanted->look.because == bide::verdict::transient);
    CHECK(read({"{}", "--samples", "1"}).wanted->look.samples == 1);
    CHECK(read({"{}", "--samples", "1000000"}).wanted->look.samples == 1'000'000);
    CHECK(read({"{}", "--seed", "0"}).wanted->look.seed == 0);
}

TEST_CASE("command_line: bad usage has status 2 and one clear line", "[plan][options][errors]") {
    using row = std::pair<std::vector<const char*>, const char*>;
    const std::vector<row> rows{
        {{}, "POLICY is required"},
        {{"{}", "{}"}, "The following argument was not expected: {}"},
        {{"{}", "--fast"}, "The following argument was not expected: --fast"},
        {{"{}", "--samples", "0"}, "--samples must be a whole number from 1 to 1000000, got \"0\""},
        {{"{}", "--samples", "1000001"},
         "--samples must be a whole number from 1 to 1000000, got \"1000001\""},
        {{"{}", "--samples", "1e3"},
         "--samples must be a whole number from 1 to 1000000, got \"1e3\""},
        {{"{}", "--samples", ""}, "--samples must be a whole number from 1 to 1000000, got \"\""},
        {{"{}", "--seed", "-1"},
         "--seed must be a whole number from 0 to 18446744073709551615, got \"-1\""},
        {{"{}", "--seed", "18446744073709551616"},
         "--seed must be a whole number from 0 to 18446744073709551615, got "
         "\"18446744073709551616\""},
        {{"{}", "--because", "permanent"},
         "--because must be transient, throttled or overloaded, got \"permanent\""},
    };
    for (const auto& [arguments, expected] : rows) {
        const auto c = read(arguments);
        CHECK_FALSE(c.wanted);
        CHECK(c.status == 2);
        CHECK(c.text == "bide-plan: " + std::string{expected} + " (--help lists the options)\n");
    }
}

TEST_CASE("command_line: help says what the numbers are", "[plan][options]") {
    const auto c = read({"--help"});
    CHECK_FALSE(c.wanted);
    CHECK(c.status == 0);
    for (const auto* part : {"POLICY", "--json", "--samples N", "--seed S", "--because VERDICT",
                             "total_max_ms", "Exit status"})
        CHECK_THAT(c.text, ContainsSubstring(part));
}
