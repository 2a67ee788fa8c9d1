// SPDX-License-Identifier: MIT
#include "gateway/fault_plan.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
using gateway::fault;
using gateway::fault_plan;
using gateway::parse_fault_json;
using gateway::parse_fault_spec;

namespace {

double chance_of(const fault_plan& plan, fault what) {
    return plan.probability[static_cast<std::size_t>(what)];
}

const std::string all_names =
    "refuse, close-before-reply, close-before-reply-acted, drop-reused, drop-reused-acted, "
    "drop-idle, reset-mid-body, truncated-headers, garbage, stall, stall-acted, 429, 500, "
    "500-acted, 502, 502-acted, 503, 503-retry-after, 429-bare";

}  // namespace

TEST_CASE("fault_plan: reads every name of the table", "[gateway][faults]") {
    for (const auto& row : gateway::fault_table) {
        const auto plan = parse_fault_spec(std::string{row.name} + "=0.25");
        CHECK(chance_of(plan, row.id) == 0.25);
    }
    CHECK(gateway::fault_names() == all_names);
}

TEST_CASE("fault_plan: reads probabilities and positions", "[gateway][faults]") {
    const auto plan =
        parse_fault_spec("stall=0.002,@12:drop-reused-acted,500=1e-2,#a:b:502,#m:500,#m:429");
    CHECK(chance_of(plan, fault::stall) == 0.002);
    CHECK(chance_of(plan, fault::status_500) == 0.01);
    CHECK(plan.draw(1, 12, "x", 1) == fault::drop_reused_acted);
    CHECK(plan.draw(1, 5, "a:b", 1) == fault::status_502);
    CHECK(plan.draw(1, 5, "m", 1) == fault::status_500);
    CHECK(plan.draw(1, 6, "m", 2) == fault::status_429);
    CHECK(plan.draw(1, 12, "m", 1) == fault::drop_reused_acted);  // the position wins
    CHECK(parse_fault_spec("").by_request.empty());
}

TEST_CASE("fault_plan: a bad spec says what is wrong and what is allowed", "[gateway][faults]") {
    CHECK_THROWS_WITH(parse_fault_spec("stal=0.1"),
                      "\"stal=0.1\": \"stal\" is not a fault, allowed: " + all_names);
    CHECK_THROWS_WITH(parse_fault_spec("stall=1.5"),
                      "stall must be a probability from 0 to 1, got \"1.5\"");
    CHECK_THROWS_WITH(parse_fault_spec("stall=-0.1"),
                      "stall must be a probability from 0 to 1, got \"-0.1\"");
    CHECK_THROWS_WITH(parse_fault_spec("stall="),
                      "stall must be a probability from 0 to 1, got \"\"");
    CHECK_THROWS_WITH(parse_fault_spec("stall=nan"),
                      "stall must be a probability from 0 to 1, got \"nan\"");
    CHECK_THROWS_WITH(parse_fault_spec("stall=0.1,stall=0.1"), "stall must be given once");
    CHECK_THROWS_WITH(parse_fault_spec("stall=0.7,500=0.5"),
                      "the probabilities must add up to at most 1, got 1.2");
    CHECK_THROWS_WITH(parse_fault_spec("stall"),
                      "\"stall\" must be FAULT=PROBABILITY, @NUMBER:FAULT or #ID:FAULT");
    CHECK_THROWS_WITH(parse_fault_spec("stall=0.1,,500=0.1"),
                      "an item between two commas is empty");
    CHECK_THROWS_WITH(parse_fault_spec("@12"), "\"@12\" must be @NUMBER:FAULT or #ID:FAULT");
    CHECK_THROWS_WITH(parse_fault_spec("@0:stall"),
                      "\"@0:stall\": the position must be a whole number from 1, got \"0\"");
    CHECK_THROWS_WITH(parse_fault_spec("@x:stall"),
                      "\"@x:stall\": the position must be a whole number from 1, got \"x\"");
    CHECK_THROWS_WITH(parse_fault_spec("@3:stall,@3:500"),
                      "request 3 must have one fault, got two");
    CHECK_THROWS_WITH(parse_fault_spec("#:stall"), "the id of a script must not be empty");
    CHECK_NOTHROW(parse_fault_spec("stall=0.1,500=0.2,502=0.3,503=0.4"));  // 1 up to rounding
}

TEST_CASE("fault_plan: reads JSON", "[gateway][faults]") {
    const auto plan = parse_fault_json(R"({"probabilities":{"stall":0.002,"garbage":1e-3},
        "script":[{"request":12,"fault":"stall"},{"id":"m-7","fault":"500","times":2}],
        "stall":"3s","refuse_for":"10ms","idle_for":"0"})");
    CHECK(chance_of(plan, fault::stall) == 0.002);
    CHECK(chance_of(plan, fault::garbage) == 0.001);
    CHECK(plan.draw(1, 12, "x", 1) == fault::stall);
    CHECK(plan.draw(1, 1, "m-7", 1) == fault::status_500);
    CHECK(plan.draw(1, 1, "m-7", 2) == fault::status_500);
    CHECK(plan.by_id.at("m-7").size() == 2);
    CHECK(plan.stall == 3s);
    CHECK(plan.refuse_for == 10ms);
    CHECK(plan.idle_for == 0ns);
}

