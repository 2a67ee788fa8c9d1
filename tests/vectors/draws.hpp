// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_DRAWS_HPP
#define BIDE_TESTS_VECTORS_DRAWS_HPP

#include "support/vectors.hpp"
#include "vectors/lists.hpp"
#include "vectors/shapes.hpp"
#include "vectors/times.hpp"

#include <bide/backoff/backoff.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Rows with formulas of their own that give the random number too: Envoy's, cenkalti's, Polly's.
namespace vectors {

/// Their draw, `low + random % (high - low)` in whole milliseconds, from our band.
inline duration drawn_as_by_envoy(const bide::band& band, const json& random) {
    const auto width = std::chrono::floor<std::chrono::milliseconds>(band.high - band.low);
    return band.low + std::chrono::milliseconds{random.get<std::int64_t>() % width.count()};
}

inline judgement judge_envoy(const json& row, const shape& ours, duration low) {
    const auto& input = row.at("input");
    const auto expected = list(row.at("expect"), "exact").value();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto band = ours.band_of({.number = i + 1});
        const auto random =
            input.contains("randoms") ? input.at("randoms").at(i) : input.at("random");
        if (band.low != low || drawn_as_by_envoy(band, random) != expected[i].value())
            return failed("band " + std::to_string(i + 1) + " is " + text(band.low) + " to " +
                          text(band.high));
    }
    return passed();
}

/// Full jitter as `random % min(base * 2^n, max)`.
inline judgement judge_envoy_exponential(const json& row) {
    const auto s = settings_of(row.at("input"));
    return judge_envoy(row, jittered("exponential", s, {.kind = "full"}), duration::zero());
}

/// What the server asked for and up to half of it more, as `min + random % (min / 2)`.
inline judgement judge_envoy_lower_bound(const json& row) {
    const auto low = span(row.at("input"), "min").value();
    const settings s{.base = low};
    return judge_envoy(row, jittered("constant", s, {.kind = "additive", .most = low / 2}), low);
}

/// `trunc(min + random * (max - min + 1))`, in nanoseconds.
inline judgement judge_random_interval(const json& row) {
    const auto& input = row.at("input");
    const settings s{.base = span(input, "current").value()};
    const spread j{.kind = "symmetric",
                   .factor = input.at("factor").get<double>(),
                   .random = input.at("random").get<double>()};
    auto source = stuck_at(j.random);
    const auto d = bide::delay_of(jittered("constant", s, j), {}, source);
    return passed_if(d == time(row.at("expect").at("ns"), 1), "is " + text(d));
}

/// Their delays with jitter: a quarter up or down, but for the exponential.
inline judgement judge_polly_jitter(const json& row, const std::string& kind, const settings& s) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto attempts = input.at("attempts").get<std::vector<std::uint64_t>>();  // from 0
    if (const auto exact = list(expect, "exact")) {
        if (kind == "exponential") return excluded("Polly's own formula (tanh) under that name");
        const spread j{.kind = "symmetric", .factor = 0.25, .random = input.value("random", 1.0)};
        const auto plain = made(kind, s);
        const auto ours = jittered(kind, s, j);
        auto source = stuck_at(j.random);
        for (std::size_t i = 0; i < attempts.size(); ++i) {
            const auto d = bide::delay_of(ours, {.number = attempts[i] + 1}, source);
            if (same(d, exact->at(i).value())) continue;
            if (is_cut(at(plain, attempts[i] + 1), s, j)) return excluded(cut);
            return failed("delay " + std::to_string(attempts[i] + 1) + " is " + text(d));
        }
        return passed();
    }

    const auto above = span(expect, "min_exclusive");
    const auto most = span(expect, "max");
    if (!above || !most) return failed("an unknown form of expectation");
    // As near as we come to theirs.
    const auto ours = jittered(kind, s, {.kind = "decorrelated"});
    for (const auto number : attempts) {
        for (const auto previous : {duration::zero(), s.base, s.cap}) {
            const auto band = ours.band_of({.number = number + 1, .previous = previous});
            if (band.low <= *above || band.high > *most)
                return failed("band is " + text(band.low) + " to " + text(band.high));
        }
    }
    return passed(inside);
}

inline judgement judge_polly(const json& row) {
    const auto& input = row.at("input");
    const auto kind = input.at("type").get<std::string>();
    const auto s = settings_of(input);
    if (const auto why = refusal(kind, s)) return refused(kind, s, *why);
    if (input.at("jitter").get<bool>()) return judge_polly_jitter(row, kind, s);

    const auto plain = made(kind, s);
    const auto attempts = input.at("attempts").get<std::vector<std::uint64_t>>();  // from 0
    const auto exact = list(row.at("expect"), "exact").value();
    for (std::size_t i = 0; i < attempts.size(); ++i)
        if (!same(at(plain, attempts[i] + 1), exact.at(i).value()))
            return failed("delay " + std::to_string(attempts[i] + 1) + " is " +
                          text(at(plain, attempts[i] + 1)));
    return passed();
}

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_DRAWS_HPP
