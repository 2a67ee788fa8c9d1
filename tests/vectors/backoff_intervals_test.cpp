// SPDX-License-Identifier: MIT
#include <bide/backoff/backoff.hpp>
#include <bide/backoff/constant.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/fibonacci.hpp>
#include <bide/backoff/jitter.hpp>
#include <bide/backoff/linear.hpp>
#include <bide/limit/max_attempts.hpp>
#include <bide/limit/max_elapsed.hpp>
#include <bide/random.hpp>
#include <bide/time.hpp>

#include "support/catch.hpp"
#include "support/vectors.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Delays from the tests of a dozen retry libraries. Configured like them, ours must be theirs; what
// we do not have is excluded by what it asks for, never by the row's name.

namespace {

using bide::attempt;
using bide::duration;
using vectors::excluded;
using vectors::failed;
using vectors::json;
using vectors::judgement;
using vectors::passed;

constexpr auto proportional = "jitter in proportion to the delay comes in step 2";
constexpr auto inside = "our band lies inside theirs";

/// Any shape or jittered shape, as one type.
struct shape {
    std::function<bide::band(const attempt&)> bands;

    [[nodiscard]] bide::band band_of(const attempt& a) const noexcept { return bands(a); }
    [[nodiscard]] duration at(std::uint64_t number) const {
        return band_of({.number = number}).high;
    }
};
static_assert(bide::backoff<shape>);

template <bide::backoff B>
shape any(B b) {
    return {[b](const attempt& a) { return b.band_of(a); }};
}

// ---- Times
// ---------------------------------------------------------------------------------------

/// A number in nanoseconds, saturating; "MAX" is as long as possible.
duration time(const json& value, long double unit) {
    if (value == "MAX") return duration::max();
    using exact = std::chrono::duration<long double, std::nano>;
    return bide::timespan{exact{value.get<long double>() * unit}};
}

constexpr std::array<std::pair<const char*, long double>, 4> units = {
    {{"_ns", 1.0L}, {"_us", 1e3L}, {"_ms", 1e6L}, {"_s", 1e9L}}};

/// The field `name` with any unit behind it; absent where it is missing or null.
std::optional<duration> span(const json& object, const std::string& name) {
    for (const auto& [suffix, unit] : units)
        if (const auto found = object.find(name + suffix);
            found != object.end() && !found->is_null())
            return time(*found, unit);
    return std::nullopt;
}

std::optional<duration> span(const json& object, std::initializer_list<const char*> names) {
    for (const auto* name : names)
        if (const auto found = span(object, std::string{name})) return found;
    return std::nullopt;
}

using times = std::vector<std::optional<duration>>;

/// The list `name` with any unit behind it; null in it stays nothing, a single number stands for
/// all.
std::optional<times> list(const json& object, const std::string& name, std::size_t n = 1) {
    for (const auto& [suffix, unit] : units) {
        const auto found = object.find(name + suffix);
        if (found == object.end() || found->is_null()) continue;
        if (!found->is_array()) return times(n, time(*found, unit));
        times all;
        for (const auto& value : *found)
            all.push_back(value.is_null() ? std::nullopt : std::optional{time(value, unit)});
        return all;
    }
    return std::nullopt;
}

/// Equal but for what the decimal numbers of JSON lose.
bool same(duration a, duration b) {
    const auto lost = std::abs(static_cast<double>(b.count())) * 1e-12;
    return std::abs(static_cast<double>(a.count()) - static_cast<double>(b.count())) <=
           (std::max)(2.0, lost);
}

std::string text(duration d) { return std::to_string(d.count()) + " ns"; }

// ---- Shapes
// --------------------------------------------------------------------------------------

constexpr std::initializer_list<const char*> base_names = {
    "initial", "base", "unit", "interval", "initial_interval", "delay", "initial_delay"};
constexpr std::initializer_list<const char*> cap_names = {"max", "cap", "max_interval",
                                                          "max_delay"};
constexpr std::initializer_list<const char*> step_names = {"step", "increment", "slope"};

struct settings {
    duration base{};
    double factor = 2;
    std::optional<duration> step;
    duration cap = duration::max();
};

settings settings_of(const json& input) {
    settings s;
    const auto base = span(input, base_names);
    if (!base) throw std::runtime_error{"a shape without a base"};
    s.base = *base;
    s.factor = input.value("multiplier", 2.0);
    s.step = span(input, step_names);
    s.cap = span(input, cap_names).value_or(duration::max());
    return s;
}

/// Why the library refuses such settings: they have no meaning, and it says so instead of guessing
/// one.
std::optional<std::string> refusal(const std::string& kind, const settings& s) {
    if (s.cap < s.base) return "a cap below the base is refused";
    if (kind == "constant") return std::nullopt;
    if (s.base <= duration::zero()) return "a base of zero is refused: it is no backoff";
    if (kind == "exponential" && !(s.factor >= 1)) return "a factor below 1 is refused";
    return std::nullopt;
}

shape made(const std::string& kind, const settings& s) {
    if (kind == "constant") return any(bide::constant({.base = s.base}));
    if (kind == "linear")
        return any(bide::linear(
            {.base = s.base, .step = bide::timespan{s.step.value_or(s.base)}, .cap = s.cap}));
    if (kind == "fibonacci") return any(bide::fibonacci({.base = s.base, .cap = s.cap}));
    if (kind == "exponential")
        return any(bide::exponential({.base = s.base, .factor = s.factor, .cap = s.cap}));
    throw std::runtime_error{"an unknown shape: " + kind};
}

/// An exclusion for refused settings; a failure if they are not refused after all.
judgement refused(const std::string& kind, const settings& s, const std::string& why) {
    if (kind == "constant") return excluded(why);  // it has no cap to refuse
    try {
        static_cast<void>(made(kind, s));
    } catch (const std::invalid_argument&) {
        return excluded(why);
    }
    return failed("was not refused");
}

/// The jitter that a row asks for, as {"kind": ...}; none where it says nothing.
json jitter_of(const json& input) {
    const auto found = input.find("jitter");
    if (found == input.end() || found->is_null()) return {{"kind", "none"}};
    return found->is_object() ? *found : json{{"kind", *found}};
}

std::optional<shape> jittered(const shape& s, const std::string& jitter) {
    if (jitter == "none") return s;
    if (jitter == "full") return any(s | bide::full_jitter);
    if (jitter == "equal" || jitter == "half") return any(s | bide::equal_jitter);
    if (jitter == "decorrelated") return any(s | bide::decorrelated_jitter);
    return std::nullopt;
}

// ---- Lists of delays
// -----------------------------------------------------------------------------

/// Retries end where their list has null; the limits that the row names must end them there too.
judgement ends(const json& input, const times& expected) {
    const auto retries = input.find("max_retries");
    const auto total = span(input, "total_delay");
    if (retries == input.end() && !total) return failed("ends for a reason that is not known");
    const auto attempts = retries != input.end() ? retries->get<std::uint64_t>() + 1 : UINT64_MAX;
    // Their clock counts delays alone, as if the calls took no time.
    const auto limit = bide::max_attempts(attempts) |
                       bide::max_elapsed({.total = total.value_or(duration::max()),
                                          .least_try = bide::timespan{duration::zero()}});
    bide::time_point at{};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        // After the end the delay before stands for the one that was not given.
        const auto d = expected[i]
                           ? *expected[i]
                           : (i > 0 ? expected[i - 1] : expected[i]).value_or(duration::zero());
        at = bide::detail::saturating_add(at, d);
        const auto going = limit.check({.number = i + 2, .at = at}) == bide::end::done;
        if (going != expected[i].has_value())
            return failed("retry " + std::to_string(i + 1) + (going ? " is allowed" : " is not"));
        if (!going) break;
    }
    return passed();
}

