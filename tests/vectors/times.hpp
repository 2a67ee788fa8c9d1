// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_VECTORS_TIMES_HPP
#define BIDE_TESTS_VECTORS_TIMES_HPP

#include "support/vectors.hpp"

#include <bide/time.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Times as the rows have them: numbers whose unit is the end of their field's name.
namespace vectors {

using bide::duration;

constexpr std::array<std::pair<const char*, long double>, 4> units = {
    {{"_ns", 1.0L}, {"_us", 1e3L}, {"_ms", 1e6L}, {"_s", 1e9L}}};

/// A number in nanoseconds, saturating; "MAX" is as long as possible.
inline duration time(const json& value, long double unit) {
    if (value == "MAX") return duration::max();
    using exact = std::chrono::duration<long double, std::nano>;
    return bide::timespan{exact{value.get<long double>() * unit}};
}

/// The field `name` with any unit behind it; absent where it is missing or null.
inline std::optional<duration> span(const json& object, const std::string& name) {
    for (const auto& [suffix, unit] : units)
        if (const auto found = object.find(name + suffix);
            found != object.end() && !found->is_null())
            return time(*found, unit);
    return std::nullopt;
}

inline std::optional<duration> span(const json& object, std::initializer_list<const char*> names) {
    for (const auto* name : names)
        if (const auto found = span(object, std::string{name})) return found;
    return std::nullopt;
}

using times = std::vector<std::optional<duration>>;

/// The list `name` with any unit behind it; null in it stays nothing, a single number stands for
/// all.
inline std::optional<times> list(const json& object, const std::string& name, std::size_t n = 1) {
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

/// What the decimal numbers of JSON lose.
inline duration lost(duration d) {
    return duration{
        static_cast<duration::rep>((std::max)(2.0, static_cast<double>(d.count()) * 1e-12))};
}

inline bool same(duration a, duration b) { return a > b ? a - b <= lost(a) : b - a <= lost(b); }

inline std::string text(duration d) { return std::to_string(d.count()) + " ns"; }

}  // namespace vectors

#endif  // BIDE_TESTS_VECTORS_TIMES_HPP
