// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_READ_HPP
#define BIDE_JSON_READ_HPP

#include <bide/http/hint.hpp>
#include <bide/http/profile.hpp>
#include <bide/http/read.hpp>
#include <bide/http/request.hpp>
#include <bide/http/response.hpp>
#include <bide/json/body.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace bide::inline v1::json {

namespace detail {

/// May the body say something that counts? A success is not parsed without need.
inline bool is_candidate(int status, const http::profile& provider) noexcept {
    const auto concerns = [status](const http::body_rule& rule) {
        return rule.first <= status && status <= rule.last;
    };
    return status >= 400 ||
           std::any_of(provider.body_rules.begin(), provider.body_rules.end(), concerns);
}

/// What the fields of a 2xx ask for, once it is known to be a refusal.
inline std::optional<std::chrono::milliseconds> refusals_hint(
    const http::response_view& response, const http::reading& found,
    std::optional<std::chrono::sys_seconds> base) noexcept {
    constexpr int any_refusal = 400;
    return http::hint_of(http::read_asked_wait(response.fields, base), found.quotas, any_refusal);
}

/// Adds what the body says to what the fields say.
inline void add(http::reading& found, const body& said, const http::response_view& response,
                const http::profile& provider, std::optional<std::chrono::sys_seconds> base) {
    const auto means = said.by_rules(provider.body_rules, response.status);
    if (!means && response.status < 400) return;  // nothing says that it is a refusal
    const auto told = said.wait(provider.body_waits, base);
    // From here on nothing throws.
    if (means) {
        const auto is_final =  // a saved failure is served again
            means->verdict != verdict::success && http::detail::is_replayed(response, provider);
        http::detail::set_finding(found, is_final ? verdict::permanent : means->verdict,
                                  means->certainty, response, provider);
    }
    if (found.finding.verdict == verdict::success) {
        found.hint = {};
    } else if (!found.hint) {
        if (response.status < 300) found.hint = refusals_hint(response, found, base);
        if (!found.hint) found.hint = told;
        found.hint = http::detail::untruncated(found.hint, provider.truncates_to.get());
    }
    found.finding.hint = {};
    http::detail::set_hint(found, provider);
}

}  // namespace detail

/// Reads a response as `http::read` does, and its body where that may change something; an
/// `http::reader`.
///
/// Read are bodies of JSON of at most `max_body_read` bytes, from status 400 on and for the
/// statuses of the profile's `body_rules`. A rule that holds comes before what the status says; if
/// it holds for a part of the reply only, something was done, and the answer is permanent and
/// ambiguous. A hint is taken from the body where the fields give none, see `body::wait`; below 400
/// only with a rule that says it is a refusal. A body that cannot be read, also for lack of memory,
/// counts as none. Bounded in time and memory.
[[nodiscard]] inline http::reading read(const http::response_view& response,
                                        const http::request_traits& request,
                                        const http::profile& provider,
                                        std::optional<wall_time> now) noexcept {
    auto found = http::read(response, request, provider, now);
    if (!detail::is_candidate(response.status, provider)) return found;
    auto base = found.date;
    if (!base && now) base = std::chrono::floor<std::chrono::seconds>(*now);
    try {
        if (const auto said = body::parse(response.body))
            detail::add(found, *said, response, provider, base);
    } catch (...) {  // NOLINT(bugprone-empty-catch): out of memory, and then as if without a body
    }
    return found;
}

}  // namespace bide::inline v1::json

#endif  // BIDE_JSON_READ_HPP