judgement judge_list(const json& row, const std::string& kind) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto s = settings_of(input);
    if (const auto why = refusal(kind, s)) return refused(kind, s, *why);
    if (const auto floor = span(input, "min"); floor && *floor > s.base)
        return excluded("a lower bound on the whole shape is not a feature of step 1");

    const auto plain = made(kind, s);
    const auto jitter = jitter_of(input);
    const auto jitter_kind = jitter.at("kind").get<std::string>();
    const bool foreign = jitter_kind == "symmetric" || jitter_kind == "downward" ||
                         jitter_kind == "additive" || jitter_kind == "scale";
    const bool still = foreign && jitter_kind != "scale" && jitter.value("factor", 1.0) == 0;

    // The delays before jitter, whatever the jitter.
    const auto bases = list(expect, "base");
    if (bases)
        for (std::size_t i = 0; i < bases->size(); ++i)
            if ((*bases)[i] && !same(plain.at(i + 1), *(*bases)[i]))
                return failed("before jitter " + std::to_string(i + 1) + " is " +
                              text(plain.at(i + 1)));

    const auto n = input.value("n", std::size_t{1});
    const auto exact = list(expect, "exact", n);
    const auto low = list(expect, "min", n);
    const auto high = list(expect, "max", n);
    if (bases && !exact && !low && !high) return passed();
    if (!exact && (!low || !high || low->size() != high->size()))
        return failed("an unknown form of expectation");

    if (foreign && !still) {
        if (exact && jitter_kind == "scale" && jitter.contains("factor")) {
            const auto factor = jitter.at("factor").get<double>();
            for (std::size_t i = 0; i < exact->size(); ++i) {
                const auto d = std::chrono::duration<double, std::nano>{plain.at(i + 1)} * factor;
                if ((*exact)[i] && !same(bide::timespan{d}, *(*exact)[i]))
                    return failed("scaled delay " + std::to_string(i + 1) + " differs");
            }
            return passed();
        }
        if (exact) return excluded(proportional);
        for (std::size_t i = 0; i < low->size(); ++i) {
            const auto d = plain.at(i + 1);
            if (d < (*low)[i].value() || d > (*high)[i].value())
                return failed("delay " + std::to_string(i + 1) + " is " + text(d));
        }
        return passed(inside);
    }

    const auto ours = jittered(plain, still ? "none" : jitter_kind);
    if (!ours) return failed("an unknown jitter: " + jitter_kind);
    if (!exact) {
        auto previous = duration::zero();
        for (std::size_t i = 0; i < low->size(); ++i) {
            const auto band = ours->band_of({.number = i + 1, .previous = previous});
            if (band.low < (*low)[i].value() || band.high > (*high)[i].value())
                return failed("band " + std::to_string(i + 1) + " is " + text(band.low) + " to " +
                              text(band.high));
            previous = band.high;
        }
        return passed();
    }

    const auto random = jitter.value("random", 1.0);
    // 2^64 itself does not fit, so everything above the largest double below it is all ones.
    auto source = [random] {
        return random >= 1 ? UINT64_MAX : static_cast<std::uint64_t>(std::ldexp(random, 64));
    };
    auto previous = duration::zero();
    for (std::size_t i = 0; i < exact->size(); ++i) {
        if (!(*exact)[i]) return ends(input, *exact);
        const auto d = bide::delay_of(*ours, {.number = i + 1, .previous = previous}, source);
        if (!same(d, *(*exact)[i]))
            return failed("delay " + std::to_string(i + 1) + " is " + text(d));
        previous = d;
    }
    return passed();
}

