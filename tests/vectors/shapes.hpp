// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_SHAPES_HPP
#define BIDE_TESTS_VECTORS_SHAPES_HPP

#include "support/vectors.hpp"
#include "vectors/times.hpp"

#include <bide/backoff/any_backoff.hpp>
#include <bide/backoff/at_least.hpp>
#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/fibonacci.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/backoff/linear.hpp>
#include <bide/backoff/sequence.hpp>
#include <bide/backoff/sum.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// Our backoffs, configured as the rows ask for.
namespace vectors {

using shape = bide::any_backoff;

inline duration at(const shape& s, std::uint64_t number) {
    return s.band_of({.number = number}).high;
}

// ---- Shapes -------------------------------------------------------------------------------------

constexpr std::initializer_list<const char*> base_names = {
    "initial", "base", "unit", "interval", "initial_interval", "delay", "initial_delay"};
constexpr std::initializer_list<const char*> cap_names = {"max", "cap", "max_interval",
                                                          "max_delay"};
constexpr std::initializer_list<const char*> step_names = {"step", "increment", "slope"};
constexpr std::initializer_list<const char*> floor_names = {"min", "min_interval", "min_delay"};

struct settings {
    duration base{};
    double factor = 2;
    std::optional<duration> step = {};
    duration cap = duration::max();
    std::vector<duration> delays = {};  ///< Of a list, which has nothing else.
    bool then_stop = false;
};

inline std::vector<duration> delays_of(const json& input) {
    std::vector<duration> delays;
    if (const auto given = list(input, "delays"))
        for (const auto& d : *given) delays.push_back(d.value());
    return delays;
}

inline settings settings_of(const json& input) {
    settings s;
    s.delays = delays_of(input);
    if (!s.delays.empty()) return s;
    const auto base = span(input, base_names);
    if (!base) throw std::runtime_error{"a shape without a base"};
    s.base = *base;
    s.factor = input.value("multiplier", 2.0);
    s.step = span(input, step_names);
    s.cap = span(input, cap_names).value_or(duration::max());
    return s;
}

/// `share` of every delay, for those that are the sum of two.
inline settings shared(settings s, double share) {
    const auto of = [share](duration d) {
        if (d == duration::max()) return d;
        return duration{std::llround(static_cast<double>(d.count()) * share)};
    };
    s.base = of(s.base);
    s.cap = of(s.cap);
    if (s.step) s.step = of(*s.step);
    for (auto& d : s.delays) d = of(d);
    return s;
}

template <std::size_t... Index>
shape sequence_of(const settings& s, std::index_sequence<Index...>) {
    const bide::sequence all(s.delays[Index]...);
    return s.then_stop ? all.then_stop() : all;
}

/// A list knows its length when it is compiled; so do the lists of the rows, by trying.
template <std::size_t Count = 1>
shape sequence_of(const settings& s) {
    if (s.delays.size() == Count) return sequence_of(s, std::make_index_sequence<Count>{});
    if constexpr (Count < 12) return sequence_of<Count + 1>(s);
    throw std::runtime_error{"a list that is too long for this test"};
}

inline shape made(const std::string& kind, const settings& s) {
    if (kind == "list") return sequence_of(s);
    if (kind == "constant") {
        // A constant of ours has no cap: with one, it is the backoff that does not grow.
        if (s.cap == duration::max() || s.base == duration::zero())
            return bide::constant({.base = s.base});
        return bide::exponential({.base = s.base, .factor = 1, .cap = s.cap});
    }
    if (kind == "linear")
        return bide::linear(
            {.base = s.base, .step = bide::timespan{s.step.value_or(s.base)}, .cap = s.cap});
    if (kind == "fibonacci") return bide::fibonacci({.base = s.base, .cap = s.cap});
    if (kind == "exponential")
        return bide::exponential({.base = s.base, .factor = s.factor, .cap = s.cap});
    throw std::runtime_error{"an unknown shape: " + kind};
}

/// Why the library refuses such settings: they have no meaning, and it says so instead of guessing
/// one.
inline std::optional<std::string> refusal(const std::string& kind, const settings& s) {
    if (kind == "list") return std::nullopt;
    if (s.cap < s.base) return "a cap below the base is refused";
    if (kind == "constant") return std::nullopt;
    if (s.base <= duration::zero()) return "a base of zero is refused: it is no backoff";
    if (kind == "exponential" && !(s.factor >= 1)) return "a factor below 1 is refused";
    return std::nullopt;
}

/// An exclusion for refused settings; a failure if they are not refused after all.
inline judgement refused(const std::string& kind, const settings& s, const std::string& why) {
    try {
        static_cast<void>(made(kind, s));
    } catch (const std::invalid_argument&) {
        return excluded(why);
    }
    return failed("was not refused");
}

// ---- Jitter -------------------------------------------------------------------------------------

/// What a row asks for, as {"kind": ...} or as a word; none where it says nothing.
struct spread {
    std::string kind = "none";
    std::optional<double> factor = {};
    std::optional<duration> most = {};
    double random = 1;  ///< What their source of random numbers gives, 0 to 1.
};

inline spread spread_of(const json& input) {
    const auto found = input.find("jitter");
    if (found == input.end() || found->is_null()) return {};
    if (!found->is_object()) return {.kind = found->get<std::string>()};
    spread s{.kind = found->at("kind").get<std::string>()};
    if (found->contains("factor")) s.factor = found->at("factor").get<double>();
    s.most = span(*found, "max");
    s.random = found->value("random", 1.0);
    // A scale is a draw whose outcome is given: the delay times that number.
    if (s.kind == "scale" && s.factor) s.random = *s.factor;
    return s;
}

inline shape jittered(const std::string& kind, const settings& s, const spread& j) {
    const auto plain = made(kind, s);
    if (j.kind == "none") return plain;
    if (j.kind == "full") return plain | bide::full_jitter;
    if (j.kind == "equal" || j.kind == "half") return plain | bide::equal_jitter;
    if (j.kind == "decorrelated") return plain | bide::decorrelated_jitter;
    if (j.kind == "symmetric") return plain | bide::proportional_jitter(j.factor.value());
    if (j.kind == "scale" && j.random <= 1) return plain | bide::full_jitter;
    if (j.kind == "scale") return plain | bide::proportional_jitter(j.random - 1);  // upper end
    if (j.kind == "additive") return plain + (bide::constant(j.most.value()) | bide::full_jitter);
    if (j.kind == "downward") {
        const auto factor = j.factor.value();
        if (factor == 0) return plain;
        if (factor == 1) return plain | bide::full_jitter;
        return made(kind, shared(s, 1 - factor)) +
               (made(kind, shared(s, factor)) | bide::full_jitter);
    }
    throw std::runtime_error{"an unknown jitter: " + j.kind};
}

/// Where the cap cuts off a part of what their jitter could give.
inline bool is_cut(duration plain, const settings& s, const spread& j) {
    if (s.cap == duration::max()) return false;
    const auto d = static_cast<double>(plain.count());
    const auto cap = static_cast<double>(s.cap.count());
    if (j.kind == "symmetric") return d * (1 + j.factor.value()) > cap;
    if (j.kind == "additive") return bide::detail::saturating_add(plain, j.most.value()) > s.cap;
    if (j.kind == "scale") return plain >= s.cap || d * j.random > cap;
    return false;
}

/// A source that always gives the same share of what is possible.
inline auto stuck_at(double random) {
    // 2^64 itself does not fit, so everything above the largest double below it is all ones.
    const auto bits = random >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(std::ldexp(random, 64));
    return [bits] { return bits; };
}

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_SHAPES_HPP
