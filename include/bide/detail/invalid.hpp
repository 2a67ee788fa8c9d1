// SPDX-License-Identifier: MIT
#ifndef BIDE_DETAIL_INVALID_HPP
#define BIDE_DETAIL_INVALID_HPP

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>

#if !defined(__cpp_exceptions)
#error "bide needs exceptions: an invalid setting is reported by one, and a callable may end by one"
#endif

namespace bide::inline v1::detail {

/// A number as people write it: no trailing zeros, at most three decimals, and a point in every
/// locale, which std::to_string of a double does not promise.
inline std::string to_text(double value) {
    if (!(value > -1e12 && value < 1e12)) return std::to_string(value);  // huge, inf or nan
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): good enough for people, and <cmath> is heavy
    const auto millionths = static_cast<std::int64_t>((value < 0 ? -value : value) * 1e6 + 0.5);
    const auto whole = millionths / 1'000'000;
    const auto decimals = millionths / 1000 % 1000;
    auto text = (value < 0 ? "-" : "") + std::to_string(whole);
    if (decimals != 0) {
        text += "." + std::to_string(1000 + decimals).substr(1);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text;
}

/// A duration in the largest unit that leaves a whole part: "1.5s", "250ms", "0s".
inline std::string to_text(std::chrono::nanoseconds value) {
    const auto ns = static_cast<double>(value.count());
    const auto size = ns < 0 ? -ns : ns;
    if (size >= 1e9 || size == 0) return to_text(ns / 1e9) + "s";
    if (size >= 1e6) return to_text(ns / 1e6) + "ms";
    if (size >= 1e3) return to_text(ns / 1e3) + "us";
    return to_text(ns) + "ns";
}

inline std::string to_text(std::uint64_t value) { return std::to_string(value); }

/// Not constexpr on purpose: reaching it in a constant expression is the compile error for a bad
/// setting. `setting` is "type: field", `allowed` completes "must be …".
template <class T>
[[noreturn, gnu::cold, gnu::noinline]] void invalid(const char* setting, const char* allowed,
                                                    T value) {
    throw std::invalid_argument{std::string{"bide::"} + setting + " must be " + allowed + ", got " +
                                to_text(value)};
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_DETAIL_INVALID_HPP
