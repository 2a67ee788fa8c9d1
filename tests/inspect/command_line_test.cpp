// SPDX-License-Identifier: MIT
#include "inspect/command_line.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using Catch::Matchers::ContainsSubstring;

namespace {

inspector::command read(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "bide-inspect");
    return inspector::read_command_line(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("command_line: nothing is needed, and a POST is assumed", "[inspect][options]") {
    const auto c = read({});
    REQUIRE(c.wanted);
    CHECK(c.status == 0);
    CHECK(c.wanted->form == inspector::form::words);
    CHECK(c.wanted->method == "POST");
    CHECK_FALSE(c.wanted->has_key);
    CHECK(c.wanted->profile.empty());
    CHECK_FALSE(c.wanted->now);
}

TEST_CASE("command_line: all options", "[inspect][options]") {
    const auto c = read({"--json", "--method", "M-SEARCH", "--profile", "github",
                         "--idempotency-key", "--now", "9223372036"});
    REQUIRE(c.wanted);
    CHECK(c.wanted->form == inspector::form::json);
    CHECK(c.wanted->method == "M-SEARCH");
    CHECK(c.wanted->has_key);
    CHECK(c.wanted->profile == "github");
    CHECK(c.wanted->now == bide::wall_time{std::chrono::seconds{9'223'372'036}});
    CHECK(read({"--lines"}).wanted->form == inspector::form::lines);
    CHECK(read({"--profile", "@mine.json"}).wanted->profile == "@mine.json");
    CHECK(read({"--now", "0"}).wanted->now == bide::wall_time{});
}

TEST_CASE("command_line: bad usage has status 2 and one clear line", "[inspect][options][errors]") {
    using row = std::pair<std::vector<const char*>, const char*>;
    const std::vector<row> rows{
        {{"file"}, "The following argument was not expected: file"},
        {{"--json", "--lines"}, "--json must be left out with --lines, got \"--json\""},
        {{"--now", "5", "--lines"},
         "--now must be left out with --lines, where each line tells its own, got \"5\""},
        {{"--method", "get"},
         "--method must be a method in capitals such as POST or GET, got \"get\""},
        {{"--method", ""}, "--method must be a method in capitals such as POST or GET, got \"\""},
        {{"--now", "1.5"},
         "--now must be whole seconds since 1970 from 0 to 9223372036, got \"1.5\""},
        {{"--now", "-1"},
         "--now must be whole seconds since 1970 from 0 to 9223372036, got \"-1\""},
        {{"--now", "9223372037"},
         "--now must be whole seconds since 1970 from 0 to 9223372036, got \"9223372037\""},
        {{"--now", ""}, "--now must be whole seconds since 1970 from 0 to 9223372036, got \"\""},
    };
    for (const auto& [arguments, expected] : rows) {
        const auto c = read(arguments);
        CHECK_FALSE(c.wanted);
        CHECK(c.status == 2);
        CHECK(c.text == "bide-inspect: " + std::string{expected} + " (--help lists the options)\n");
    }
    for (const auto* unknown : {"acme", "", "Generic"}) {
        const auto c = read({"--profile", unknown});
        CHECK(c.status == 2);
        CHECK_THAT(c.text, ContainsSubstring("--profile must be generic, vonage, "));
        CHECK_THAT(c.text, ContainsSubstring(", or @FILE, got \"" + std::string{unknown} + "\""));
    }
}

TEST_CASE("command_line: help says what goes in and what comes out", "[inspect][options]") {
    const auto c = read({"--help"});
    CHECK_FALSE(c.wanted);
    CHECK(c.status == 0);
    for (const auto* part : {"curl -i", "--json", "--lines", "--method METHOD", "--profile NAME",
                             "--idempotency-key", "--now SECONDS", "delay_ms", "Exit status"})
        CHECK_THAT(c.text, ContainsSubstring(part));
}
