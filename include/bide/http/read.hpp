// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_READ_HPP
#define BIDE_HTTP_READ_HPP

#include <bide/http/advice.hpp>
#include <bide/http/field.hpp>
#include <bide/http/hint.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/quota_fields.hpp>
#include <bide/http/request.hpp>
#include <bide/http/response.hpp>
#include <bide/http/status.hpp>
#include <bide/quota.hpp>
#include <bide/retry/finding.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <optional>

namespace bide::inline v1::http {

/// What a response says: what happened, how long to wait, what is left, and when it was written.
struct reading {
    bide::finding finding{};
    /// The server's wait as it asked for it; `finding.hint` is the same as far as a duration
    /// reaches (292 years), and where a throttled answer asks for none, the profile's `least_wait`.
    std::optional<std::chrono::milliseconds> hint{};
    /// Of any status, also a success. Their texts are views into the response.
    bide::quotas quotas{};
    http::advice advice = http::advice::none;
    /// By the server's clock; other instants in the same response are relative to it.
    std::optional<std::chrono::sys_seconds> date{};
};

namespace detail {

/// The server's advice changes what a failure is, and never what is known of the request: one that
/// may have been acted on stays so, and only an idempotent one is sent again after an answer.
constexpr verdict advised(verdict v, advice a, int status, bool replayed) noexcept {
    if (v == verdict::success || a == advice::none) return v;
    if (a == advice::stop) return verdict::permanent;
    // A saved answer is served again whatever it says of itself.
    return v == verdict::permanent && status >= 400 && !replayed ? verdict::transient : v;
}

constexpr bool is_replayed(const response_view& response, const profile& provider) noexcept {
    return !provider.replay_header.empty() &&
           find_field(response.fields, provider.replay_header) != nullptr;
}

/// What a rule says, as the rest of the response lets it stand.
constexpr void set_finding(reading& found, verdict v, certainty c, const response_view& response,
                           const profile& provider) noexcept {
    const auto status = response.status;
    found.finding.verdict = advised(v, found.advice, status, is_replayed(response, provider));
    found.finding.certainty = c;
    found.finding.settles =
        provider.client_error_settles && status >= 400 && status < 500 && c == certainty::answered;
    found.finding.status = status;
}

/// At least as long as the server meant it when it cut the wait off at that unit.
constexpr std::optional<std::chrono::milliseconds> untruncated(
    std::optional<std::chrono::milliseconds> wait, duration unit) noexcept {
    using std::chrono::milliseconds;
    if (!wait || unit <= duration::zero()) return wait;
    const auto more = std::chrono::ceil<milliseconds>(unit);
    return *wait < milliseconds::max() - more ? *wait + more : milliseconds::max();
}

/// The finding's wait: the server's, or what its documentation asks for.
constexpr void set_hint(reading& found, const profile& provider) noexcept {
    if (found.hint)
        found.finding.hint = timespan{*found.hint}.get();
    else if (found.finding.verdict == verdict::throttled && provider.least_wait.get().count() > 0)
        found.finding.hint = provider.least_wait.get();
}

}  // namespace detail

/// Reads a response: pure, without allocation, linear in the size of its fields, for any bytes.
///
/// A wait is reported for every status from 300 on, also with a permanent verdict: the caller may
/// come back later himself; see `hint_of`. `now` is when the response arrived; it serves only a
/// response without a valid Date, and may be nothing where no clock can be trusted. The body is not
/// read: where a profile says that only the body tells, a 2xx comes out as ambiguous.
[[nodiscard]] constexpr reading read(const response_view& response, const request_traits& request,
                                     const profile& provider,
                                     std::optional<wall_time> now) noexcept {
    // Whole seconds, downward like the server's own Date: a wait comes out longer, never shorter.
    std::optional<std::chrono::sys_seconds> base;
    if (now) base = std::chrono::floor<std::chrono::seconds>(*now);
    const auto date = date_of(response, base);
    if (date) base = date;

    const auto status = response.status;
    reading found{.quotas = read_quotas(response.fields, base, provider.reset_unit),
                  .advice = advice_of(response.fields),
                  .date = date};
    const auto asked = read_asked_wait(response.fields, base);
    found.hint =
        detail::untruncated(hint_of(asked, found.quotas, status), provider.truncates_to.get());

    const auto* binding = found.quotas.binding();
    const circumstances true_here{
        .retry_after = status >= 300 && asked.by_retry_after,
        .exhausted = binding != nullptr && binding->is_exhausted(),
        .own_key = is_protected(request, provider),
        .replayed = detail::is_replayed(response, provider),
    };
    const auto* rule = find_rule(provider.rules, status, true_here);
    if (rule == nullptr) rule = find_rule(status_table, status, true_here);

    if (rule->verdict == verdict::success && provider.told_by_body)
        detail::set_finding(found, verdict::transient, certainty::ambiguous, response, provider);
    else
        detail::set_finding(found, rule->verdict, rule->certainty, response, provider);
    detail::set_hint(found, provider);
    return found;
}

/// Whether `read` would say that it is a success, whatever its fields are.
[[nodiscard]] constexpr bool is_plain_success(int status, const profile& provider) noexcept {
    if (status < 200 || status > 299 || provider.told_by_body) return false;
    for (const auto& rule : provider.rules)
        if (rule.first <= status && status <= rule.last) return false;
    return true;
}

/// Reads a response; `read` is one, `json::read` another, which also reads bodies.
using reader = reading (*)(const response_view& response, const request_traits& request,
                           const profile& provider, std::optional<wall_time> now) noexcept;

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_READ_HPP
