// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_BREAKER_MODELS_HPP
#define BIDE_TESTS_VECTORS_BREAKER_MODELS_HPP

#include "support/vectors.hpp"
#include "vectors/times.hpp"

#include <bide/backoff/backoff.hpp>
#include <bide/backoff/constant.hpp>
#include <bide/gate/circuit_breaker.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// The circuit breakers of other libraries as settings of ours.
namespace vectors {

using breaker_options = bide::circuit_breaker::options;
using bide::circuit_breaker;

/// Delays that are known at run time only; the last one stays.
struct listed {
    std::vector<duration> delays;
    [[nodiscard]] bide::band band_of(const bide::attempt& a) const noexcept {
        const auto index = std::min<std::size_t>(a.number - 1, delays.size() - 1);
        return {delays[index], delays[index]};
    }
};

inline void allow_only(const json& config, const std::set<std::string>& known) {
    for (const auto& [name, value] : config.items())
        if (!known.contains(name)) throw std::runtime_error{"an unknown setting: " + name};
}

/// A rate that is to be passed, where ours is to be reached.
inline double just_above(double rate) {
    return rate > 0 ? std::nextafter(rate, std::numeric_limits<double>::max()) : rate;
}

/// Opens by consecutive failures or, in windows that begin anew or move on, by a rate.
inline breaker_options gobreaker(const json& config) {
    allow_only(config, {"trip", "interval_ms", "timeout_ms", "half_open_max_requests", "bucket_ms",
                        "buckets", "window"});
    breaker_options its;
    std::smatch said;
    const auto trip = config.value("trip", std::string{"consecutive_failures > 5"});
    if (std::regex_match(trip, said, std::regex{R"(consecutive_failures > (\d+))"})) {
        its.opens = circuit_breaker::failure_count{.failures = std::stoull(said[1]) + 1};
    } else if (std::regex_match(trip, said,
                                std::regex{R"(requests\(excl\. ignored\) >= (\d+) and )"
                                           R"(failures/requests >= ([0-9.]+))"})) {
        circuit_breaker::failure_rate rate{.rate = std::stod(said[2]),
                                           .minimum = std::stoull(said[1]),
                                           .steps = config.value("buckets", std::uint64_t{1})};
        const auto interval = span(config, "interval").value_or(duration{});
        rate.within = interval == duration{} ? duration::max() : interval;
        its.opens = rate;
    } else {
        throw std::runtime_error{"an unknown rule: " + trip};
    }
    const auto timeout = span(config, "timeout").value_or(duration{});
    its.open_for =
        bide::constant(timeout != duration{} ? timeout : duration{std::chrono::minutes{1}});
    its.probes =
        (std::max)(config.value("half_open_max_requests", std::uint64_t{1}), std::uint64_t{1});
    return its;
}

/// k of the last n, both for failures and for the successes that close it again.
inline breaker_options failsafe(const json& config) {
    allow_only(config, {"failure", "success", "delay_ms"});
    const auto pair = [&](const char* name) {
        const auto value = config.value(name, json{1, 1});
        return std::pair{value.at(0).get<std::uint64_t>(), value.at(1).get<std::uint64_t>()};
    };
    const auto [failures, of] = pair("failure");
    breaker_options its;
    its.opens = circuit_breaker::failure_count{.failures = failures, .of_last = of};
    its.open_for = bide::constant(span(config, "delay").value_or(std::chrono::minutes{1}));
    its.probes = of;
    its.failed_probes = failures - 1;
    if (config.contains("success")) {
        const auto [successes, of_probes] = pair("success");
        its.probes = of_probes;
        its.failed_probes = of_probes - successes;
    }
    return its;
}

inline breaker_options resilience4j(const json& config) {
    allow_only(config, {"failure_rate_threshold_pct", "minimum_calls", "window", "slow_call_ms",
                        "slow_call_rate_threshold_pct", "half_open_permitted", "wait_open_ms"});
    const auto percent = config.value("failure_rate_threshold_pct", 50.0);
    circuit_breaker::failure_rate rate{
        .rate = percent / 100,
        .minimum = config.value("minimum_calls", std::uint64_t{100}),
        .slow_rate = config.value("slow_call_rate_threshold_pct", 100.0) / 100};
    rate.slow_from = span(config, "slow_call").value_or(std::chrono::minutes{1});
    std::smatch said;
    const auto window = config.value("window", std::string{"count 100"});
    if (std::regex_match(window, said, std::regex{R"(time (\d+) s)"})) {
        rate.steps = std::stoull(said[1]);  // of a second each
        rate.within = std::chrono::seconds{rate.steps};
    } else if (std::regex_match(window, said, std::regex{R"(count (\d+))"})) {
        rate.of_last = std::stoull(said[1]);
        rate.minimum = (std::min)(rate.minimum, rate.of_last);
    } else {
        throw std::runtime_error{"an unknown window: " + window};
    }
    breaker_options its;
    its.opens = rate;
    its.open_for = bide::constant(span(config, "wait_open").value_or(std::chrono::minutes{1}));
    its.probes = config.value("half_open_permitted", std::uint64_t{10});
    its.failed_probes =
        static_cast<std::uint64_t>(std::ceil(static_cast<double>(its.probes) * percent / 100) - 1);
    its.hears_all_probes = true;
    return its;
}

/// Polly's and cockatiel's, of which the latter has open times that grow.
inline breaker_options in_a_row(const json& config) {
    allow_only(config, {"failures", "break_ms", "half_open_after_ms"});
    breaker_options its;
    its.opens = circuit_breaker::failure_count{.failures = config.at("failures")};
    listed delays;
    const auto said = list(config, config.contains("break_ms") ? "break" : "half_open_after");
    for (const auto& d : said.value()) delays.delays.push_back(d.value());
    its.open_for = delays;
    // Polly lets another probe go when the open time has passed once more.
    if (config.contains("break_ms")) its.probe_patience = delays.delays.front();
    return its;
}

inline breaker_options model(const std::string& name, const json& config) {
    if (name == "gobreaker") return gobreaker(config);
    if (name == "failsafe") return failsafe(config);
    if (name == "resilience4j") return resilience4j(config);
    if (name == "polly_consecutive" || name == "cockatiel_consecutive") return in_a_row(config);
    throw std::runtime_error{"an unknown model: " + name};
}

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_BREAKER_MODELS_HPP
