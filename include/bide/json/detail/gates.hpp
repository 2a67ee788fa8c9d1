// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_GATES_HPP
#define BIDE_JSON_DETAIL_GATES_HPP

#include <bide/backoff/any_backoff.hpp>
#include <bide/json/detail/backoffs.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/gate_set.hpp>
#include <bide/json/detail/gate_settings.hpp>
#include <bide/json/detail/optional_gate.hpp>
#include <bide/json/detail/place.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/json/detail/words.hpp>
#include <bide/random.hpp>
#include <bide/time.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace bide::inline v1::detail {

/// What `"kind"` says.
template <class T>
using tag = std::type_identity<T>;
constexpr std::string_view kind_of(tag<failure_count>) { return "failure_count"; }
constexpr std::string_view kind_of(tag<failure_rate>) { return "failure_rate"; }
constexpr std::string_view kind_of(tag<token_bucket>) { return "token_bucket"; }
constexpr std::string_view kind_of(tag<leaky_bucket>) { return "leaky_bucket"; }
constexpr std::string_view kind_of(tag<sliding_window>) { return "sliding_window"; }
constexpr std::string_view kind_of(tag<quota_pacer>) { return "quota_pacer"; }
constexpr std::string_view kind_of(tag<cubic_pacer>) { return "cubic_pacer"; }
constexpr std::string_view kind_of(tag<retry_budget>) { return "retry_budget"; }
constexpr std::string_view kind_of(tag<retry_quota>) { return "retry_quota"; }
constexpr std::string_view kind_of(tag<retry_throttle>) { return "retry_throttle"; }
constexpr std::string_view kind_of(tag<concurrent_retries>) { return "concurrent_retries"; }

/// Calls `read` with the one of several types that `"kind"` names.
template <class... Ts, class Read>
void read_kind_of(const place& p, Read read) {
    constexpr std::string_view names[] = {kind_of(tag<Ts>{})...};
    const auto example = R"(an object such as {"kind":")" + std::string{names[0]} + "\"}";
    fields f{p, example.c_str()};
    const auto kind = one_of(f["kind"], names, std::identity{});
    ((kind == kind_of(tag<Ts>{}) ? read(tag<Ts>{}, f) : void()), ...);
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
        read_kind_of<Rules...>(p, [&]<class Rule>(tag<Rule>, fields& f) {
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

/// The gate or budget that an object describes, with a seed if it draws at random.
template <class T, class Optional, class... Seed>
void make(fields& f, Optional& to, Seed... seed) {
    typename T::options options;
    settings_reader reader{f};
    visit_settings(reader, options);
    f.nothing_else();
    f.checked([&] { to.template emplace<T>(options, seed...); });
}

template <class Gate, class... Seed>
void read_gate(const place& p, optional_gate<Gate>& to, Seed... seed) {
    if (!p.exists()) return;
    fields f{p};
    make<Gate>(f, to, seed...);
}

template <template <class...> class Optional, class... Ts>
void read_one_of(const place& p, Optional<Ts...>& to) {
    if (!p.exists()) return;
    read_kind_of<Ts...>(p, [&]<class T>(tag<T>, fields& f) { make<T>(f, to); });
}

inline void read_spread(const place& p, optional_gate<initial_jitter>& to, std::uint64_t seed) {
    if (!p.exists()) return;
    timespan most = duration::zero();
    read(p, most);
    to.emplace<initial_jitter>(most, seed);
}

/// What a gate draws does not depend on which others the text has.
inline void read_gates(const place& p, gate_set& to, std::uint64_t seed) {
    if (!p.exists()) return;
    splitmix64 seeds{seed};
    fields f{p};
    read_spread(f["initial_jitter"], to.spread, seeds());
    read_gate(f["circuit_breaker"], to.breaker, seeds());
    read_gate(f["cooldown"], to.pause, seeds());
    read_gate(f["concurrency_limit"], to.in_flight);
    read_one_of(f["pace"], to.pace);
    f.nothing_else();
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_GATES_HPP
