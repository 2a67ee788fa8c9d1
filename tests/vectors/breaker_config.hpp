// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_BREAKER_CONFIG_HPP
#define BIDE_TESTS_VECTORS_BREAKER_CONFIG_HPP

#include "support/vectors.hpp"
#include "vectors/breaker_models.hpp"
#include "vectors/times.hpp"

#include <bide/backoff/constant.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/gate/circuit_breaker.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

/// The rows that are settings, of which some have no meaning.
namespace vectors {

inline bool has(const std::string& name, const char* part) {
    return name.find(part) != std::string::npos;
}

inline bool is_delay(const std::string& name) { return has(name, "delay") || has(name, "backoff"); }

/// A delay, or the two ends of a range of delays.
inline judgement judge_delays(const json& settings, bool valid) {
    std::optional<duration> low, high, base;
    for (const auto& [name, value] : settings.items()) {
        auto* which = &base;
        if (has(name, "min")) which = &low;
        if (has(name, "max")) which = &high;
        *which = span(json{{name, value}}, name.substr(0, name.rfind('_')));
        if (!*which) return failed("an unknown form of delay: " + name);
    }
    const auto first = low ? low : base;
    auto accepted = true;
    try {
        if (first) static_cast<void>(circuit_breaker{{.open_for = bide::constant(*first)}});
        if (high) {
            const auto rest = bide::constant(*high - first.value_or(duration::zero()));
            static_cast<void>(circuit_breaker{{.open_for = rest | bide::full_jitter}});
        }
    } catch (const std::invalid_argument&) {
        accepted = false;
    }
    return passed_if(accepted == valid, accepted ? "is accepted" : "is refused");
}

/// A number of calls; what none can be has no place in an unsigned whole number.
inline std::uint64_t whole(const json& value) {
    if (!value.is_number() || value.get<double>() < 0 ||
        std::floor(value.get<double>()) != value.get<double>())
        throw std::invalid_argument{"not a number of calls"};
    return static_cast<std::uint64_t>(value.get<double>());
}

inline breaker_options cockatiel(const json& settings) {
    allow_only(settings, {"threshold", "size", "minimum_calls", "half_open_calls",
                          "half_open_failure_threshold"});
    breaker_options its;
    if (settings.contains("size")) {
        const auto size = whole(settings.at("size"));
        its.opens = circuit_breaker::failure_rate{
            .rate = just_above(settings.at("threshold").get<double>()),
            .minimum = settings.contains("minimum_calls") ? whole(settings.at("minimum_calls"))
                                                          : (std::max)(size / 5, std::uint64_t{1}),
            .of_last = size};
    } else if (settings.contains("threshold")) {
        its.opens = circuit_breaker::failure_count{.failures = whole(settings.at("threshold"))};
    }
    if (settings.contains("half_open_calls")) {
        its.probes = whole(settings.at("half_open_calls"));
        const auto& share = settings.at("half_open_failure_threshold");
        if (!share.is_number()) throw std::invalid_argument{"not a share"};
        its.failed_probes =
            whole(std::floor(share.get<double>() * static_cast<double>(its.probes)));
    }
    return its;
}

/// What is meant by settings that are missing or have no meaning.
inline judgement judge_defaults(const json& settings, const json& expect) {
    try {
        const auto its = gobreaker(settings);
        static_cast<void>(circuit_breaker{its});
        const auto open_for = its.open_for.band_of({}).high;
        return passed_if(span(expect, "timeout") == open_for &&
                             expect.at("half_open_max_requests") == its.probes &&
                             expect.at("interval_ms") == settings.value("interval_ms", 0),
                         "differs");
    } catch (const std::invalid_argument&) {
        return excluded("a setting without a meaning is an error, not a default");
    }
}

inline judgement judge_config(json settings, const json& expect) {
    settings.erase("kind");
    if (settings.contains("config")) settings = json(settings.at("config"));
    if (!expect.contains("valid")) return judge_defaults(settings, expect);
    const auto valid = expect.at("valid").get<bool>();
    if (std::all_of(settings.items().begin(), settings.items().end(),
                    [](const auto& setting) { return is_delay(setting.key()); }))
        return judge_delays(settings, valid);
    if (!valid && settings.value("half_open_failure_threshold", json{}) == 0)
        return excluded("that no probe may fail is a meaning, and the usual one");
    auto accepted = true;
    try {
        static_cast<void>(circuit_breaker{cockatiel(settings)});
    } catch (const std::invalid_argument&) {
        accepted = false;
    }
    return passed_if(accepted == valid, accepted ? "is accepted" : "is refused");
}

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_BREAKER_CONFIG_HPP
