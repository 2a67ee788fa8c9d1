// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_HINT_HPP
#define BIDE_HTTP_HINT_HPP

#include <bide/http/detail/decimal.hpp>
#include <bide/http/detail/members.hpp>
#include <bide/http/field.hpp>
#include <bide/http/go_duration.hpp>
#include <bide/http/retry_after.hpp>
#include <bide/quota.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace bide::inline v1::http {

namespace detail {

/// How the value of a field that asks for a wait is written.
enum class wait_form : std::uint8_t { retry_after, milliseconds, whole_milliseconds, go };

struct wait_field {
    std::string_view name;
    wait_form form;
};

/// In the order in which they are believed.
inline constexpr std::array<wait_field, 9> wait_fields = {{
    // Azure's services, the SDKs that Stainless generates.
    {"retry-after-ms", wait_form::milliseconds},
    {"x-ms-retry-after-ms", wait_form::milliseconds},
    {"retry-after", wait_form::retry_after},
    // AWS's retries of 2026; what is no integer is to be ignored.
    {"x-amz-retry-after", wait_form::whole_milliseconds},
    {"x-ratelimit-retry-after", wait_form::retry_after},  // Braze, MailerLite
    {"retryafter", wait_form::retry_after},               // Perforce
    {"x-retry-after-seconds", wait_form::retry_after},    // Zerofriction
    {"x-retry-in", wait_form::go},                        // vulcand/oxy
    {"grpc-retry-pushback-ms", wait_form::whole_milliseconds},
}};

constexpr member read_wait(std::string_view text, wait_form form,
                           std::optional<std::chrono::sys_seconds> base) noexcept {
    if (form == wait_form::retry_after) return read_retry_after(base)(text);
    if (form == wait_form::go) return {.wait = parse_go_duration(text)};
    if (form == wait_form::whole_milliseconds && !parse_whole(text)) return {};
    const auto number = parse_decimal(text);
    if (!number) return {};
    return {.wait = std::chrono::milliseconds{times(*number, 1)}};
}

}  // namespace detail

/// What the fields ask for outright.
struct asked_wait {
    std::optional<std::chrono::milliseconds> wait{};
    bool by_retry_after = false;  ///< There is a valid Retry-After, whether or not it is the one.
};

/// The wait that the fields ask for outright: Retry-After, the like in milliseconds, other names.
///
/// The most precise one that is valid counts: `retry-after-ms`, `x-ms-retry-after-ms`,
/// `Retry-After`, `x-amz-retry-after`, then other names of the same. `base`: see
/// `parse_retry_after`. Linear in the input.
[[nodiscard]] constexpr asked_wait read_asked_wait(
    std::span<const field> fields, std::optional<std::chrono::sys_seconds> base) noexcept {
    std::array<std::optional<std::chrono::milliseconds>, detail::wait_fields.size()> waits{};
    asked_wait found;
    for (const auto& f : fields)
        for (std::size_t i = 0; i < waits.size(); ++i) {
            const auto& [name, form] = detail::wait_fields[i];
            if (!same_name(f.name, name)) continue;
            const auto read = [form = form, base](std::string_view text) noexcept {
                return detail::read_wait(text, form, base);
            };
            waits[i] = detail::larger(waits[i], detail::longest_member(f.value, read));
            if (waits[i] && name == "retry-after") found.by_retry_after = true;
        }
    for (const auto& wait : waits)
        if (!found.wait) found.wait = wait;
    return found;
}

/// The wait that follows from the quotas of a response with that status; nothing below 400.
///
/// Until the last reset of those that are exhausted. A 429 whose quotas do not tell what remains is
/// taken as one of them being exhausted; one with something left was not about that quota.
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds> quota_wait(const quotas& all,
                                                                            int status) noexcept {
    if (status < 400) return std::nullopt;
    std::optional<std::chrono::milliseconds> exhausted;
    std::optional<std::chrono::milliseconds> untold;
    for (const auto& q : all) {
        if (q.is_exhausted()) exhausted = detail::larger(exhausted, q.reset);
        if (!q.remaining) untold = detail::larger(untold, q.reset);
    }
    return exhausted || status != 429 ? exhausted : untold;
}

/// How long the server wants to be left alone, by all fields of a response with that status;
/// nothing if it does not say.
///
/// What it asks for outright counts for every status from 300 on and is never combined with what
/// follows from its quotas: both directions of disagreement are met, and Retry-After is the one
/// that has to be obeyed (draft-ietf-httpapi-ratelimit-headers). On a 2xx several servers send it
/// all the time. No cap, no floor and no jitter is applied.
[[nodiscard]] constexpr std::optional<std::chrono::milliseconds> hint_of(const asked_wait& asked,
                                                                         const quotas& all,
                                                                         int status) noexcept {
    if (status < 300) return std::nullopt;
    return asked.wait ? asked.wait : quota_wait(all, status);
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_HINT_HPP
