// SPDX-License-Identifier: MIT
#include "herd/command_line.hpp"

#include "herd/output.hpp"

#include "support/catch.hpp"

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

herd::command read(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "bide-herd");
    return herd::read_command_line(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("command_line: scenarios and their options", "[herd][options]") {
    const auto aws = read({"aws", "--clients", "10,50", "--trials", "1000", "--seed", "7",
                           "--algorithms", "full,none", "--csv", "-"});
    REQUIRE(aws.wanted);
    CHECK(aws.wanted->csv == "-");
    CHECK(aws.wanted->svg.empty());
    const auto& options = std::get<herd::aws_options>(aws.wanted->scenario);
    CHECK(options.clients == std::vector<std::uint64_t>{10, 50});
    CHECK(options.trials == 1000);
    CHECK(options.seed == 7);
    CHECK(options.algorithms == std::vector<std::string>{"full", "none"});

    const auto sms = read({"sms", "--limit", "5", "--svg", "a.svg"});
    REQUIRE(sms.wanted);
    CHECK(sms.wanted->svg == "a.svg");
    CHECK(std::get<herd::sms_options>(sms.wanted->scenario).limit == 5);
    CHECK(std::get<herd::explain_options>(read({"explain", "{}"}).wanted->scenario).plan == "{}");
    CHECK(std::get<herd::scenario_options>(read({"run", "{}"}).wanted->scenario).scenario == "{}");

    CHECK(std::get<herd::scenario_options>(read({"run", "{}", "--seed", "5"}).wanted->scenario)
              .seed == 5);

    CHECK(read({"outage", "--help"}).status == 0);
    CHECK(read({"outage", "--help"}).text.find("--seconds") != std::string::npos);
    const auto help = read({"run", "--help"}).text;
    for (const auto* key : {"per_second", "clients", "seconds", "seed", "plan", "network", "server",
                            "outages", "Exit status"})
        CHECK(help.find(key) != std::string::npos);
}

TEST_CASE("command_line: bad usage has status 2 and one clear line", "[herd][options][errors]") {
    using row = std::pair<std::vector<const char*>, const char*>;
    const std::vector<row> rows{
        {{}, "A subcommand is required"},
        {{"a\nws"},
         "the scenario must be one of aws vonage outage sms explain run, got \"a\\x0aws\""},
        {{"aws", "twice"}, "The following argument was not expected: twice"},
        {{"aws", "--clients", "10,,20"},
         "--clients must be a whole number from 1 to 1000, got \"\""},
        {{"aws", "--clients", ""}, "--clients must be a whole number from 1 to 1000, got \"\""},
        {{"aws", "--clients", "1001"},
         "--clients must be a whole number from 1 to 1000, got \"1001\""},
        {{"aws", "--clients", "5,05"},
         "--clients must be a list that names none twice, got \"5,05\""},
        {{"aws", "--algorithms", "full,cubic"},
         "--algorithms must be some of none, exponential, equal, full, decorrelated, "
         "decorrelated_jitter, got \"cubic\""},
        {{"aws", "--algorithms", "full,full"},
         "--algorithms must be a list that names none twice, got \"full,full\""},
        {{"aws", "--trials", "1e3"},
         "--trials must be a whole number from 1 to 1000000, got \"1e3\""},
        {{"vonage", "--tasks", "0"}, "--tasks must be a whole number from 1 to 100000, got \"0\""},
        {{"explain", "--seed", "-1"},
         "--seed must be a whole number from 0 to 18446744073709551615, got \"-1\""},
        {{"sms", "--limit", "2", "--messages", "259200"},
         "--messages must be at most a day of them, 86400 times --limit, got \"259200\""},
        {{"sms", "--csv", ""}, "--csv must be a file, or - for standard output, got \"\""},
        {{"sms", "--svg", "-"}, "--svg must be a file, got \"-\""},
        {{"sms", "--svg", "a", "--csv", "a"},
         "--svg must be another file than that of --csv, got \"a\""},
        {{"sms", "--plan", "@no_such_file"},
         "--plan: no_such_file: the file must be readable: No such file or directory"},
        {{"sms", "--plan", "{"},
         "--plan: the text must be JSON, got a mistake at line 1, column 2"},
        {{"explain", R"({"max_attempts":0})"}, "PLAN: /max_attempts must be >= 1, got 0"},
        {{"run"}, "SCENARIO is required"},
        {{"run", "@no_such_file"},
         "SCENARIO: no_such_file: the file must be readable: No such file or directory"},
    };
    for (const auto& [arguments, expected] : rows) {
        const auto c = read(arguments);
        CHECK_FALSE(c.wanted);
        CHECK(c.status == 2);
        CHECK(c.text == "bide-herd: " + std::string{expected} + " (--help lists the options)\n");
    }
    CHECK(read({"sms", "--limit", "3", "--messages", "259200"}).wanted);
}

TEST_CASE("output: a file is looked at first, and then holds all or nothing", "[herd][output]") {
    const std::string file = "bide_herd_output_test.csv";
    const auto held = [&] {
        std::ifstream in{file, std::ios::binary};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    };
    herd::check_output("--csv", file);
    CHECK_FALSE(std::ifstream{file}.good());
    herd::write_output("--csv", file, "a,b\n");
    herd::check_output("--csv", file);
    CHECK(held() == "a,b\n");
    CHECK(std::remove(file.c_str()) == 0);
    CHECK_THROWS_WITH(herd::check_output("--svg", "no/such/file"),
                      "--svg must be a file that can be written (No such file or directory), got "
                      "\"no/such/file\"");
    if (std::ifstream{"/dev/full"})
        CHECK_THROWS_WITH(herd::write_output("--csv", "/dev/full", "a"),
                          "--csv: /dev/full: No space left on device");
}
