// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_QUOTA_NAME_HPP
#define BIDE_HTTP_QUOTA_NAME_HPP

#include <bide/http/field.hpp>
#include <bide/http/reset_value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bide::inline v1::http {

/// What a field tells of a quota.
enum class quota_part : std::uint8_t {
    limit,
    remaining,
    reset,
    window,
    pairs,  ///< Nothing by its name; its value may be `total=100; remaining=99; resets=41`.
};

/// What the name of a field such as `X-RateLimit-Remaining-Tokens` says.
struct quota_name {
    quota_part part = quota_part::limit;
    std::string_view vendor{};  ///< What stands before RateLimit, without X: `anthropic`.
    std::string_view bucket{};  ///< The quota's name, `Tokens`; empty for the only one.
    reset_unit unit = reset_unit::by_value;  ///< Of a reset or a window.
    bool standard = false;   ///< Nothing stands before RateLimit, as the IETF's drafts have it.
    bool secondary = false;  ///< A second form of a reset: `RateLimit-ResetTime`.
    std::optional<std::chrono::milliseconds> window{};  ///< By a suffix: `-Minute`.
};

namespace detail {

/// The words of a field name, which hyphens divide, taken from either end.
class name_words {
public:
    constexpr explicit name_words(std::string_view text) noexcept : rest_{text} {}

    [[nodiscard]] constexpr std::string_view rest() const noexcept { return rest_; }
    [[nodiscard]] constexpr std::string_view first() const noexcept {
        return rest_.substr(0, rest_.find('-'));
    }
    [[nodiscard]] constexpr std::string_view last() const noexcept {
        const auto hyphen = rest_.rfind('-');
        return hyphen == std::string_view::npos ? rest_ : rest_.substr(hyphen + 1);
    }
    constexpr void drop_first() noexcept {
        const auto hyphen = rest_.find('-');
        rest_.remove_prefix(hyphen == std::string_view::npos ? rest_.size() : hyphen + 1);
    }
    constexpr void drop_last() noexcept {
        const auto hyphen = rest_.rfind('-');
        rest_ = rest_.substr(0, hyphen == std::string_view::npos ? 0 : hyphen);
    }

private:
    std::string_view rest_;
};

/// Divides a name at RateLimit or Rate-Limit; nothing without that word.
struct divided_name {
    std::string_view before{};
    std::string_view after{};
    bool one_word = false;
};
constexpr std::optional<divided_name> divide_name(std::string_view name) noexcept {
    for (std::size_t at = 0; at < name.size();) {
        const name_words words{name.substr(at)};
        const auto first = words.first();
        const auto one_word = same_name(first, "ratelimit");
        if (one_word || same_name(first, "rate")) {
            name_words after = words;
            after.drop_first();
            if (one_word || same_name(after.first(), "limit")) {
                if (!one_word) after.drop_first();
                return divided_name{name.substr(0, at == 0 ? 0 : at - 1), after.rest(), one_word};
            }
        }
        at += first.size() + 1;
    }
    return std::nullopt;
}

constexpr std::optional<quota_part> part_of(std::string_view word) noexcept {
    for (const std::string_view limit : {"limit", "total", "max"})
        if (same_name(word, limit)) return quota_part::limit;
    if (same_name(word, "remaining")) return quota_part::remaining;
    for (const std::string_view reset : {"reset", "resets", "resettime", "next"})
        if (same_name(word, reset)) return quota_part::reset;
    if (same_name(word, "interval")) return quota_part::window;
    return std::nullopt;
}

/// Takes a word that says in which form a reset is given.
constexpr bool take_form(std::string_view word, reset_unit& unit) noexcept {
    for (const std::string_view plain : {"at", "date", "time"})
        if (same_name(word, plain)) return true;
    auto found = reset_unit::by_value;
    for (const std::string_view seconds : {"after", "seconds"})
        if (same_name(word, seconds)) found = reset_unit::seconds;
    for (const std::string_view milliseconds : {"ms", "milliseconds"})
        if (same_name(word, milliseconds)) found = reset_unit::milliseconds;
    if (found == reset_unit::by_value) return false;
    if (unit != reset_unit::milliseconds) unit = found;  // Reset-After-Ms
    return true;
}

constexpr std::optional<std::chrono::milliseconds> window_of(std::string_view word) noexcept {
    if (same_name(word, "second")) return std::chrono::seconds{1};
    if (same_name(word, "minute")) return std::chrono::minutes{1};
    if (same_name(word, "hour")) return std::chrono::hours{1};
    if (same_name(word, "day")) return std::chrono::hours{24};
    return std::nullopt;
}

/// What stands behind RateLimit: the part is its first or its last word, the rest is the bucket.
constexpr void read_part(name_words words, quota_name& to) noexcept {
    auto word = words.first();
    auto part = part_of(word);
    if (part) {
        words.drop_first();
        while (part == quota_part::reset && take_form(words.first(), to.unit)) words.drop_first();
    }
    while (part != quota_part::limit && take_form(words.last(), to.unit)) words.drop_last();
    if (!part) {
        word = words.last();
        part = part_of(word);
        if (part) words.drop_last();
    }
    to.part = part.value_or(quota_part::pairs);
    to.secondary = same_name(word, "resettime");
    to.bucket = words.rest();
    to.window = window_of(words.last());
}

}  // namespace detail

/// What a field name of the `X-RateLimit-*` kind says; nothing for any other name, nor for the
/// fields RateLimit and RateLimit-Policy, which are lists.
///
/// Known are the words RateLimit and Rate-Limit, behind X or a vendor's name or at the beginning;
/// behind them Limit (Total, Max), Remaining, Reset (Resets, ResetTime, Next) and Interval, before
/// or behind the name of the bucket; and behind Reset or Interval the unit: After, Seconds, Ms,
/// Milliseconds. Bare, `X-Rate-Limit` is the limit. Views into `name`; linear in its length.
[[nodiscard]] constexpr std::optional<quota_name> parse_quota_name(std::string_view name) noexcept {
    const auto divided = detail::divide_name(name);
    if (!divided) return std::nullopt;
    quota_name found{.vendor = divided->before,
                     .standard = divided->one_word && divided->before.empty()};
    if (same_name(found.vendor.substr(0, 2), "x-"))
        found.vendor.remove_prefix(2);
    else if (same_name(found.vendor, "x"))
        found.vendor = {};
    if (found.standard && (divided->after.empty() || same_name(divided->after, "policy")))
        return std::nullopt;
    if (!divided->after.empty()) detail::read_part(detail::name_words{divided->after}, found);
    return found;
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_QUOTA_NAME_HPP
