// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_GATES_HPP
#define BIDE_JSON_DETAIL_GATES_HPP

#include <bide/backoff/any_backoff.hpp>
#include <bide/json/detail/backoffs.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/gate_set.hpp>
#include <bide/json/detail/gate_settings.hpp>
#include <bide/json/detail/jitters.hpp>
#include <bide/json/detail/optional_gate.hpp>
#include <bide/json/detail/place.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/time.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace bide::inline v1::detail {

/// What `"kind"` says.
template <class T>
inline constexpr std::string_view kind_of{};
template <>
inline constexpr std::string_view kind_of<failure_count> = "failure_count";
template <>
inline constexpr std::string_view kind_of<failure_rate> = "failure_rate";
template <>
inline constexpr std::string_view kind_of<token_bucket> = "token_bucket";
template <>
inline constexpr std::string_view kind_of<leaky_bucket> = "leaky_bucket";
template <>
inline constexpr std::string_view kind_of<sliding_window> = "sliding_window";
template <>
inline constexpr std::string_view kind_of<quota_pacer> = "quota_pacer";
template <>
inline constexpr std::string_view kind_of<cubic_pacer> = "cubic_pacer";
template <>
inline constexpr std::string_view kind_of<retry_budget> = "retry_budget";
template <>
inline constexpr std::string_view kind_of<retry_quota> = "retry_quota";
template <>
inline constexpr std::string_view kind_of<retry_throttle> = "retry_throttle";
template <>
inline constexpr std::string_view kind_of<concurrent_retries> = "concurrent_retries";

/// Calls `read` with the one of several types that `"kind"` names.
template <class... Ts, class Read>
void read_kind_of(const place& p, Read read) {
    constexpr std::string_view names[] = {kind_of<Ts>...};
    const auto example = R"(an object such as {"kind":")" + std::string{names[0]} + "\"}";
    fields f{p, example.c_str()};
    const auto kind = f["kind"];
    const auto is_read = [&]<class T>(std::type_identity<T> type) {
        const auto is_it = is_word(kind, kind_of<T>);
        if (is_it) read(type, f);
        return is_it;
    };
    if ((is_read(std::type_identity<Ts>{}) || ...)) return;
    std::string allowed;
    for (const auto name : names)
        allowed += (allowed.empty() ? "one of \"" : ", \"") + std::string{name} + '"';
    kind.refuse(allowed);
}

/// Reads the settings that it visits from the members of an object.
class settings_reader {
public:
    explicit settings_reader(fields& from) : from_{&from} {}

    template <class T>
    void operator()(std::string_view key, T& to) {
        read((*from_)[key], to);
    }
    /// As it stands there: without a word it has no jitter.
    void operator()(std::string_view key, any_backoff& to) {
        if (const auto p = (*from_)[key]; p.exists()) to = read_backoff(p, 1).delays;
    }
    template <class... Rules>
    void operator()(std::string_view key, std::variant<Rules...>& to) {
        const auto p = (*from_)[key];
        if (!p.exists()) return;
        read_kind_of<Rules...>(p, [&]<class Rule>(std::type_identity<Rule>, fields& f) {
            Rule rule;
            settings_reader reader{f};
            visit_settings(reader, rule);
            f.nothing_else();
            f.checked([&] { require(rule); });
            to = rule;
        });
    }

    void required(std::string_view key, std::uint64_t& to) {
        const auto p = (*from_)[key];
        if (!p.exists()) p.refuse(a_whole_number);
        read(p, to);
    }
    void count(std::string_view key, std::uint64_t& to) {
        const auto p = (*from_)[key];
        refuse_negative(p, "a whole number >= 0");
        read(p, to);
    }
    void or_none(std::string_view key, std::uint64_t& to) {
        const auto p = (*from_)[key];
        refuse_negative(p, "null or a whole number >= 0");
        read_or_none(p, to);
    }
    void or_none(std::string_view key, timespan& to) { read_or_none((*from_)[key], to); }

private:
    /// Numbers saturate when they are read, and no complaint of the core could follow.
    static void refuse_negative(const place& p, const char* allowed) {
        if (p.exists() && p.value().is_number() && p.value() < 0) p.refuse(allowed);
    }

    fields* from_;
};

/// The gate or budget that an object describes.
template <class T, class Optional>
void make(fields& f, Optional& to) {
    typename T::options options;
    settings_reader reader{f};
    visit_settings(reader, options);
    f.nothing_else();
    f.checked([&] { to.template emplace<T>(options); });
}

template <class Gate>
void read_gate(const place& p, optional_gate<Gate>& to) {
    if (!p.exists()) return;
    fields f{p};
    make<Gate>(f, to);
}

template <template <class...> class Optional, class... Ts>
void read_one_of(const place& p, Optional<Ts...>& to) {
    if (!p.exists()) return;
    read_kind_of<Ts...>(p, [&]<class T>(std::type_identity<T>, fields& f) { make<T>(f, to); });
}

inline void read_spread(const place& p, optional_gate<initial_jitter>& to) {
    if (!p.exists()) return;
    timespan most = duration::zero();
    read(p, most);
    to.emplace<initial_jitter>(most);
}

inline void read_gates(const place& p, gate_set& to) {
    if (!p.exists()) return;
    fields f{p};
    read_spread(f["initial_jitter"], to.spread);
    read_gate(f["circuit_breaker"], to.breaker);
    read_gate(f["cooldown"], to.pause);
    read_gate(f["concurrency_limit"], to.in_flight);
    read_one_of(f["pace"], to.pace);
    f.nothing_else();
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_GATES_HPP
