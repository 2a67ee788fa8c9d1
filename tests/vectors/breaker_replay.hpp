// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_BREAKER_REPLAY_HPP
#define BIDE_TESTS_VECTORS_BREAKER_REPLAY_HPP

#include "support/vectors.hpp"
#include "vectors/breaker_models.hpp"
#include "vectors/times.hpp"

#include <bide/gate/circuit_breaker.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

/// The rows that are sequences of steps.
namespace vectors {

using namespace std::chrono_literals;
using bide::breaker_state;
using bide::certainty;
using bide::finding;
using bide::time_point;
using bide::verdict;

inline constexpr finding works = bide::succeeded;
inline constexpr finding fails{.verdict = verdict::transient, .certainty = certainty::ambiguous};
inline constexpr finding says_nothing{.verdict = verdict::throttled};

/// A breaker, a clock and the tickets of calls that are under way, oldest first.
struct subject {
    explicit subject(breaker_options its) : breaker{watched(std::move(its)), 1} {}

    bide::breaker_change last{};
    std::uint64_t refused_before = 0;  // the last change
    circuit_breaker breaker;
    time_point now{1h};
    std::deque<std::unique_ptr<bide::ticket>> under_way{};

    bool acquire() {
        auto t = std::make_unique<bide::ticket>([](void*) noexcept {}, nullptr);
        if (!breaker.ask(*t, {}, now).says_go()) return false;
        under_way.push_back(std::move(t));
        return true;
    }
    void complete(const finding& how, duration latency = {}) {
        breaker.finish(*under_way.at(0), {.found = how, .latency = latency}, now);
        under_way.pop_front();
    }
    /// Whether it was let in.
    bool call(const finding& how, duration latency = {}) {
        if (!acquire()) return false;
        std::rotate(under_way.begin(), under_way.end() - 1, under_way.end());
        complete(how, latency);
        return true;
    }
    [[nodiscard]] std::string state() const { return to_string(breaker.state(now)); }

private:
    breaker_options watched(breaker_options its) {
        its.on_change = [this](const bide::breaker_change& c) {
            last = c;
            refused_before = breaker.refused();
        };
        return its;
    }
};

inline finding found_by(const std::string& word) {
    if (word == "success") return works;
    if (word == "failure" || word == "throws") return fails;
    if (word == "ignored") return says_nothing;
    throw std::runtime_error{"an unknown operation: " + word};
}

/// Whether it was let in, if the step asks for that.
inline std::optional<bool> step(subject& its, const json& what) {
    const auto op = what.at("op").get<std::string>();
    const auto latency = span(what, "duration").value_or(duration{});
    if (op == "advance_ms") {
        its.now += std::chrono::milliseconds{what.at("ms").get<std::int64_t>()};
    } else if (op.starts_with("record_")) {
        its.call(found_by(op.substr(7)), latency);
    } else if (op.starts_with("complete_")) {
        its.complete(found_by(op.substr(9)), latency);
    } else if (op == "release") {
        its.breaker.give_back(*its.under_way.at(0), its.now);
        its.under_way.pop_front();
    } else if (op == "try_acquire") {
        return its.acquire();
    } else if (op == "force_open") {
        its.breaker.trip(its.now);
    } else if (op == "force_half_open") {
        its.breaker.probe(its.now);
    } else if (op == "force_closed" || op == "reset") {
        its.breaker.reset(its.now);
    } else if (op == "isolate") {
        its.breaker.isolate(its.now);
    } else {
        return its.call(found_by(op), latency);
    }
    return std::nullopt;
}

/// One figure of a row against ours; empty if they agree.
inline std::string compare(subject& its, const json& input, const std::string& name,
                           const json& value) {
    // Resilience4j still shows what opened it, the others begin at zero.
    const auto keeps = input.at("model") == "resilience4j" && its.state() == "open";
    const auto counts = keeps ? its.last.because : its.breaker.counts(its.now);
    const auto probes =
        keeps ? its.last.from == breaker_state::half_open : its.state() == "half_open";
    const auto n = [&] { return value.get<std::uint64_t>(); };
    const auto rate = [&](std::uint64_t part) {
        const auto& config = input.at("config");
        auto least = config.value("minimum_calls", std::uint64_t{100});
        if (probes) least = (std::min)(least, config.value("half_open_permitted", least));
        if (counts.calls < least) return value.get<double>() == -1;
        return std::abs(100.0 * static_cast<double>(part) / static_cast<double>(counts.calls) -
                        value.get<double>()) < 1e-3;
    };
    auto same = true;
    if (name == "buffered") {
        same = counts.calls == n();
    } else if (name == "failed") {
        same = counts.failures == n();
    } else if (name == "slow") {
        same = counts.slow == n();
    } else if (name == "failure_rate") {
        same = rate(counts.failures);
    } else if (name == "slow_rate") {
        same = rate(counts.slow);
    } else if (name == "not_permitted") {
        same = its.breaker.refused() - its.refused_before == n();
    } else if (name == "counts") {
        // Theirs also has requests that say nothing, and totals beside failures in a row; ours
        // keeps only what decides.
        const auto failures = value.at("failures").get<std::uint64_t>();
        const auto calls = value.at("successes").get<std::uint64_t>() + failures;
        const auto in_a_row = input.at("config").at("trip").get<std::string>().starts_with("cons");
        if (!in_a_row || calls == 0) same = counts.calls == calls && counts.failures == failures;
    } else {
        return "an unknown figure: " + name;
    }
    if (same) return {};
    return name + " is not " + value.dump() + ", calls " + std::to_string(counts.calls) +
           ", failures " + std::to_string(counts.failures);
}

/// Whether a call ends in another interval of gobreaker's than it began in.
inline bool ends_late(const subject& its, const json& what, const json& input) {
    const auto interval = span(input.at("config"), "interval").value_or(duration{});
    if (input.at("model") != "gobreaker" || interval <= duration{} || its.under_way.empty() ||
        its.state() != "closed" || !what.at("op").get<std::string>().starts_with("complete_"))
        return false;
    const auto index = [&](time_point t) { return (t - time_point{1h}) / interval; };
    return index(its.under_way.front()->issued) != index(its.now);
}

/// What differs from one line of the trace; empty if nothing does.
inline std::string compare(subject& its, const json& input, const json& what,
                           std::optional<bool> permitted, const json& expect) {
    for (const auto& [name, value] : expect.items()) {
        std::string wrong;
        if (name == "permitted") {
            if (permitted != value.get<bool>()) wrong = "permitted differs";
        } else if (name == "state") {
            const auto state = value == "forced_open" ? "isolated" : value.get<std::string>();
            // Theirs stays open till the first call after the open time, ours until its end.
            const auto lazy = input.at("model") == "resilience4j" && state == "open" &&
                              what.at("op") == "advance_ms" && its.state() == "half_open";
            if (its.state() != state && !lazy) wrong = "is " + its.state();
        } else {
            wrong = compare(its, input, name, value);
        }
        if (!wrong.empty()) return wrong;
    }
    return {};
}

inline judgement judge_sequence(const json& input, const json& trace) {
    const auto& steps = input.at("steps");
    for (const auto& what : steps)
        if (what.at("op") == "disable")
            return excluded("a breaker that is disabled is left out of the plan");
    if (steps.size() != trace.size()) return failed("steps and trace differ in length");
    subject its{model(input.at("model"), input.at("config"))};
    its.breaker.reset(its.now);  // theirs count intervals from here
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (ends_late(its, steps[i], input))
            return excluded("a result counts when it comes, in whichever interval it began");
        const auto permitted = step(its, steps[i]);
        const auto wrong = compare(its, input, steps[i], permitted, trace[i]);
        if (!wrong.empty()) return failed("step " + std::to_string(i + 1) + ": " + wrong);
    }
    return passed();
}

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_BREAKER_REPLAY_HPP
