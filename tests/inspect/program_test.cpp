// SPDX-License-Identifier: MIT
#include "e2e/child.hpp"
#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/wait.h>

using namespace std::chrono_literals;

namespace {

struct ended {
    int status = 0;
    std::string out{};
};

/// The program with that text on its standard input.
ended run(const std::string& arguments, const std::string& input) {
    const std::string file = "bide_inspect_program_test.txt";
    std::ofstream{file, std::ios::binary} << input;
    auto* const pipe =
        popen((BIDE_PROGRAMS_DIR "/bide-inspect " + arguments + " <" + file).c_str(), "r");
    REQUIRE(pipe != nullptr);
    ended result;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
        result.out += static_cast<char>(c);
    result.status = WEXITSTATUS(pclose(pipe));
    CHECK(std::remove(file.c_str()) == 0);
    return result;
}

}  // namespace

TEST_CASE("program: every response of the vectors, a line each", "[inspect][vectors]") {
    using vectors::json;
    std::deque<std::string> answers;
    if (std::filesystem::is_directory(vectors::folder())) {
        std::string lines;
        for (const auto& file : vectors::files_of("http_responses")) {
            std::ifstream in{file};
            for (const auto& row : json::parse(in)) lines += row.dump() + "\n";
        }
        const auto all = run("--lines", lines);
        CHECK(all.status == 0);
        std::istringstream out{all.out};
        for (std::string line; std::getline(out, line);) answers.push_back(line);
        CHECK(std::count(lines.begin(), lines.end(), '\n') ==
              static_cast<std::ptrdiff_t>(answers.size()));
    }
    vectors::run(
        "http_responses",
        [&](const json& row) {
            if (answers.empty()) return vectors::failed("has no answer");
            const auto answer = json::parse(answers.front());
            answers.pop_front();
            std::string wrong;
            for (const auto& [key, expected] : row.at("expect").items())
                if (!answer.contains(key) || answer[key] != expected)
                    wrong += key + " is not " + expected.dump() + ". ";
            return vectors::passed_if(wrong.empty(), wrong + "It is " + answer.dump());
        },
        100);
    CHECK(answers.empty());
}

TEST_CASE("program: a bad line has status 1, and those behind it are answered", "[inspect]") {
    const auto result = run("--lines", "{\n{\"status\":204,\"headers\":[]}\n");
    CHECK(result.status == 1);
    CHECK(std::count(result.out.begin(), result.out.end(), '\n') == 2);
}

TEST_CASE("program: one response", "[inspect]") {
    const auto result =
        run("--json --method GET --now 1795299600",
            "HTTP/1.1 503 no\r\nRetry-After: Sat, 21 Nov 2026 22:20:45 GMT\r\n\r\n");
    CHECK(result.status == 0);
    CHECK(nlohmann::json::parse(result.out).at("delay_ms") == 45'000);
}

TEST_CASE("program: an input that is no response, and bad usage, have status 2",
          "[inspect][errors]") {
    e2e::child nothing{"bide-inspect", {}};
    REQUIRE(nothing.wait_for(20s));
    CHECK(nothing.exit_status() == 2);
    CHECK(nothing.out().empty());
    CHECK(nothing.err() ==
          "bide-inspect: standard input: it must be a response as curl -i prints "
          "it, got nothing\n");

    e2e::child usage{"bide-inspect", {"--method", "get"}};
    REQUIRE(usage.wait_for(20s));
    CHECK(usage.exit_status() == 2);
    CHECK(usage.err() ==
          "bide-inspect: --method must be a method in capitals such as POST or GET, "
          "got \"get\" (--help lists the options)\n");

    e2e::child help{"bide-inspect", {"--help"}};
    REQUIRE(help.wait_for(20s));
    CHECK(help.exit_status() == 0);
    CHECK(help.err().empty());
}