// ---- Other kinds
// ---------------------------------------------------------------------------------

/// For all k from 1: 0 <= delay[k] <= min(max, initial * multiplier^k), or only finite.
judgement judge_bounds(const json& row) {
    const auto& input = row.at("input");
    const auto rule = row.at("expect").at("rule").get<std::string>();
    const bool bounded = rule.starts_with("0 <= delay[k] <= min(");
    if (!bounded && rule.find("finite") == std::string::npos) return failed("an unknown rule");
    const auto jitter = jitter_of(input).at("kind").get<std::string>();
    if (bounded && jitter == "decorrelated")
        return excluded(
            "another formula of the same name (theirs grows with the attempt, ours with "
            "the previous delay)");
    const auto s = settings_of(input);
    const auto ours = jittered(made("exponential", s), jitter);
    if (!ours) return failed("an unknown jitter: " + jitter);

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
            const auto band = ours->band_of(a);
            const auto d = bide::delay_of(*ours, a, source);
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
    const auto d = made("exponential", s).at(input.at("attempt_index").get<std::uint64_t>() + 1);
    const auto expected = time(row.at("expect").at("ms"), 1e6L);
    return vectors::passed_if(same(d, expected), "is " + text(d));
}

judgement judge_float(const json& row) {
    const auto& input = row.at("input");
    const auto cap = input.at("max_s").is_null() ? 1e300 : input.at("max_s").get<double>();
    const auto multiplier = input.at("multiplier_s").get<double>();
    if (multiplier < 1e-9 || cap < 1e-9) return excluded("below a nanosecond, our unit");
    if (multiplier > cap) return excluded("a cap below the base is refused");
    const auto d = any(bide::exponential({.base = std::chrono::duration<double>{multiplier},
                                          .factor = input.at("base").get<double>(),
                                          .cap = std::chrono::duration<double>{cap}}))
                       .at(input.at("attempt").get<std::uint64_t>());
    return vectors::passed_if(same(d, time(row.at("expect").at("seconds"), 1e9L)), "is " + text(d));
}

/// Full jitter as `random % min(base * 2^n, max)`: their result must follow from the end of our
/// band.
judgement judge_envoy(const json& row) {
    const auto& input = row.at("input");
    const auto ours = any(made("exponential", settings_of(input)) | bide::full_jitter);
    const auto expected = list(row.at("expect"), "exact").value();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto band = ours.band_of({.number = i + 1});
        const auto random =
            input.contains("randoms") ? input.at("randoms").at(i) : input.at("random");
        const auto end = std::chrono::floor<std::chrono::milliseconds>(band.high);
        const std::chrono::milliseconds theirs{random.get<std::int64_t>() % end.count()};
        if (band.low != duration::zero() || theirs != expected[i].value())
            return failed("band " + std::to_string(i + 1) + " ends at " + text(band.high));
    }
    return passed();
}

