// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_IDEMPOTENCY_KEY_HPP
#define BIDE_HTTP_IDEMPOTENCY_KEY_HPP

#include <bide/http/profile.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace bide::inline v1::http {

/// The longest key: Stripe and Telnyx take 255 characters, no provider that we know takes more.
inline constexpr std::size_t max_key_length = 255;

/// Can the key be sent? 1 to 255 visible ASCII characters other than `"` and `\`, so that it is the
/// same with quotes as without, needs no escapes and is not quoted already.
///
/// One key belongs to one operation: it is made by the caller, stored before the first send, and
/// never used with another body.
[[nodiscard]] constexpr bool is_valid_key(std::string_view key) noexcept {
    for (const char c : key)
        if (c <= ' ' || c > '~' || c == '"' || c == '\\') return false;
    return !key.empty() && key.size() <= max_key_length;
}

/// Does this provider take the key? It may allow fewer characters: `profile::key_punctuation`.
[[nodiscard]] constexpr bool is_valid_key(std::string_view key, const profile& provider) noexcept {
    const auto allowed = provider.key_punctuation;
    for (const char c : key) {
        const bool plain =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!allowed.empty() && !plain && allowed.find(c) == std::string_view::npos) return false;
    }
    return is_valid_key(key);
}

/// A key as the value of a header field, in storage of its own.
class key_value {
public:
    /// Nothing if the key is not valid there or the provider honours none.
    [[nodiscard]] static constexpr std::optional<key_value> make(std::string_view key,
                                                                 const profile& provider) noexcept {
        if (!is_valid_key(key, provider) || provider.key_header.empty()) return std::nullopt;
        key_value value;
        if (provider.key_is_quoted) value.push('"');
        for (const char c : key) value.push(c);
        if (provider.key_is_quoted) value.push('"');
        return value;
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    constexpr key_value() noexcept = default;
    constexpr void push(char c) noexcept { text_[size_++] = c; }

    std::array<char, max_key_length + 2> text_{};
    std::size_t size_ = 0;
};

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_IDEMPOTENCY_KEY_HPP
