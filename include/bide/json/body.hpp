// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_BODY_HPP
#define BIDE_JSON_BODY_HPP

#include <bide/http/profile.hpp>
#include <bide/json/detail/document.hpp>
#include <bide/json/detail/pointer.hpp>
#include <bide/json/detail/told_wait.hpp>
#include <bide/json/policy_error.hpp>
#include <bide/retry/verdict.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace bide::inline v1::json {

/// A body that is longer is not read: what a server says about its limits is short.
inline constexpr std::size_t max_body_read = bide::detail::longest_text;

namespace detail {

/// Is it worth the parser's while? What is told is told in an object, or in several.
inline bool looks_like_json(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t\r\n");
    return text.size() <= max_body_read && first != std::string_view::npos &&
           (text[first] == '{' || text[first] == '[');
}

inline bool says(const nlohmann::json& value, std::string_view is) {
    if (is.empty()) return !value.is_null();
    const auto text = text_of(value);
    if (!text) return false;
    if (!is.ends_with('*')) return *text == is;
    return std::string_view{*text}.starts_with(is.substr(0, is.size() - 1));
}

struct places {
    std::size_t all = 0;
    std::size_t holding = 0;
};

inline places places_of(const nlohmann::json& root, const http::body_rule& rule) {
    places found;
    visit(&root, rule.where, [&](const nlohmann::json* value) {
        ++found.all;
        if (value != nullptr && says(*value, rule.is)) ++found.holding;
    });
    return found;
}

}  // namespace detail

/// What a rule says of a body.
struct meaning {
    bide::verdict verdict;
    bide::certainty certainty;
};

/// The body of a response, as far as it tells what happened or how long to wait. Its functions
/// throw nothing but `std::bad_alloc`.
class body {
public:
    /// Nothing for a body that is no JSON, longer than `max_body_read`, nested deeper than 32, or
    /// that has a key twice or a number that fits no double.
    [[nodiscard]] static std::optional<body> parse(std::string_view text) {
        if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
        if (!detail::looks_like_json(text)) return {};
        try {
            return body{bide::detail::read_document(text)};
        } catch (const policy_error&) {
            return {};
        }
    }

    /// The first rule for that status that holds at one place at least: what it says, or permanent
    /// and ambiguous if it does not hold at all of them.
    [[nodiscard]] std::optional<meaning> by_rules(std::span<const http::body_rule> rules,
                                                  int status) const {
        for (const auto& rule : rules) {
            if (status < rule.first || status > rule.last) continue;
            const auto found = detail::places_of(root_, rule);
            if (found.holding == 0) continue;
            if (found.holding == found.all) return meaning{rule.verdict, rule.certainty};
            return meaning{verdict::permanent, certainty::ambiguous};
        }
        return {};
    }

    /// The wait that the body asks for, if it is one: what the profile knows first, then the usual.
    ///
    /// The usual is a name that says what it counts, in the body itself, its `error`, its
    /// `parameters` or the `extensions` of its `errors`: `retry_after_ms`, `retryAfterMs`;
    /// `retry_after_seconds`, `retryAfterSeconds`, `retry_after`, `retryAfter`, `retry_in_seconds`
    /// in seconds, or as a date. Google's RetryInfo, which is too short where a day's quota is used
    /// up. `metadata.recommendedRetryTime` and `error.nextValidRequestDate`. An instant counts from
    /// `base`, as in `http::parse_reset`. English sentences are read only where a profile tells
    /// how.
    [[nodiscard]] std::optional<std::chrono::milliseconds> wait(
        std::span<const http::body_wait> known,
        std::optional<std::chrono::sys_seconds> base) const {
        for (const auto& told : known)
            if (const auto found = detail::told_wait(root_, told, base)) return found;
        return detail::usual_wait(root_, base);
    }

private:
    explicit body(nlohmann::json root) : root_(std::move(root)) {}

    nlohmann::json root_;
};

}  // namespace bide::inline v1::json

#endif  // BIDE_JSON_BODY_HPP
