// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/vectors.hpp"
#include "vectors/breaker_config.hpp"
#include "vectors/breaker_models.hpp"
#include "vectors/breaker_replay.hpp"
#include "vectors/times.hpp"

#include <bide/gate.hpp>
#include <bide/gate/circuit_breaker.hpp>
#include <bide/testing.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <regex>
#include <stdexcept>
#include <string>

namespace {

using namespace vectors;

/// A failure or success in a state, the late result of an earlier call if no other can be.
judgement judge_transition(const json& input, const finding& found, const json& expect) {
    const auto from = input.at("state").get<std::string>();
    const std::uint64_t failures = input.value("should_break", false) ? 1 : 2;
    subject its{{.opens = circuit_breaker::failure_count{.failures = failures}}};
    if (from == "open" || from == "isolated") its.acquire();
    if (from == "open")
        its.breaker.trip(its.now);
    else if (from == "isolated")
        its.breaker.isolate(its.now);
    else if (from == "half_open")
        its.breaker.probe(its.now);
    else if (from != "closed")
        return failed("an unknown state: " + from);
    if (its.under_way.empty() && !its.acquire()) return failed("is not let in");
    its.complete(found);
    const auto to = std::string{to_string(its.breaker.state(its.now))};
    return passed_if(to == expect.at("state"), "is " + to);
}

judgement judge_should_break(const json& input, const json& expect) {
    const auto calls = input.at("throughput").get<std::uint64_t>();
    const auto failures = static_cast<std::uint64_t>(
        std::llround(input.at("failure_rate").get<double>() * static_cast<double>(calls)));
    subject its{{.opens = circuit_breaker::failure_rate{
                     .rate = input.at("failure_threshold").get<double>(),
                     .minimum = input.at("minimum_throughput").get<std::uint64_t>()}}};
    for (auto i = failures; i < calls; ++i) its.call(works);
    for (std::uint64_t i = 0; i < failures; ++i) its.call(fails);
    return passed_if((its.state() == "open") == expect.at("break").get<bool>(),
                     "is " + its.state());
}

judgement judge_rolling_window(const json& input, const json& expect) {
    const auto within = span(input, "window").value();
    subject its{
        {.opens = circuit_breaker::failure_rate{
             .rate = 1, .minimum = 1'000'000, .within = within, .steps = input.at("buckets")}}};
    std::size_t n = 0;
    const auto& all = expect.at("health");
    for (const auto& what : input.at("steps")) {
        if (what.at("op") != "health") {
            step(its, what);
            continue;
        }
        const auto seen = its.breaker.counts(its.now);
        for (const auto& [name, value] : all.at(n).items()) {
            const auto rate = seen.calls == 0 ? 0.0
                                              : static_cast<double>(seen.failures) /
                                                    static_cast<double>(seen.calls);
            if (name == "throughput" ? seen.calls != value.get<std::uint64_t>()
                                     : std::abs(rate - value.get<double>()) > 1e-9)
                return failed(name + " is not " + value.dump());
            if (name != "throughput" && name != "failure_rate")
                return failed("an unknown figure: " + name);
        }
        ++n;
    }
    return passed_if(n == all.size(), "not all were compared");
}

/// Where each result lies in the ring shows by when it leaves the window.
judgement judge_count_window(const json& input, const json& expect) {
    const auto size = input.at("size").get<std::uint64_t>();
    subject its{
        {.opens = circuit_breaker::failure_rate{.rate = 1, .minimum = size, .of_last = size}}};
    for (const auto& event : input.at("events")) its.call(event == "F" ? fails : works);
    const auto cursor = expect.at("cursor").get<std::size_t>();
    for (std::size_t i = 0; i <= size; ++i) {
        std::uint64_t failures = 0;
        for (auto k = i; k < size; ++k)
            failures += expect.at("samples").at((cursor + k) % size).get<bool>() ? 0U : 1U;
        if (its.breaker.counts(its.now).failures != failures)
            return failed("differs after " + std::to_string(i) + " more");
        its.call(works);
    }
    return passed();
}

judgement judge_breaker(const json& input, const json& expect) {
    breaker_options how;
    if (input.at("breaker") == "count")
        how.opens =
            circuit_breaker::failure_rate{.rate = just_above(input.at("threshold").get<double>()),
                                          .minimum = input.at("minimum_calls"),
                                          .of_last = input.at("size")};
    else if (input.at("breaker") == "consecutive")
        how.opens = circuit_breaker::failure_count{.failures = input.at("threshold")};
    else
        return failed("an unknown breaker: " + input.at("breaker").dump());
    subject its{how};
    auto before = false;
    for (const auto& run : input.at("events_rle"))
        for (auto n = run.at(1).get<int>(); n > 0; --n) {
            before = its.state() == "open";
            its.call(run.at(0) == "F" ? fails : works);
        }
    const auto earlier = expect.value("earlier_failures_open", false);
    const auto last = expect.at("last_opens").get<bool>();
    return passed_if(before == earlier && (its.state() == "open") == (last || earlier),
                     "is " + its.state());
}

judgement judge_composition(const json& input, const json& expect) {
    std::uint64_t attempts = 0;
    std::uint64_t failures = 0;
    std::smatch said;
    for (const auto& part : input.at("order")) {
        const auto text = part.get<std::string>();
        if (std::regex_match(text, said, std::regex{R"(retry\(max_attempts=(\d+)\))"}))
            attempts = std::stoull(said[1]);
        else if (std::regex_match(text, said, std::regex{R"(circuit_breaker\(failure=(\d+)\))"}))
            failures = std::stoull(said[1]);
        else
            return failed("an unknown part: " + text);
    }
    if (input.at("order").at(0).get<std::string>().starts_with("circuit_breaker"))
        return excluded("a gate is asked before every try, it does not stand around all of them");
    if (attempts == 0 || failures == 0 || input.at("call") != "always_fails")
        return failed("an unknown composition");
    bide::virtual_clock clock;
    circuit_breaker breaker({.opens = circuit_breaker::failure_count{.failures = failures}});
    std::uint64_t calls = 0;
    const auto rules = bide::policy(bide::constant(1ms), bide::max_attempts(attempts));
    const auto result = bide::retry(bide::with(clock, breaker, rules), [&] {
        ++calls;
        throw std::runtime_error{"as ever"};
    });
    const auto stopped =
        result.stopped_by() == bide::end::refused || result.stopped_by() == bide::end::deferred;
    if (calls != expect.at("calls_reaching_target") || !stopped)
        return failed(std::to_string(calls) + " calls, " + to_string(result.stopped_by()));
    // Theirs asks the open breaker again and again until its attempts are used up.
    return excluded("a refusal ends the operation with the time to come back; the calls agree");
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto kind = input.at("kind").get<std::string>();
    if (kind == "sequence") return judge_sequence(input, expect.at("trace"));
    if (kind == "on_failure") return judge_transition(input, fails, expect);
    if (kind == "on_success") return judge_transition(input, works, expect);
    if (kind == "should_break") return judge_should_break(input, expect);
    if (kind == "rolling_window") return judge_rolling_window(input, expect);
    if (kind == "count_window") return judge_count_window(input, expect);
    if (kind == "breaker_returns_open") return judge_breaker(input, expect);
    if (kind == "composition") return judge_composition(input, expect);
    if (kind == "config") return judge_config(input, expect);
    return failed("an unknown kind: " + kind);
}

}  // namespace

TEST_CASE("vectors: circuit_breaker", "[vectors][gate][circuit_breaker]") {
    vectors::run("circuit_breaker", judge);
}
