// SPDX-License-Identifier: MIT
#include "gateway/option_text.hpp"

#include "gateway/command_line.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using gateway::options;
using gateway::set_option;

namespace {

gateway::command read(std::vector<const char*> args) {
    args.insert(args.begin(), "bide-gateway");
    return gateway::read_command_line(static_cast<int>(args.size()), args.data());
}

}  // namespace

TEST_CASE("set_option: reads every option", "[gateway][options]") {
    const auto c =
        read({"--then-limit", "25@1.5s",   "--port",      "8080",    "--limit",      "50",
              "--window",     "500ms",     "--algorithm", "bucket",  "--headers",    "draft7",
              "--shape",      "vonage",    "--faults",    "500=0.5", "--seed",       "9",
              "--latency",    "5ms..50ms", "--stall",     "1s",      "--refuse-for", "2s",
              "--idle-for",   "3ms",       "--verbose"});
    REQUIRE(c.serve.has_value());
    const auto& o = *c.serve;
    CHECK(o.port == 8080);
    CHECK(o.limit == 50);
    CHECK(o.then.value().limit == 25);
    CHECK(o.then.value().after == 1500ms);
    CHECK(o.window == 500ms);
    CHECK(o.how == gateway::algorithm::bucket);
    CHECK(o.headers == gateway::header_style::draft7);
    CHECK(o.looks == gateway::shape::vonage);
    CHECK(o.faults.draw(1, 1, "id", 1).has_value() !=
          o.faults.draw(1, 1, "id", 3).has_value());  // probability 0.5, two tries that differ
    CHECK(o.seed == 9);
    CHECK(o.latency.low == 5ms);
    CHECK(o.latency.high == 50ms);
    CHECK(o.faults.stall == 1s);
    CHECK(o.faults.refuse_for == 2s);
    CHECK(o.faults.idle_for == 3ms);
    CHECK(c.is_verbose);
}

TEST_CASE("set_option: a bad value names option, rule and value", "[gateway][options]") {
    options o;
    CHECK_THROWS_WITH(set_option(o, "--port", "65536"),
                      "--port must be a whole number from 0 to 65535, got \"65536\"");
    CHECK_THROWS_WITH(set_option(o, "--limit", "-1"),
                      "--limit must be a whole number from 0 to 1000000, got \"-1\"");
    CHECK_THROWS_WITH(set_option(o, "--window", "0"),
                      "--window must be a duration from 1ms to 24h such as 250ms, 1.5s or 2m, "
                      "got \"0\"");
    CHECK_THROWS_WITH(set_option(o, "--algorithm", "leaky"),
                      "--algorithm must be fixed|sliding|bucket|concurrency, got \"leaky\"");
    CHECK_THROWS_WITH(set_option(o, "--headers", "x"),
                      "--headers must be none|retry-after|retry-after-date|draft6|draft7|draft8|"
                      "x-delta|x-epoch, got \"x\"");
    CHECK_THROWS_WITH(
        set_option(o, "--shape", ""),
        "--shape must be generic|vonage|vonage-sms|twilio|plivo|telnyx|audian, got \"\"");
    for (const auto* const text : {"50", "@1s", "50@", "50@soon"})
        CHECK_THROWS_AS(set_option(o, "--then-limit", text), std::invalid_argument);
    CHECK_THROWS_WITH(set_option(o, "--then-limit", "50@soon"),
                      "--then-limit must be a limit and when it begins such as 50@2s, got "
                      "\"50@soon\"");
    CHECK_THROWS_WITH(set_option(o, "--latency", "9ms..5ms"),
                      "--latency must be a duration such as 20ms or a range such as 5ms..50ms, "
                      "got \"9ms..5ms\"");
    CHECK_THROWS_WITH(set_option(o, "--stall", "3"),
                      "--stall must be a duration of at most 24h such as 250ms, 1.5s or 2m, "
                      "got \"3\"");
    CHECK_THROWS_WITH(set_option(o, "--faults", "500=2"),
                      "--faults: 500 must be a probability from 0 to 1, got \"2\"");
}

TEST_CASE("read_command_line: usage errors end with status 2", "[gateway][options]") {
    const auto bad = read({"--window", "x"});
    CHECK_FALSE(bad.serve.has_value());
    CHECK(bad.status == 2);
    CHECK(bad.text ==
          "bide-gateway: --window must be a duration from 1ms to 24h such as 250ms, 1.5s or 2m, "
          "got \"x\"\n");
    const auto unknown = read({"--colour"});
    CHECK(unknown.status == 2);
    CHECK(unknown.text ==
          "bide-gateway: The following argument was not expected: --colour (--help "
          "lists the options)\n");
    const auto help = read({"--help"});
    CHECK_FALSE(help.serve.has_value());
    CHECK(help.status == 0);
    CHECK(help.text.find("drop-reused-acted") != std::string::npos);
}

TEST_CASE("check: options from code obey the same borders", "[gateway][options]") {
    options o;
    CHECK_NOTHROW(gateway::check(o));
    o.window = 0ns;
    CHECK_THROWS_WITH(gateway::check(o), "--window must be from 1000000ns to 24h, got 0ns");
    o = {};
    o.limit = 1'000'001;
    CHECK_THROWS_WITH(gateway::check(o), "--limit must be from 0 to 1000000, got 1000001");
}

TEST_CASE("read_command_line: options that mean nothing together", "[gateway][options]") {
    using row = std::pair<std::vector<const char*>, const char*>;
    const std::vector<row> rows{
        {{"--shape", "vonage-sms", "--headers", "draft7"},
         "--headers must be none with --shape vonage-sms, which throttles in the body of a 200, "
         "got "
         "draft7"},
        {{"--algorithm", "concurrency", "--limit", "2", "--headers", "draft6"},
         "--headers must be none, retry-after, retry-after-date or draft8 with --algorithm "
         "concurrency, which has no reset to tell, got draft6"},
        {{"--algorithm", "concurrency", "--limit", "2", "--shape", "telnyx"},
         "--headers must be none, retry-after, retry-after-date or draft8 with --algorithm "
         "concurrency, which has no reset to tell, got x-delta"},
        {{"--headers", "x-epoch"},
         "--headers x-epoch must come with a --limit, which is all that it tells"},
        {{"--then-limit", "5@1s"}, "--then-limit must come with a --limit, which it changes"},
        {{"--limit", "9", "--then-limit", "0@1s"}, "--then-limit must be from 1 to 1000000, got 0"},
    };
    for (const auto& [arguments, expected] : rows) {
        const auto c = read(arguments);
        CHECK_FALSE(c.serve.has_value());
        CHECK(c.status == 2);
        CHECK(c.text == "bide-gateway: " + std::string{expected} + "\n");
    }
    for (const auto* const shape : {"vonage-sms", "twilio", "telnyx", "audian"})
        CHECK(read({"--shape", shape}).serve.has_value());
    CHECK(read({"--algorithm", "concurrency", "--limit", "2", "--headers", "draft8"}).serve);
}
