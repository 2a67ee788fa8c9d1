// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_SETTINGS_HPP
#define BIDE_JSON_DETAIL_SETTINGS_HPP

#include <bide/backoff/backoff.hpp>
#include <bide/json/detail/duration_text.hpp>
#include <bide/json/detail/place.hpp>
#include <bide/maybe.hpp>
#include <bide/time.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>

/// One setting: `read` leaves it as it is if it is absent, `read_or_none` takes null for "no
/// limit", too.
namespace bide::inline v1::detail {

inline constexpr auto a_duration = R"(a duration such as "1.5s" (units: ns, us, ms, s, m, h))";
inline constexpr auto a_whole_number = "a whole number";

inline maybe<duration> to_duration(const nlohmann::json& value) {
    if (!value.is_string()) return {};
    return duration_from_text(value.get_ref<const std::string&>());
}

/// Saturates at both ends, as durations do; that 0 attempts are none is for the core to say. A
/// float without decimals is whole, as in JSON schema.
template <std::unsigned_integral T>
maybe<T> to_whole(const nlohmann::json& value) {
    constexpr auto most = std::numeric_limits<T>::max();
    if (value.is_number_unsigned()) {
        const auto n = value.get<std::uint64_t>();
        return n < most ? static_cast<T>(n) : most;
    }
    if (value.is_number_integer()) {
        const auto n = value.get<std::int64_t>();
        return to_whole<T>(static_cast<std::uint64_t>(n < 0 ? 0 : n));
    }
    if (!value.is_number_float()) return {};
    const auto n = value.get<double>();
    if (n != std::trunc(n)) return {};
    if (!(n > 0)) return T{0};
    return n < static_cast<double>(most) ? static_cast<T>(n) : most;
}

template <class T>
inline constexpr bool is_whole = std::unsigned_integral<T> && !std::same_as<T, bool>;

inline void read(const place& p, timespan& to) {
    if (!p.exists()) return;
    const auto d = to_duration(p.value());
    if (!d) p.refuse(a_duration);
    to = *d;
}

inline void read(const place& p, maybe<timespan>& to) {
    timespan d = duration::zero();
    read(p, d);
    if (p.exists()) to = d;
}

template <class T>
    requires is_whole<T>
void read(const place& p, T& to) {
    if (!p.exists()) return;
    const auto n = to_whole<T>(p.value());
    if (!n) p.refuse(a_whole_number);
    to = *n;
}

inline void read(const place& p, double& to) {
    if (!p.exists()) return;
    if (!p.value().is_number()) p.refuse("a number");
    to = p.value().get<double>();
}

inline void read(const place& p, bool& to) {
    if (!p.exists()) return;
    if (!p.value().is_boolean()) p.refuse("true or false");
    to = p.value().get<bool>();
}

/// How "no limit" is said to the core, which saturates: the longest time.
inline void read_or_none(const place& p, timespan& to,
                         const std::string& allowed = std::string{"null or "} + a_duration) {
    if (!p.exists()) return;
    const auto d = p.value().is_null() ? maybe<duration>{duration::max()} : to_duration(p.value());
    if (!d) p.refuse(allowed);
    to = *d;
}

inline void read_or_none(const place& p, std::uint64_t& to) {
    if (!p.exists()) return;
    const auto n =
        p.value().is_null() ? maybe<std::uint64_t>{no_end} : to_whole<std::uint64_t>(p.value());
    if (!n) p.refuse(std::string{"null or "} + a_whole_number);
    to = *n;
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_SETTINGS_HPP
