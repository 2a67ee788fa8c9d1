// SPDX-License-Identifier: MIT
#include <bide/json/record.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <stdexcept>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;
using nlohmann::json;

TEST_CASE("json: tells what became of an operation", "[json][record]") {
    bide::virtual_clock clock;
    const auto policy = bide::policy(bide::constant(2500us), bide::max_attempts(2));
    const auto outcome = bide::retry(bide::with(clock, policy), [&]() -> bide::finding {
        clock.advance(1ms);
        throw bide::throttled(std::runtime_error{"with a phone number in it"}, 1us);
    });
    CHECK(json(outcome.facts()) == json::parse(R"({
        "ended": "exhausted", "stopped_by": "exhausted", "certainty": "rejected",
        "attempts": 2, "elapsed_ms": 4, "retry_in_ms": 1,
        "tries": [
            {"number": 1, "verdict": "throttled", "certainty": "rejected",
             "ended_ms": 0, "wait_ms": 3, "hint_ms": 1},
            {"number": 2, "verdict": "throttled", "certainty": "rejected",
             "ended_ms": 4, "wait_ms": 0, "hint_ms": 1}]})"));
}

TEST_CASE("json: leaves out what there was not", "[json][record]") {
    const auto outcome = bide::retry(bide::policy(), [] { return 1; });
    CHECK(json(outcome.facts()) == json::parse(R"({
        "ended": "done", "stopped_by": "done", "certainty": "answered",
        "attempts": 1, "tries": []})"));
}

TEST_CASE("json: names status, error and refusal", "[json][record]") {
    bide::record r{.refused_by = "the queue is full"};
    r.tries.add({.number = 1, .found = {.status = 503, .error = 28}});
    const json j = r;
    CHECK(j["refused_by"] == "the queue is full");
    CHECK(j["tries"][0]["status"] == 503);
    CHECK(j["tries"][0]["error"] == 28);
}