judgement judge_polly(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto kind = input.at("type").get<std::string>();
    const auto s = settings_of(input);
    if (const auto why = refusal(kind, s)) return refused(kind, s, *why);
    const auto plain = made(kind, s);
    const auto attempts = input.at("attempts").get<std::vector<std::uint64_t>>();  // from 0
    const auto exact = list(expect, "exact");

    if (input.at("jitter").get<bool>() && exact) {
        if (kind == "exponential") return excluded("Polly's own formula (tanh) under that name");
        return excluded(proportional);
    }
    if (exact) {
        for (std::size_t i = 0; i < attempts.size(); ++i)
            if (!same(plain.at(attempts[i] + 1), exact->at(i).value()))
                return failed("delay " + std::to_string(attempts[i] + 1) + " is " +
                              text(plain.at(attempts[i] + 1)));
        return passed();
    }

    const auto above = span(expect, "min_exclusive");
    const auto most = span(expect, "max");
    if (!above || !most || !input.at("jitter").get<bool>())
        return failed("an unknown form of expectation");
    const auto ours = any(plain | bide::decorrelated_jitter);  // as near as we come to theirs
    for (const auto number : attempts) {
        for (const auto previous : {duration::zero(), s.base, s.cap}) {
            const auto band = ours.band_of({.number = number + 1, .previous = previous});
            if (band.low <= *above || band.high > *most)
                return failed("band is " + text(band.low) + " to " + text(band.high));
        }
    }
    return passed(inside);
}

judgement judge_config(const json& row) {
    const auto& input = row.at("input");
    const auto valid = row.at("expect").at("valid").get<bool>();
    bide::exponential::options options{};
    std::optional<std::uint64_t> attempts;
    for (const auto& [key, value] : input.items()) {
        if (key == "kind") continue;
        if (key.find("jitter") != std::string::npos || key.find("random") != std::string::npos)
            return excluded(proportional);
        if (key == "max_retries") {
            if (!valid && value > 63)
                return excluded("a bound that their shift needs, ours has none");
            if (value < 0)
                return excluded("a negative number cannot be written: the type is unsigned");
            attempts = value.get<std::uint64_t>() + 1;
        } else if (key == "multiplier" || key == "factor") {
            options.factor = value.get<double>();
        } else if (const auto base = span(json{{key, value}}, base_names)) {
            options.base = *base;
        } else if (const auto cap = span(json{{key, value}}, cap_names)) {
            options.cap = *cap;
        } else {
            return failed("an unknown setting: " + key);
        }
    }
    bool accepted = true;
    try {
        static_cast<void>(bide::exponential{options});
        if (attempts) static_cast<void>(bide::max_attempts{*attempts});
    } catch (const std::invalid_argument&) {
        accepted = false;
    }
    return vectors::passed_if(accepted == valid, accepted ? "is accepted" : "is refused");
}

judgement judge_max_elapsed(const json& row) {
    const auto& input = row.at("input");
    const auto total = span(input, "max_elapsed").value();
    const auto elapsed = span(input, "elapsed").value();
    const bide::max_elapsed limit({.total = total, .least_try = bide::timespan{duration::zero()}});
    const auto stops =
        limit.check({.number = 2, .at = bide::time_point{elapsed}}) != bide::end::done;
    return vectors::passed_if(stops == row.at("expect").at("stop").get<bool>(),
                              stops ? "stops" : "goes on");
}

judgement judge_max_retries(const json& row) {
    const bide::max_attempts limit{row.at("input").at("max_retries").get<std::uint64_t>() + 1};
    std::uint64_t retries = 0;
    while (retries < 1000 && limit.check({.number = retries + 2}) == bide::end::done) ++retries;
    return vectors::passed_if(retries == row.at("expect").at("retries").get<std::uint64_t>() &&
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

    static const std::map<std::string, std::function<judgement()>> by_feature = {
        {"list", [] { return excluded("the sequence of given delays comes in step 2"); }},
        {"integer_random_interval", [] { return excluded(proportional); }},
        {"envoy_lower_bound",
         [] { return excluded("up to half more than the server's wait; ours is up to 10 %"); }},
    };
    if (const auto found = by_feature.find(kind); found != by_feature.end()) return found->second();

    static const std::map<std::string, judgement (*)(const json&)> by_kind = {
        {"constant", [](const json& r) { return judge_list(r, "constant"); }},
        {"linear", [](const json& r) { return judge_list(r, "linear"); }},
        {"fibonacci", [](const json& r) { return judge_list(r, "fibonacci"); }},
        {"exponential", [](const json& r) { return judge_list(r, "exponential"); }},
        {"exponential_bounds_for_all_k", judge_bounds},
        {"exponential_at", judge_one},
        {"exponential_float_s", judge_float},
        {"envoy_jittered_exponential", judge_envoy},
        {"envoy_jittered_exponential_seq", judge_envoy},
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
