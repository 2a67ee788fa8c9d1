// SPDX-License-Identifier: MIT
#include "plan/policy_text.hpp"

#include "support/catch.hpp"

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>

using planner::policy_text;

TEST_CASE("policy_text: the argument itself, or a file byte by byte", "[plan]") {
    CHECK(policy_text("{}") == "{}");
    CHECK(policy_text("") == "");

    const std::string file = "bide_policy_text_test.json";
    const std::string text{"{\"max_attempts\":3}\r\n\0 ", 22};
    std::ofstream{file, std::ios::binary} << text;
    CHECK(policy_text("@" + file) == text);
    std::ofstream{file, std::ios::binary}.close();
    CHECK(policy_text("@" + file) == "");
    CHECK(std::remove(file.c_str()) == 0);
}

TEST_CASE("policy_text: a file that cannot be read is named", "[plan][errors]") {
    CHECK_THROWS_WITH(policy_text("@bide_no_such.json"),
                      "bide_no_such.json: the file must be readable: No such file or directory");
    CHECK_THROWS_AS(policy_text("@bide_no_such.json"), std::invalid_argument);
    CHECK_THROWS_WITH(policy_text("@."), ".: the file must be readable: it is a directory");
    CHECK_THROWS_WITH(policy_text("@"), ": the file must be readable: No such file or directory");
}
