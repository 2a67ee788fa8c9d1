// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_TOLD_WAIT_HPP
#define BIDE_JSON_DETAIL_TOLD_WAIT_HPP

#include <bide/http/detail/members.hpp>
#include <bide/http/field.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/reset_value.hpp>
#include <bide/json/detail/pointer.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bide::inline v1::json::detail {

using some_wait = std::optional<std::chrono::milliseconds>;
using instant = std::optional<std::chrono::sys_seconds>;

/// A number without an exponent: the shortest that is read as the same.
inline std::string text_of_double(double value) {
    std::array<char, 512> digits{};  // the longest are 309 in front of the point or 343 behind it
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                   std::chars_format::fixed);
    return {digits.data(), end.ptr};
}

/// The text of a string, number or bool; nothing for other values.
inline std::optional<std::string> text_of(const nlohmann::json& value) {
    if (value.is_string()) return value.get_ref<const std::string&>();
    if (value.is_number_float()) return text_of_double(value.get<double>());
    if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
    if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    return std::nullopt;
}

/// What stands at the beginning of a sentence's rest: "250" of " 250 ] and retry".
inline std::string_view first_word(std::string_view text) {
    text = http::trim(text);
    text = text.substr(0, text.find_first_not_of("0123456789.:+-"
                                                 "abcdefghijklmnopqrstuvwxyz"
                                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    while (text.ends_with('.')) text.remove_suffix(1);
    return text;
}

inline some_wait wait_in(const nlohmann::json& value, std::string_view after, http::reset_unit unit,
                         instant base) {
    const auto text = text_of(value);
    if (!text) return {};
    if (after.empty()) return http::parse_reset(*text, base, unit);
    const auto at = text->find(after);
    if (at == std::string::npos) return {};
    return http::parse_reset(first_word(std::string_view{*text}.substr(at + after.size())), base,
                             unit);
}

/// The longest wait of all places.
inline some_wait told_wait(const nlohmann::json& root, const http::body_wait& told, instant base) {
    some_wait longest;
    visit(&root, told.where, [&](const nlohmann::json* value) {
        if (value != nullptr)
            longest = http::detail::larger(longest, wait_in(*value, told.after, told.unit, base));
    });
    return longest;
}

struct named_wait {
    std::string_view name;
    http::reset_unit unit;
};
inline constexpr std::array<named_wait, 7> wait_names = {{
    {"retry_after_ms", http::reset_unit::milliseconds},
    {"retryAfterMs", http::reset_unit::milliseconds},
    {"retry_after_seconds", http::reset_unit::seconds},  // Docker
    {"retryAfterSeconds", http::reset_unit::seconds},
    {"retry_after", http::reset_unit::seconds},       // Discord, Telegram and many others
    {"retryAfter", http::reset_unit::seconds},        // Salesforce Marketing Cloud
    {"retry_in_seconds", http::reset_unit::seconds},  // monday
}};
/// Where those names stand: Telegram has `parameters`, GraphQL `extensions`.
inline constexpr std::array<std::string_view, 4> wait_holders = {"", "/error", "/parameters",
                                                                 "/errors/*/extensions"};

/// By a name that says in what it counts; a text that is no number may still be a date.
inline some_wait named_wait_of(const nlohmann::json& holder, instant base) {
    for (const auto& [name, unit] : wait_names) {
        const auto* value = child(holder, name);
        if (value == nullptr) continue;
        auto found = wait_in(*value, {}, unit, base);
        if (!found && unit == http::reset_unit::seconds)
            found = wait_in(*value, {}, http::reset_unit::by_value, base);
        if (found) return found;
    }
    return {};
}

/// Instants that are nobody else's names: MetaApi, rate-limiter-flexible.
inline constexpr std::array<http::body_wait, 2> wait_instants = {
    {{"/metadata/recommendedRetryTime"}, {"/error/nextValidRequestDate"}}};

/// What Google's services tell; `retryDelay` is a protobuf Duration such as "3.957525076s".
inline some_wait retry_info(const nlohmann::json& root, instant base) {
    some_wait longest;
    for (const auto* details : {"/error/details/*", "/details/*"})
        visit(&root, details, [&](const nlohmann::json* detail) {
            if (detail == nullptr) return;
            const auto* type = child(*detail, "@type");
            const auto* delay = child(*detail, "retryDelay");
            if (type == nullptr || delay == nullptr || !type->is_string() || !delay->is_string())
                return;
            const auto& name = type->get_ref<const std::string&>();
            if (!std::string_view{name}.ends_with("google.rpc.RetryInfo")) return;
            longest = http::detail::larger(longest,
                                           wait_in(*delay, {}, http::reset_unit::by_value, base));
        });
    return longest;
}

/// Where any provider may tell it.
inline some_wait usual_wait(const nlohmann::json& root, instant base) {
    for (const auto holder : wait_holders) {
        some_wait longest;
        visit(&root, holder, [&](const nlohmann::json* found) {
            if (found != nullptr)
                longest = http::detail::larger(longest, named_wait_of(*found, base));
        });
        if (longest) return longest;
    }
    if (const auto found = retry_info(root, base)) return found;
    for (const auto& told : wait_instants)
        if (const auto found = told_wait(root, told, base)) return found;
    return {};
}

}  // namespace bide::inline v1::json::detail

#endif  // BIDE_JSON_DETAIL_TOLD_WAIT_HPP
