// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/vectors.hpp"
#include "vectors/draws.hpp"
#include "vectors/lists.hpp"
#include "vectors/shapes.hpp"
#include "vectors/times.hpp"

#include <bide/backoff/backoff.hpp>
#include <bide/defaults.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>
#include <bide/random.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

// Delays from the tests of a dozen retry libraries. Configured like them, ours must be theirs; what
// we do not have is excluded by what it asks for, never by the row's name.

namespace {

using namespace vectors;
using bide::attempt;

/// For all k from 1: 0 <= delay[k] <= min(max, initial * multiplier^k), or only finite.
judgement judge_bounds(const json& row) {
    const auto& input = row.at("input");
    const auto rule = row.at("expect").at("rule").get<std::string>();
    const bool bounded = rule.starts_with("0 <= delay[k] <= min(");
    if (!bounded && rule.find("finite") == std::string::npos) return failed("an unknown rule");
    const auto jitter = spread_of(input);
    if (bounded && jitter.kind == "decorrelated")
        return excluded(
            "another formula of the same name (theirs grows with the attempt, ours with "
            "the previous delay)");
    const auto s = settings_of(input);
    const auto ours = jittered("exponential", s, jitter);

    const auto n = input.at("n").get<std::uint64_t>();
    const auto repeats = input.value("repeats", 1U);
    for (unsigned seed = 0; seed < repeats; ++seed) {
        bide::splitmix64 source{seed};
        auto previous = duration::zero();
        for (std::uint64_t k = 1; k <= n; ++k) {
            const auto bound = (std::min)(
                static_cast<long double>(s.cap.count()),
                static_cast<long double>(s.base.count()) *
                    std::pow(static_cast<long double>(s.factor), static_cast<long double>(k)));
            const attempt a{.number = k, .previous = previous};
            const auto band = ours.band_of(a);
            const auto d = bide::delay_of(ours, a, source);
            if (band.low < duration::zero() || d < band.low || d > band.high || band.high > s.cap)
                return failed("delay " + std::to_string(k) + " is " + text(d));
            if (bounded && static_cast<long double>(band.high.count()) > bound)
                return failed("band " + std::to_string(k) + " ends at " + text(band.high));
            previous = d;
        }
    }
    return passed();
}

judgement judge_one(const json& row) {
    const auto& input = row.at("input");
    const auto s = settings_of(input);
    if (const auto why = refusal("exponential", s)) return refused("exponential", s, *why);
    // Their index counts from 0.
    const auto index = input.at("attempt_index").get<std::uint64_t>();
    const auto d = at(made("exponential", s), index + 1);
    const auto expected = time(row.at("expect").at("ms"), 1e6L);
    return passed_if(same(d, expected), "is " + text(d));
}

judgement judge_float(const json& row) {
    const auto& input = row.at("input");
    const auto cap = input.at("max_s").is_null() ? 1e300 : input.at("max_s").get<double>();
    const auto multiplier = input.at("multiplier_s").get<double>();
    if (multiplier < 1e-9 || cap < 1e-9) return excluded("below a nanosecond, our unit");
    if (multiplier > cap) return excluded("a cap below the base is refused");
    const shape ours = bide::exponential({.base = std::chrono::duration<double>{multiplier},
                                          .factor = input.at("base").get<double>(),
                                          .cap = std::chrono::duration<double>{cap}});
    const auto d = at(ours, input.at("attempt").get<std::uint64_t>());
    return passed_if(same(d, time(row.at("expect").at("seconds"), 1e9L)), "is " + text(d));
}

/// Settings alone: are they accepted? What a row does not name is of no importance to it, and
/// chosen so that it is no obstacle.
judgement judge_config(const json& row) {
    const auto& input = row.at("input");
    const auto valid = row.at("expect").at("valid").get<bool>();
    std::optional<duration> base, cap, added;
    std::optional<double> factor, proportion;
    std::optional<std::uint64_t> attempts;
    for (const auto& [key, value] : input.items()) {
        if (key == "kind") continue;
        const bool jitter =
            key.find("jitter") != std::string::npos || key.find("random") != std::string::npos;
        if (key == "max_retries") {
            if (!valid && value > 63)
                return excluded("a bound that their shift needs, ours has none");
            if (value < 0)
                return excluded("a negative number cannot be written: the type is unsigned");
            attempts = value.get<std::uint64_t>() + 1;
        } else if (jitter && key.ends_with("factor")) {
            proportion = value.get<double>();
        } else if (jitter) {
            added = span(json{{key, value}}, key.substr(0, key.rfind('_')));
            if (!added) return failed("an unknown setting: " + key);
        } else if (key == "multiplier" || key == "factor") {
            factor = value.get<double>();
        } else if (const auto initial = span(json{{key, value}}, base_names)) {
            base = initial;
        } else if (const auto most = span(json{{key, value}}, cap_names)) {
            cap = most;
        } else {
            return failed("an unknown setting: " + key);
        }
    }
    const auto first =
        base.value_or((std::min)(bide::defaults::base, cap.value_or(bide::defaults::base)));
    bool accepted = true;
    try {
        static_cast<void>(bide::exponential({.base = first,
                                             .factor = factor.value_or(bide::defaults::factor),
                                             .cap = cap.value_or(duration::max())}));
        static_cast<void>(bide::proportional_jitter(proportion.value_or(0)));
        static_cast<void>(bide::constant(added.value_or(duration::zero())));
        static_cast<void>(bide::max_attempts(attempts.value_or(1)));
    } catch (const std::invalid_argument&) {
        accepted = false;
    }
    if (accepted && !valid && added && base && *added >= *base)
        return excluded("a sum takes any two, also a jitter that is longer than the delay");
    return passed_if(accepted == valid, accepted ? "is accepted" : "is refused");
}

judgement judge_max_elapsed(const json& row) {
    const auto& input = row.at("input");
    const auto total = span(input, "max_elapsed").value();
    const auto elapsed = span(input, "elapsed").value();
    const bide::max_elapsed limit({.total = total, .least_try = bide::timespan{duration::zero()}});
    const auto stops =
        limit.check({.number = 2, .at = bide::time_point{elapsed}}) != bide::end::done;
    return passed_if(stops == row.at("expect").at("stop").get<bool>(), stops ? "stops" : "goes on");
}

judgement judge_max_retries(const json& row) {
    const bide::max_attempts limit{row.at("input").at("max_retries").get<std::uint64_t>() + 1};
    std::uint64_t retries = 0;
    while (retries < 1000 && limit.check({.number = retries + 2}) == bide::end::done) ++retries;
    return passed_if(retries == row.at("expect").at("retries").get<std::uint64_t>() &&
                         limit.check({.number = retries + 2}) == bide::end::exhausted,
                     "allows " + std::to_string(retries));
}

judgement judge(const json& row) {
    const auto kind = row.at("input").at("kind").get<std::string>();
    if (kind.starts_with("mean_of_"))
        return excluded("a statistic; our draws are tested at their bounds");
    for (const auto& [key, value] : row.at("expect").items())
        if (key.starts_with("mean_of_"))
            return excluded("a statistic; our draws are tested at their bounds");

    static const std::map<std::string, judgement (*)(const json&)> by_kind = {
        {"constant", [](const json& r) { return judge_list(r, "constant"); }},
        {"linear", [](const json& r) { return judge_list(r, "linear"); }},
        {"fibonacci", [](const json& r) { return judge_list(r, "fibonacci"); }},
        {"exponential", [](const json& r) { return judge_list(r, "exponential"); }},
        {"list", [](const json& r) { return judge_list(r, "list"); }},
        {"exponential_bounds_for_all_k", judge_bounds},
        {"exponential_at", judge_one},
        {"exponential_float_s", judge_float},
        {"integer_random_interval", judge_random_interval},
        {"envoy_jittered_exponential", judge_envoy_exponential},
        {"envoy_jittered_exponential_seq", judge_envoy_exponential},
        {"envoy_lower_bound", judge_envoy_lower_bound},
        {"polly", judge_polly},
        {"config", judge_config},
        {"max_elapsed", judge_max_elapsed},
        {"max_retries", judge_max_retries},
    };
    const auto found = by_kind.find(kind);
    return found != by_kind.end() ? found->second(row) : failed("an unknown kind: " + kind);
}

}  // namespace

TEST_CASE("vectors: backoff_intervals", "[vectors][backoff]") {
    vectors::run("backoff_intervals", judge);
}
