// SPDX-License-Identifier: MIT
#ifndef BIDE_HTTP_STATUS_HPP
#define BIDE_HTTP_STATUS_HPP

#include <bide/retry/verdict.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <span>

namespace bide::inline v1::http {

/// What besides its status a rule asks of a response.
enum class given : std::uint8_t {
    always,
    retry_after,  ///< It carries a valid Retry-After.
    exhausted,    ///< It tells of a quota of which nothing remains.
    own_key,      ///< The request carried an idempotency key that the provider honours.
    replayed,     ///< It is marked as the saved answer to an earlier request with that key.
};

/// What is true of one response.
struct circumstances {
    bool retry_after = false;
    bool exhausted = false;
    bool own_key = false;
    bool replayed = false;

    [[nodiscard]] constexpr bool hold(given g) const noexcept {
        switch (g) {
            case given::always:
                return true;
            case given::retry_after:
                return retry_after;
            case given::exhausted:
                return exhausted;
            case given::own_key:
                return own_key;
            case given::replayed:
                return replayed;
        }
        return false;
    }
};

/// What a range of statuses means. A default-made rule matches nothing.
struct status_rule {
    int first = 0;
    int last = -1;
    given when = given::always;
    bide::verdict verdict = bide::verdict::transient;
    bide::certainty certainty = bide::certainty::ambiguous;

    [[nodiscard]] constexpr bool matches(int status, const circumstances& c) const noexcept {
        return first <= status && status <= last && c.hold(when);
    }
};

/// What every status means where the provider says nothing else; the first rule that matches is it.
///
/// Where a status does not tell whether the server acted, it is ambiguous: a wrong `rejected` sends
/// a message twice, a wrong `ambiguous` only asks the caller to look. A provider's own rules
/// (`profile::rules`) come before these.
inline constexpr std::array status_table = [] {
    using enum verdict;
    using enum certainty;
    using enum given;
    constexpr auto lowest = (std::numeric_limits<int>::min)();
    constexpr auto highest = (std::numeric_limits<int>::max)();
    return std::to_array<status_rule>({
        // Interim: the answer proper never came, and it may have been a success. RFC 9110 15.2.
        {100, 199, always, transient, ambiguous},
        // RFC 9110 15.3. A provider that hides a refusal in a 200 is read by its body.
        {200, 299, always, success, answered},
        // Not followed, so whoever follows redirects sees no 3xx here. RFC 9110 15.4.
        {300, 399, always, permanent, answered},

        // The server did not receive the whole request and closes. RFC 9110 15.5.9. A gateway that
        // answers 408 when its own upstream is slow breaks this; its profile says so.
        {408, 408, always, transient, rejected},
        // The first request with our key still runs: the same again, later.
        // draft-ietf-httpapi-idempotency-key-header-07, "Error Scenarios".
        {409, 409, own_key, transient, ambiguous},
        // Too large, but only for now: Retry-After is how the server says that. RFC 9110 15.5.14.
        {413, 413, retry_after, transient, rejected},
        // The wrong connection; another may be tried, whatever the method. RFC 9110 15.5.20.
        {421, 421, always, transient, rejected},
        // The server will not risk a replay of early data. RFC 8470 5.2.
        {425, 425, always, transient, rejected},
        // RFC 6585 4.
        {429, 429, always, throttled, rejected},
        // All others say that the request must change. RFC 9110 15.5; 423 wants a lock's token, RFC
        // 4918 11.3; 451 has legal reasons, RFC 7725.
        {400, 499, always, permanent, answered},

        // A saved failure is served as long as the key lives: asking again cannot help, and whether
        // the first request acted is as open as before. Stripe's `Idempotent-Replayed`.
        {500, 599, replayed, permanent, ambiguous},
        // Method and version will not be learned by asking again. RFC 9110 15.6.2 and 15.6.6.
        {501, 501, always, permanent, answered},
        {505, 505, always, permanent, answered},
        // "MUST NOT be repeated until it is requested by a separate user action". RFC 4918 11.5.
        {507, 507, always, permanent, answered},
        // Somebody must log in to this network; the server was never reached. RFC 6585 6.
        {511, 511, always, permanent, rejected},
        // 500, 502, 503, 504: RFC 9110 15.6; none says how far the work got, and 503 does not with
        // a Retry-After either. Unregistered codes are read as 500, as RFC 9110 15 asks: 520 to 527
        // and 530 are Cloudflare's (521, 523 and 525 mean there that the origin was not reached,
        // which another sender of that number does not promise), 529 is "overloaded" at several.
        {500, 599, always, overloaded, ambiguous},

        // No status at all: garbage instead of a reply to what was sent.
        {lowest, 0, always, transient, ambiguous},
        // "Values outside the range 100..599 are invalid", to be processed like a 5xx. RFC 9110 15.
        {lowest, highest, always, overloaded, ambiguous},
    });
}();

/// The first of `rules` that matches, null if none does.
[[nodiscard]] constexpr const status_rule* find_rule(std::span<const status_rule> rules, int status,
                                                     const circumstances& c) noexcept {
    for (const auto& rule : rules)
        if (rule.matches(status, c)) return &rule;
    return nullptr;
}

}  // namespace bide::inline v1::http

#endif  // BIDE_HTTP_STATUS_HPP
