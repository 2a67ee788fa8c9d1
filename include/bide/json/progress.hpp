// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_PROGRESS_HPP
#define BIDE_JSON_PROGRESS_HPP

#include <bide/http/timestamp.hpp>
#include <bide/json/detail/document.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/place.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/json/detail/words.hpp>
#include <bide/json/lines.hpp>
#include <bide/json/policy_error.hpp>
#include <bide/retry/progress.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// How far an operation is as text, for going on with it after a restart:
///
///     {"attempts": 2, "certainty": "rejected", "previous": "1.5s",
///      "began": "2026-05-04T03:02:01.007Z", "not_before": "2026-05-04T03:02:10.250Z"}
///
/// All five are there and nothing else. Instants are RFC 3339, rounded to milliseconds so that
/// nothing comes too early: `began` downward, `not_before` upward. `previous` is a duration as in a
/// policy.
namespace bide::inline v1 {

namespace detail {

/// Exact, as `duration_from_text` reads it: "1.5s".
inline std::string exact_text(duration d) {
    constexpr std::int64_t second = 1'000'000'000;
    const auto ns = larger(d, duration::zero()).count();
    auto decimals = std::to_string(second + ns % second);
    decimals[0] = '.';
    decimals.erase(decimals.find_last_not_of('0') + 1);
    return std::to_string(ns / second) + (decimals == "." ? "" : decimals) + "s";
}

inline constexpr named<certainty> certainty_words[] = {
    {to_string(certainty::not_sent), certainty::not_sent},
    {to_string(certainty::rejected), certainty::rejected},
    {to_string(certainty::ambiguous), certainty::ambiguous},
    {to_string(certainty::answered), certainty::answered}};

inline std::uint64_t read_attempts(const place& p) {
    const auto is_count = p.exists() && p.value().is_number_integer() &&
                          (p.value().is_number_unsigned() || p.value().get<std::int64_t>() >= 0);
    if (!is_count) p.refuse("a whole number of 0 or more");
    return p.value().get<std::uint64_t>();
}

inline certainty read_certainty(const place& p, std::uint64_t attempts) {
    const auto read = read_word(p, certainty_words);
    if (attempts == 0 && read != certainty::not_sent) p.refuse("\"not_sent\" without an attempt");
    return read;
}

inline wall_time read_instant(const place& p) {
    const auto* text = p.exists() ? p.value().get_ptr<const std::string*>() : nullptr;
    const auto read = text != nullptr ? http::parse_timestamp(*text) : std::nullopt;
    if (!read) p.refuse("an instant such as \"2026-05-04T03:02:01.007Z\"");
    return wall_time{timespan{read->time_since_epoch()}.get()};  // not every year fits
}

inline progress read_progress(const nlohmann::json& value) {
    fields all{{&value, {}}};
    progress p{.attempts = read_attempts(all["attempts"])};
    p.certainty = read_certainty(all["certainty"], p.attempts);
    const auto previous = all["previous"];
    if (!previous.exists()) previous.refuse(a_duration);
    timespan delay = duration::zero();
    read(previous, delay);
    p.previous = delay;
    p.began = read_instant(all["began"]);
    p.not_before = read_instant(all["not_before"]);
    all.nothing_else();
    return p;
}

}  // namespace detail

inline void to_json(nlohmann::json& j, const progress& p) {
    constexpr duration less_than_ms{999'999};
    const auto upward = detail::saturating_add(p.not_before.time_since_epoch(), less_than_ms);
    j = {{"attempts", p.attempts},
         {"certainty", to_string(p.certainty)},
         {"previous", detail::exact_text(p.previous)},
         {"began", detail::to_rfc3339(p.began)},
         {"not_before", detail::to_rfc3339(wall_time{upward})}};
}

namespace json {

/// A text that says nothing that a progress could be; otherwise a `policy_error`, so that one
/// handler serves all that is read: `progress: /attempts must be …, got …`.
class progress_error : public policy_error {
    using policy_error::policy_error;
};

/// The progress that was parsed already. Pointers begin at this value.
/// @throws progress_error
template <std::same_as<nlohmann::json> Json>
[[nodiscard]] progress progress_from(const Json& value) {
    return bide::detail::read_as<progress_error>(
        "progress", [&] { return bide::detail::read_progress(value); });
}

/// The progress that a text says: what `nlohmann::json(p).dump()` wrote.
/// @throws progress_error with the place, what is allowed there, and what was found.
[[nodiscard]] inline progress progress_from(std::string_view text) {
    return bide::detail::read_as<progress_error>(
        "progress", [&] { return bide::detail::read_progress(bide::detail::read_document(text)); });
}

}  // namespace json

/// For `value.get<bide::progress>()`; as `json::progress_from`.
inline void from_json(const nlohmann::json& value, progress& p) { p = json::progress_from(value); }

}  // namespace bide::inline v1

#endif  // BIDE_JSON_PROGRESS_HPP