TEST_CASE("fault_plan: bad JSON is named by its pointer", "[gateway][faults]") {
    struct row {
        const char* text;
        std::string message;
    };
    const row rows[] = {
        {"{", "the document is not valid JSON"},
        {"[]", "the document must be an object, got []"},
        {R"({"odds":1})",
         "/odds is not known, allowed: probabilities, script, stall, refuse_for, idle_for"},
        {R"({"probabilities":3})", "/probabilities must be an object, got 3"},
        {R"({"probabilities":{"x":0}})",
         "/probabilities: \"x\" is not a fault, allowed: " + all_names},
        {R"({"probabilities":{"stall":2}})", "stall must be a probability from 0 to 1, got 2"},
        {R"({"probabilities":{"stall":"0.1"}})",
         "stall must be a probability from 0 to 1, got \"0.1\""},
        {R"({"script":{}})", "/script must be an array, got {}"},
        {R"({"script":[1]})", "/script/0 must be an object, got 1"},
        {R"({"script":[{"fault":"500"}]})",
         "/script/0 must be an object with either \"request\" or \"id\", got {\"fault\":\"500\"}"},
        {R"({"script":[{"id":"a"}]})", "/script/0/fault must be a string, got null"},
        {R"({"script":[{"id":"a","fault":"x"}]})",
         "/script/0/fault: \"x\" is not a fault, allowed: " + all_names},
        {R"({"script":[{"id":"","fault":"500"}]})",
         "/script/0/id must be a string that is not empty, got \"\""},
        {R"({"script":[{"id":"a","fault":"500","times":0}]})",
         "/script/0/times must be a whole number from 1 to 1000000, got 0"},
        {R"({"script":[{"id":"a","fault":"500","when":1}]})",
         "/script/0/when is not known, allowed: request, id, fault, times"},
        {R"({"script":[{"request":1,"fault":"500","times":2}]})",
         "/script/0 must be without \"times\" beside \"request\", got "
         "{\"fault\":\"500\",\"request\":1,\"times\":2}"},
        {R"({"script":[{"request":-1,"fault":"500"}]})",
         "/script/0/request must be a whole number from 1 to 18446744073709551615, got -1"},
        {R"({"stall":3})",
         "/stall must be a duration such as \"250ms\" or \"3s\", at most 24h, got 3"},
    };
    for (const auto& [text, message] : rows) {
        CAPTURE(text);
        CHECK_THROWS_WITH(parse_fault_json(text), message);
    }
}

TEST_CASE("fault_plan: a missing file is named", "[gateway][faults]") {
    CHECK_THROWS_WITH(gateway::load_faults("no/such/plan.json"),
                      "there is no file \"no/such/plan.json\"");
}

TEST_CASE("fault_plan: draws depend on seed, id and try, and on nothing else",
          "[gateway][faults]") {
    const auto plan = parse_fault_spec("stall=0.2,500=0.3");
    int stalls = 0;
    int errors = 0;
    bool seeds_differ = false;
    bool tries_differ = false;
    constexpr int n = 20'000;
    for (int i = 0; i < n; ++i) {
        const auto id = "m-" + std::to_string(i);
        const auto first = plan.draw(7, 1, id, 1);
        CHECK(first == plan.draw(7, 1 + static_cast<std::uint64_t>(i), id, 1));
        stalls += first == fault::stall ? 1 : 0;
        errors += first == fault::status_500 ? 1 : 0;
        seeds_differ = seeds_differ || first != plan.draw(8, 1, id, 1);
        tries_differ = tries_differ || first != plan.draw(7, 1, id, 2);
    }
    CHECK(stalls > n * 0.19);
    CHECK(stalls < n * 0.21);
    CHECK(errors > n * 0.29);
    CHECK(errors < n * 0.31);
    CHECK(seeds_differ);
    CHECK(tries_differ);
}

TEST_CASE("fault_plan: probability 1 always strikes and 0 never does", "[gateway][faults]") {
    const auto always = parse_fault_spec("garbage=1");
    const auto never = parse_fault_spec("garbage=0");
    for (int i = 0; i < 1000; ++i) {
        CHECK(always.draw(1, 1, std::to_string(i), 1) == fault::garbage);
        CHECK_FALSE(never.draw(1, 1, std::to_string(i), 1).has_value());
    }
}

TEST_CASE("fault_table: the help lists every fault with its row", "[gateway][faults]") {
    const auto help = gateway::fault_help();
    CHECK_THAT(help, Catch::Matchers::ContainsSubstring(
                         "  drop-reused-acted         yes      yes      no       FIN"));
    for (const auto& row : gateway::fault_table) CHECK(help.find(row.wire) != std::string::npos);
}
