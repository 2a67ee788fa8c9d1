// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_JSON_REFERENCE_POLICY_HPP
#define BIDE_TESTS_JSON_REFERENCE_POLICY_HPP

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

/// A second reading of policies, for comparison with the loader. It shares nothing with it: regular
/// expressions and floating-point numbers, closures instead of types, formulas as in a textbook,
/// and "no" instead of a message.
namespace reference {

using json = nlohmann::json;

struct no {};

inline void demand(bool good) {
    if (!good) throw no{};
}

inline constexpr long double endless = std::numeric_limits<long double>::infinity();
inline constexpr long double longest_ns = 9223372036854775807.0L;

struct question {
    long double number;
    bool busy;
    long double previous;
};
struct answer {
    long double low;
    long double high;
    long double cap;
};
struct delays {
    std::function<answer(const question&)> ask;
    long double retries = endless;
    bool spreadable = true;  ///< Neither a jitter nor a floor in it.
};

struct policy {
    delays backoff;
    long double attempts = 4;
    long double total = 30e9L;
    long double least_try = 1e9L;
    long double max_hint = 60e9L;
    long double try_timeout = 10e9L;
    long double connect_timeout = 3e9L;
    bool grace = true;
};

// ---- Values
// --------------------------------------------------------------------------------------

/// In nanoseconds.
inline long double time_of(const json& j, bool or_null = false) {
    if (or_null && j.is_null()) return longest_ns;
    demand(j.is_string());
    static const std::regex form{"([0-9]+(\\.[0-9]+)?)(ns|us|ms|s|m|h)"};
    std::smatch match;
    const auto text = j.get<std::string>();
    demand(std::regex_match(text, match, form));
    static const json units{{"ns", 1e0}, {"us", 1e3}, {"ms", 1e6},
                            {"s", 1e9},  {"m", 6e10}, {"h", 3.6e12}};
    std::istringstream digits{match[1].str()};  // no locale, no overflow to care for
    long double value = 0;
    digits >> value;
    const auto exact = (digits.fail() ? endless : value) * units[match[3].str()].get<double>();
    const auto nearest = std::round(exact);
    const bool is_whole = std::abs(exact - nearest) < 1e-6L * std::max(exact, 1e-3L) && nearest > 0;
    return std::min(is_whole ? nearest : std::ceil(exact), longest_ns);
}

inline long double above_zero(long double value) {
    demand(value > 0);
    return value;
}

inline long double count_of(const json& j, long double most) {
    demand(j.is_number() && !j.is_boolean());
    const auto n = j.get<long double>();
    demand(n == std::floor(n) && n >= 1);
    return std::min(n, most);
}

inline void only(const json& object, const std::string& keys) {
    demand(object.is_object());
    for (const auto& [key, value] : object.items())
        demand(key.find(' ') == std::string::npos && !key.empty() &&
               (' ' + keys + ' ').find(' ' + key + ' ') != std::string::npos);
}

// ---- Backoffs
// ------------------------------------------------------------------------------------

inline delays curve(long double cap, std::function<long double(long double)> f) {
    return {[=](const question& q) {
        const auto d = std::min({f(q.number), cap, longest_ns});
        return answer{d, d, cap};
    }};
}

inline delays growing(const json& j) {
    const auto kind = j.at("kind").get<std::string>();
    const auto base = above_zero(j.contains("base") ? time_of(j["base"]) : 500e6L);
    const auto cap = j.contains("cap") ? time_of(j["cap"], true) : 20e9L;
    demand(cap >= base);
    if (kind == "linear") {
        only(j, "kind base step cap jitter at_least");
        const auto step = j.contains("step") ? time_of(j["step"]) : base;
        return curve(cap, [=](long double n) { return base + (n - 1) * step; });
    }
    if (kind == "polynomial") {
        only(j, "kind base degree cap jitter at_least");
        const auto degree = j.contains("degree") ? count_of(j["degree"], 4294967295.0L) : 2;
        return curve(cap, [=](long double n) { return base * std::pow(n, degree); });
    }
    if (kind == "fibonacci") {
        only(j, "kind base cap jitter at_least");
        return curve(cap, [=](long double n) {  // Binet, exact enough and not a loop
            const auto golden = (1 + std::sqrt(5.0L)) / 2;
            return base * std::round(std::pow(golden, std::min(n, 300.0L)) / std::sqrt(5.0L));
        });
    }
    demand(kind == "exponential");
    only(j, "kind base factor cap jitter at_least");
    if (j.contains("factor")) demand(j["factor"].is_number());
    const long double factor = j.value("factor", 2.0);
    demand(factor >= 1);
    return curve(cap, [=](long double n) { return base * std::pow(factor, n - 1); });
}

inline delays listed(const json& j) {
    only(j, "kind delays then jitter at_least");
    const auto list = j.value("delays", json{});
    demand(list.is_array() && !list.empty() && list.size() <= 1000);
    std::vector<long double> times;
    for (const auto& element : list) times.push_back(time_of(element));
    const auto then = j.contains("then") ? j["then"] : json("repeat");
    demand(then == "repeat" || then == "stop");
    auto d = curve(endless, [=](long double n) {
        return times[static_cast<std::size_t>(std::min(n, static_cast<long double>(times.size())) -
                                              1)];
    });
    if (then == "stop") d.retries = static_cast<long double>(times.size());
    return d;
}

inline delays spread(const delays& inner, const json& j) {
    demand(inner.spreadable);
    const auto kind = j.is_object() && j.contains("kind") ? j["kind"] : j;
    const bool proportional = j.is_object() && kind == "proportional";
    static const json names{"none", "full", "equal", "decorrelated"};
    demand(proportional || std::find(names.begin(), names.end(), kind) != names.end());
    if (j.is_object()) only(j, proportional ? "kind factor" : "kind");
    demand(!proportional || (j.contains("factor") && j["factor"].is_number()));
    const long double share = proportional ? j["factor"].get<double>() : 0.0;
    demand(share >= 0 && share <= 1);
    auto outer = inner;
    outer.spreadable = false;
    outer.ask = [=](const question& q) -> answer {
        const auto [low, d, cap] = inner.ask(q);
        if (kind == "none") return {low, d, cap};
        if (kind == "full") return {0, d, cap};
        if (kind == "equal") return {d / 2, d, cap};
        if (proportional)
            return {d * (1 - share), std::max(d, std::min(d * (1 + share), cap)), cap};
        const auto first = inner.ask({1, q.busy, 0}).high;
        const auto last = inner.ask({1.8e19L, q.busy, 0}).high;
        const auto high = std::min(last, 3 * std::max(q.previous, first));
        return {std::min(first, high), high, cap};
    };
    return outer;
}

inline delays lifted(const delays& inner, const json& floor) {
    const auto least = time_of(floor);
    auto outer = inner;
    outer.spreadable = false;
    outer.ask = [=](const question& q) -> answer {
        const auto [low, high, cap] = inner.ask(q);
        return {std::max(low, least), std::max(high, least), std::max(cap, least)};
    };
    return outer;
}

inline delays backoff_of(const json& j, int depth, const json* outermost_jitter = nullptr);

inline delays joined(const json& j, int depth) {
    const auto is_sum = j["kind"] == "sum";
    only(j, is_sum ? "kind of jitter at_least" : "kind otherwise throttled jitter at_least");
    const auto of = is_sum ? j.value("of", json{})
                           : json{j.value("otherwise", json{}), j.value("throttled", json{})};
    demand(of.is_array() && of.size() >= 2 && of.size() <= 16);
    std::vector<delays> parts;
    delays whole;
    for (const auto& part : of) {
        parts.push_back(backoff_of(part, depth + 1));
        whole.retries = std::min(whole.retries, parts.back().retries);
        whole.spreadable = whole.spreadable && parts.back().spreadable;
    }
    whole.ask = [=](const question& q) {
        if (!is_sum) return parts[q.busy ? 1 : 0].ask(q);
        answer sum{0, 0, 0};
        for (const auto& part : parts) {
            const auto [low, high, cap] = part.ask(q);
            sum = {std::min(sum.low + low, longest_ns), std::min(sum.high + high, longest_ns),
                   sum.cap + cap};
        }
        return sum;
    };
    return whole;
}

/// The outermost backoff has the policy's jitter, too; `null` there means that none was given.
inline delays backoff_of(const json& j, int depth, const json* outermost_jitter) {
    demand(depth <= 8 && j.is_object() && j.contains("kind") && j["kind"].is_string());
    const auto kind = j["kind"].get<std::string>();
    delays d;
    if (kind == "constant") {
        only(j, "kind base jitter at_least");
        const auto base = j.contains("base") ? time_of(j["base"]) : 500e6L;
        d = curve(endless, [=](long double) { return base; });
    } else if (kind == "sequence") {
        d = listed(j);
    } else if (kind == "sum" || kind == "by_verdict") {
        d = joined(j, depth);
    } else {
        d = growing(j);
    }
    if (j.contains("jitter")) d = spread(d, j["jitter"]);
    if (outermost_jitter != nullptr && !outermost_jitter->is_discarded())
        d = spread(d, *outermost_jitter);
    else if (outermost_jitter != nullptr && d.spreadable)
        d = spread(d, "full");
    if (j.contains("at_least")) d = lifted(d, j["at_least"]);
    return d;
}

// ---- The whole
// -----------------------------------------------------------------------------------

/// Repeated keys leave fewer members than keys were read; null bytes and long texts are no JSON.
inline json parsed(const std::string& text) {
    demand(text.size() <= 65536 && text.find('\0') == std::string::npos);
    std::size_t keys = 0;
    bool too_deep = false;
    const auto j = json::parse(
        text,
        [&](int depth, json::parse_event_t event, json&) {
            keys += event == json::parse_event_t::key ? 1 : 0;
            too_deep = too_deep || depth > 31;
            return true;
        },
        false);
    demand(!j.is_discarded() && !too_deep);
    const std::function<std::size_t(const json&)> members = [&](const json& value) {
        std::size_t n = value.is_object() ? value.size() : 0;
        if (value.is_structured())
            for (const auto& element : value) n += members(element);
        return n;
    };
    demand(members(j) == keys);
    return j;
}

/// Nothing for a text that is no policy.
inline std::optional<policy> read(const std::string& text) try {
    const auto j = parsed(text);
    only(j, "backoff jitter max_attempts max_elapsed max_hint try_timeout connect_timeout grace");
    policy p;
    const auto jitter = j.contains("jitter") ? j["jitter"] : json(json::value_t::discarded);
    p.backoff = backoff_of(j.value("backoff", json{{"kind", "exponential"}}), 1, &jitter);
    if (j.contains("max_attempts"))
        p.attempts = j["max_attempts"].is_null() ? endless : count_of(j["max_attempts"], endless);
    p.attempts = std::min({p.attempts, p.backoff.retries + 1, 18446744073709551615.0L});
    const auto elapsed = j.value("max_elapsed", json("30s"));
    if (elapsed.is_object()) {
        only(elapsed, "total least_try");
        p.total = above_zero(time_of(elapsed.value("total", json("30s")), true));
    } else {
        p.total = above_zero(time_of(elapsed, true));
    }
    p.least_try = std::min(1e9L, std::floor(p.total / 2));
    if (elapsed.is_object() && elapsed.contains("least_try"))
        p.least_try = time_of(elapsed["least_try"]);
    demand(p.least_try <= p.total);
    p.max_hint = time_of(j.value("max_hint", json("60s")), true);
    p.try_timeout = above_zero(time_of(j.value("try_timeout", json("10s")), true));
    p.connect_timeout = above_zero(time_of(j.value("connect_timeout", json("3s")), true));
    demand(!j.contains("grace") || j["grace"].is_boolean());
    p.grace = j.value("grace", true);
    return p;
} catch (const no&) {
    return std::nullopt;
}

}  // namespace reference

#endif  // BIDE_TESTS_JSON_REFERENCE_POLICY_HPP
