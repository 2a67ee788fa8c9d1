// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_LISTS_HPP
#define BIDE_TESTS_VECTORS_LISTS_HPP

#include "support/vectors.hpp"
#include "vectors/shapes.hpp"
#include "vectors/times.hpp"

#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>
#include <bide/retry/policy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

/// Rows that list the delays of one operation, or the bounds of each.
namespace vectors {

constexpr auto inside = "our band lies inside theirs";
constexpr auto cut =
    "at the cap theirs is cut after the draw or goes beyond it, ours is drawn below it";

/// Retries end where their list has null; the limits that the row names must end them there too,
/// together with the backoff if it ends by itself.
inline judgement ends(const json& input, const shape& ours, const times& expected) {
    const auto tries = input.value("max_attempts", UINT64_MAX);
    const auto retries = input.value("max_retries", UINT64_MAX - 1);
    const auto total = span(input, "total_delay").value_or(duration::max());
    // Their clock counts delays alone, as if the calls took no time.
    const auto limit =
        bide::policy(ours, bide::max_attempts((std::min)(tries, retries + 1)) |
                               bide::max_elapsed(
                                   {.total = total, .least_try = bide::timespan{duration::zero()}}))
            .limits();
    bide::time_point now{};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        // After the end the delay before stands for the one that was not given.
        const auto d = expected[i]
                           ? *expected[i]
                           : (i > 0 ? expected[i - 1] : expected[i]).value_or(duration::zero());
        now = bide::detail::saturating_add(now, d);
        const auto going = limit.check({.number = i + 2, .at = now}) == bide::end::done;
        if (going != expected[i].has_value())
            return failed("retry " + std::to_string(i + 1) + (going ? " is allowed" : " is not"));
        if (!going) break;
    }
    return passed();
}

/// The delays as drawn from a stuck source.
inline judgement judge_exact(const json& input, const shape& plain, const shape& ours,
                             const settings& s, const spread& j, const times& expected) {
    auto source = stuck_at(j.random);
    auto previous = duration::zero();
    bool differs_at_cap = false;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (!expected[i]) return ends(input, ours, expected);
        const auto d = bide::delay_of(ours, {.number = i + 1, .previous = previous}, source);
        previous = d;
        if (same(d, *expected[i])) continue;
        if (!is_cut(at(plain, i + 1), s, j))
            return failed("delay " + std::to_string(i + 1) + " is " + text(d));
        differs_at_cap = true;
    }
    return differs_at_cap ? excluded(cut) : passed();
}

/// Our bands inside theirs.
inline judgement judge_bands(const shape& plain, const shape& ours, const settings& s,
                             const spread& j, const times& low, const times& high) {
    auto previous = duration::zero();
    bool differs_at_cap = false;
    bool equal = true;
    for (std::size_t i = 0; i < low.size(); ++i) {
        const auto band = ours.band_of({.number = i + 1, .previous = previous});
        previous = band.high;
        equal = equal && same(band.low, low[i].value()) && same(band.high, high[i].value());
        if (band.low + lost(band.low) >= *low[i] && band.high - lost(band.high) <= *high[i])
            continue;
        if (!is_cut(at(plain, i + 1), s, j))
            return failed("band " + std::to_string(i + 1) + " is " + text(band.low) + " to " +
                          text(band.high));
        differs_at_cap = true;
    }
    if (differs_at_cap) return excluded(cut);
    return equal ? passed() : passed(inside);
}

inline judgement judge_list(const json& row, const std::string& kind) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    auto s = settings_of(input);
    if (const auto why = refusal(kind, s)) return refused(kind, s, *why);

    const auto n = input.value("n", std::size_t{1});
    const auto exact = list(expect, "exact", n);
    const auto low = list(expect, "min", n);
    const auto high = list(expect, "max", n);
    // A list that ends although no limit is named ends by itself.
    s.then_stop = kind == "list" && exact && !exact->empty() && !exact->back() &&
                  !input.contains("max_retries") && !input.contains("max_attempts") &&
                  !span(input, "total_delay");
    const auto plain = made(kind, s);

    // The delays before jitter, whatever the jitter.
    const auto bases = list(expect, "base");
    if (bases)
        for (std::size_t i = 0; i < bases->size(); ++i)
            if ((*bases)[i] && !same(at(plain, i + 1), *(*bases)[i]))
                return failed("before jitter " + std::to_string(i + 1) + " is " +
                              text(at(plain, i + 1)));
    if (bases && !exact && !low && !high) return passed();
    if (!exact && (!low || !high || low->size() != high->size()))
        return failed("an unknown form of expectation");

    const auto j = spread_of(input);
    auto ours = jittered(kind, s, j);
    if (const auto floor = span(input, floor_names)) ours = ours | bide::at_least(*floor);
    return exact ? judge_exact(input, plain, ours, s, j, *exact)
                 : judge_bands(plain, ours, s, j, *low, *high);
}

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_LISTS_HPP
