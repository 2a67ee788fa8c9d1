// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_READ_HPP
#define BIDE_HTTP_READ_HPP

#include <bide/http/field.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/request.hpp>
#include <bide/http/response.hpp>
#include <bide/http/retry_after.hpp>
#include <bide/http/status.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <optional>

namespace bide::inline v1::http {

/// What a response says: what happened, how long to wait, and when it was written.
/// What it tells of the server's quotas belongs here too, since it holds for any status.
struct reading {
    bide::finding finding{};
    /// By the server's clock; other instants in the same response are relative to it.
    std::optional<std::chrono::sys_seconds> date{};
};

/// Reads a response: pure, without allocation, linear in the size of its fields, for any bytes.
///
/// A wait is reported for every status from 300 on, also with a permanent verdict: the caller may
/// come back later himself. On a 2xx Retry-After is no wait; several servers send it there all the
/// time. `now` is when the response arrived; it serves only a response without a valid Date, and
/// may be nothing where no clock can be trusted.
[[nodiscard]] constexpr reading read(const response_view& response, const request_traits& request,
                                     const profile& provider,
                                     std::optional<wall_time> now) noexcept {
    // Whole seconds, downward like the server's own Date: a wait comes out longer, never shorter.
    std::optional<std::chrono::sys_seconds> base;
    if (now) base = std::chrono::floor<std::chrono::seconds>(*now);
    const auto date = date_of(response, base);
    if (date) base = date;

    const auto status = response.status;
    std::optional<duration> hint;
    if (status >= 300) hint = retry_after(response.fields, base);

    const circumstances true_here{
        .retry_after = hint.has_value(),
        .own_key = is_protected(request, provider),
        .replayed = !provider.replay_header.empty() &&
                    find_field(response.fields, provider.replay_header) != nullptr,
    };
    const auto* rule = find_rule(provider.rules, status, true_here);
    if (rule == nullptr) rule = find_rule(status_table, status, true_here);

    const auto settles = provider.client_error_settles && status >= 400 && status < 500 &&
                         rule->certainty == certainty::answered;
    return {
        .finding = {.verdict = rule->verdict,
                    .certainty = rule->certainty,
                    .hint = hint,
                    .settles = settles,
                    .status = status},
        .date = date,
    };
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_READ_HPP
