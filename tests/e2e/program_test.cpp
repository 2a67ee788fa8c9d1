// SPDX-License-Identifier: MIT
#include "e2e/child.hpp"
#include "gateway/option_text.hpp"
#include "gateway/server.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("program: sends a file, as each provider takes messages", "[e2e]") {
    const std::string file = "bide_program_test.csv";
    std::ofstream{file}
        << "to,text\r\n+4915112345,\"Hello, \"\"you\"\"\nGr\xc3\xbc\xc3\x9f\x65\"\r\n"
        << "+4915112346,second\r\n";
    const std::string acme = "@bide_program_test_profile.json";
    std::ofstream{acme.substr(1)} << R"({"name":"acme","like":"twilio"})";
    struct row {
        std::string profile;
        std::string shape;  ///< Empty: the profile's own.
        const char* gateway_shape;
    };
    const auto r = GENERATE_REF(values<row>({
        {"generic", "", "generic"},
        {"vonage", "", "vonage"},
        {"vonage-sms", "", "vonage-sms"},
        {"twilio", "", "twilio"},
        {"plivo", "", "plivo"},
        {"telnyx", "", "telnyx"},
        {"audian", "", "audian"},
        {"infobip", "", "generic"},
        {"stripe", "", "generic"},
        {acme, "twilio", "twilio"},
    }));
    CAPTURE(r.profile);
    gateway::options g;
    gateway::set_option(g, "--shape", r.gateway_shape);
    gateway::server server{g};
    std::vector<std::string> arguments{file, "--gateway", server.url(), "--json"};
    arguments.insert(arguments.end(), {"--profile", r.profile});
    if (!r.shape.empty()) arguments.insert(arguments.end(), {"--shape", r.shape});
    e2e::child program{"bide-send", arguments};
    REQUIRE(program.wait_for(20s));
    CHECK(program.exit_status() == 0);
    const auto sum = nlohmann::json::parse(program.out());
    CHECK(sum.at("delivered") == 2);
    CHECK(sum.at("ends") == nlohmann::json{{"done", 2}});
    CHECK(sum.size() == 11);
    server.stop();
    CHECK(server.ledger().delivered == 2);
    CHECK(server.ledger().malformed == 0);
    CHECK(std::remove(file.c_str()) == 0);
    CHECK(std::remove(acme.substr(1).c_str()) == 0);
}

TEST_CASE("program: an id that is no key for the provider is an error before anything is sent",
          "[e2e]") {
    gateway::options g;
    g.looks = gateway::shape::telnyx;
    gateway::server server{g};
    e2e::child program{
        "bide-send",
        {"--gateway", server.url(), "--profile", "telnyx", "--count", "2", "--id-prefix", "a.b-"}};
    REQUIRE(program.wait_for(20s));
    CHECK(program.exit_status() == 2);
    CHECK(program.err() ==
          "bide-send: --id-prefix must make ids that are keys for profile telnyx, of letters, "
          "digits and \"_:-\", got the id a.b-1\n");
    CHECK(server.ledger().requests == 0);
}

TEST_CASE("program: a bad line is an error before anything is sent", "[e2e]") {
    const std::string file = "bide_program_test_bad.csv";
    std::ofstream{file} << "to,text\n+49151,good\n+49-151,bad\n";
    gateway::server server{{}};
    e2e::child program{"bide-send", {file, "--gateway", server.url()}};
    REQUIRE(program.wait_for(20s));
    CHECK(program.exit_status() == 2);
    CHECK(program.out().empty());
    CHECK(program.err() ==
          "bide-send: " + file +
              ":3: field to must be 1 to 15 digits, with or without a + before them\n");
    CHECK(server.ledger().requests == 0);
    CHECK(std::remove(file.c_str()) == 0);
}

TEST_CASE("program: quiet says nothing, and piped progress has no escapes", "[e2e]") {
    gateway::options g;
    g.limit = 10;
    gateway::server server{g};
    e2e::child quiet{"bide-send", {"--gateway", server.url(), "--count", "5", "--quiet"}};
    REQUIRE(quiet.wait_for(20s));
    CHECK(quiet.exit_status() == 0);
    CHECK(quiet.out().empty());
    CHECK(quiet.err().empty());

    gateway::server fast{{}};
    e2e::child piped{"bide-send", {"--gateway", fast.url(), "--count", "25", "--pace", "20"}};
    REQUIRE(piped.wait_for(20s));
    CHECK(piped.exit_status() == 0);
    CHECK_THAT(piped.out(), ContainsSubstring("25 of 25 delivered in "));
    CHECK_THAT(piped.err(), ContainsSubstring(" of 25 sent, "));
    CHECK(piped.err().find_first_of("\r\x1b") == std::string::npos);
    CHECK(fast.ledger().peak_rate_per_s <= 20);
}

TEST_CASE("program: the demo ends well", "[e2e]") {
    e2e::child demo{"bide-demo", {"--seed", "7", "--messages", "150"}};
    REQUIRE(demo.wait_for(60s));
    std::cout << demo.out() << std::flush;
    CHECK(demo.exit_status() == 0);
    CHECK_THAT(demo.out(), ContainsSubstring("The gateway's ledger agrees"));
}
