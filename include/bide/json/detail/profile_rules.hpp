// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_PROFILE_RULES_HPP
#define BIDE_JSON_DETAIL_PROFILE_RULES_HPP

#include <bide/http/profile.hpp>
#include <bide/http/reset_value.hpp>
#include <bide/http/status.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/place.hpp>
#include <bide/json/detail/profile_text.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/json/detail/words.hpp>
#include <bide/retry/verdict.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace bide::inline v1::detail {

inline constexpr named<verdict> verdict_names[] = {{"success", verdict::success},
                                                   {"throttled", verdict::throttled},
                                                   {"overloaded", verdict::overloaded},
                                                   {"transient", verdict::transient},
                                                   {"permanent", verdict::permanent}};
/// What was answered was sent.
inline constexpr named<certainty> certainty_names[] = {{"rejected", certainty::rejected},
                                                       {"ambiguous", certainty::ambiguous},
                                                       {"answered", certainty::answered}};
inline constexpr named<http::given> given_names[] = {{"always", http::given::always},
                                                     {"retry_after", http::given::retry_after},
                                                     {"exhausted", http::given::exhausted},
                                                     {"own_key", http::given::own_key},
                                                     {"replayed", http::given::replayed}};
inline constexpr named<http::reset_unit> reset_unit_names[] = {
    {"by_value", http::reset_unit::by_value},
    {"seconds", http::reset_unit::seconds},
    {"milliseconds", http::reset_unit::milliseconds},
    {"epoch_seconds", http::reset_unit::epoch_seconds}};

inline void read_reset_unit(const place& p, http::reset_unit& to) {
    if (p.exists()) to = read_word(p, reset_unit_names);
}

/// One status, or the first and the last of several.
inline void read_statuses(const place& p, int& first, int& last) {
    constexpr auto allowed = "a status from 100 to 599, or the first and the last: [500,504]";
    const auto status = [&](const nlohmann::json& value) {
        const auto n = to_whole<std::uint16_t>(value);
        if (!n || *n < 100 || *n > 599) p.refuse(allowed);
        return static_cast<int>(*n);
    };
    if (!p.exists()) p.refuse(allowed);
    const bool is_pair = p.value().is_array() && p.value().size() == 2;
    first = status(is_pair ? p.value()[0] : p.value());
    last = is_pair ? status(p.value()[1]) : first;
    if (first > last)
        refuse(p.pointer(), "in order",
               "[" + std::to_string(first) + "," + std::to_string(last) + "]");
}

/// What rules of statuses and of bodies have in common.
template <class Rule>
void read_finding(fields& f, Rule& to) {
    to.verdict = read_word(f["verdict"], verdict_names);
    const auto sure = f["certainty"];
    to.certainty = read_word(sure, certainty_names);
    if (to.verdict == verdict::success && to.certainty != certainty::answered)
        sure.refuse(R"("answered" beside the verdict "success")");
}

inline http::status_rule read_status_rule(const place& p) {
    fields f{p};
    http::status_rule rule;
    read_statuses(f["status"], rule.first, rule.last);
    if (const auto when = f["when"]; when.exists()) rule.when = read_word(when, given_names);
    read_finding(f, rule);
    f.nothing_else();
    return rule;
}

inline http::body_rule read_body_rule(const place& p, profile_texts& texts) {
    fields f{p};
    http::body_rule rule;
    read_statuses(f["status"], rule.first, rule.last);
    read_where(f["where"], texts, rule.where);
    read_phrase(f["is"], texts, rule.is);
    read_finding(f, rule);
    f.nothing_else();
    return rule;
}

inline http::body_wait read_body_wait(const place& p, profile_texts& texts) {
    fields f{p};
    http::body_wait wait;
    read_where(f["where"], texts, wait.where);
    read_phrase(f["after"], texts, wait.after);
    read_reset_unit(f["unit"], wait.unit);
    f.nothing_else();
    return wait;
}

/// Given elements replace all that were there.
template <class T, std::size_t N, class ReadOne>
void read_list(const place& p, const char* what, std::array<T, N>& to, ReadOne read_one) {
    if (!p.exists()) return;
    to = {};
    std::size_t count = 0;
    for (const auto& element : p.elements(0, N, what)) to[count++] = read_one(element);
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_PROFILE_RULES_HPP
