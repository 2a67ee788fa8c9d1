// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_REFERENCE_MODEL_HPP
#define BIDE_TESTS_SUPPORT_REFERENCE_MODEL_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

/// What `retry_state` has to answer, written from the tables of ARCHITECTURE.md (sections 2, 3, 4)
/// before the library and in another style: it keeps no state, reads the whole operation again for
/// each question, and is slow on purpose. Where the page is silent, "lead" marks what was decided.
namespace model {

using ms = std::int64_t;  ///< Milliseconds; an instant counts from the start of the operation.

enum class verdict { success, throttled, overloaded, transient, permanent };
enum class certainty { not_sent, rejected, ambiguous, answered };
/// How an operation ended, or `running`: the word is over and the operation would go on.
enum class end { running, done, permanent, exhausted, out_of_time, deferred, unknown, cancelled };

/// What happened in one try. `name` tells apart what only the caller sees (`thrown`).
struct try_outcome {
    std::string_view name{};
    model::verdict verdict = model::verdict::success;
    model::certainty certainty = model::certainty::answered;
    std::optional<ms> hint{};
    bool settles = false;  ///< This answer also settles earlier ambiguous tries.
};
using word = std::vector<try_outcome>;  ///< What would happen, try by try.

/// min(cap, base * factor^(number - 1)) after try `number`; factor 1 is a constant delay.
struct backoff {
    ms base = 0;
    ms factor = 1;
    ms cap = 0;
};

struct limit {
    enum class kind { max_attempts, max_elapsed, deadline };
    kind what = kind::max_attempts;
    ms bound = 1;      ///< Tries (the first included), or the total, or the instant.
    ms least_try = 0;  ///< No try starts with less time left; unused by max_attempts.
};
constexpr limit max_attempts(ms tries) { return {limit::kind::max_attempts, tries, 0}; }
constexpr limit max_elapsed(ms total, ms least) { return {limit::kind::max_elapsed, total, least}; }
constexpr limit deadline(ms at, ms least) { return {limit::kind::deadline, at, least}; }

struct policy {
    std::string_view name{};
    model::backoff backoff{};
    std::vector<limit> limits{};  ///< In the order in which `|` joins them.
    ms max_hint = 60'000;
    ms try_takes = 0;  ///< Each try lasts exactly this long.
};

struct result {
    std::vector<ms> starts{};  ///< When each try started; as many as there were tries.
    model::end end = model::end::running;
    model::end stopped_by = model::end::running;  ///< Stays readable when `end` is unknown.
    model::certainty certainty = model::certainty::not_sent;  ///< Of the operation, so far.
    std::optional<ms> retry_at{};
    std::optional<ms> next_at{};   ///< Only while running: when the next try starts.
    std::optional<ms> ended_at{};  ///< Only when ended.

    [[nodiscard]] std::size_t tries() const { return starts.size(); }
    [[nodiscard]] bool operator==(const result&) const = default;
};

/// a + b, saturating.
constexpr ms plus(ms a, ms b) {
    constexpr ms highest = std::numeric_limits<ms>::max();
    constexpr ms lowest = std::numeric_limits<ms>::min();
    if (b > 0 && a > highest - b) return highest;
    if (b < 0 && a < lowest - b) return lowest;
    return a + b;
}

/// Section 2, "backoff": never above the cap.
constexpr ms delay_after(const backoff& b, std::size_t number) {
    ms d = b.base < b.cap ? b.base : b.cap;
    for (std::size_t i = 1; i < number; ++i) d = d > b.cap / b.factor ? b.cap : d * b.factor;
    return d;
}

/// Section 3, "certainty of an operation", of the first `tries` letters. An answered success wins;
/// `answered` above `rejected` is the lead's (the page names no rank for an answer that failed).
inline certainty join(const word& w, std::size_t tries) {
    bool any_answered = false;
    bool any_rejected = false;
    bool any_unsettled = false;
    for (std::size_t i = 0; i < tries; ++i) {
        if (w[i].verdict == verdict::success) return certainty::answered;
        if (w[i].certainty == certainty::answered) any_answered = true;
        if (w[i].certainty == certainty::rejected) any_rejected = true;
        if (w[i].certainty != certainty::ambiguous) continue;
        bool settled = false;
        for (std::size_t later = i + 1; later < tries; ++later)
            if (w[later].certainty == certainty::answered && w[later].settles) settled = true;
        if (!settled) any_unsettled = true;
    }
    // A success after an ambiguous try was found above, because the loop always runs to the last.
    if (any_unsettled) return certainty::ambiguous;
    if (any_answered) return certainty::answered;
    if (any_rejected) return certainty::rejected;
    return certainty::not_sent;
}

/// Section 2, "limit": what this limit says to try `number` starting at `at`; running = no
/// objection.
constexpr end objection(const limit& l, std::size_t number, ms at) {
    switch (l.what) {
        case limit::kind::max_attempts:
            return static_cast<ms>(number) > l.bound ? end::exhausted : end::running;
        case limit::kind::max_elapsed:
        case limit::kind::deadline:
            return plus(at, l.least_try) > l.bound ? end::out_of_time : end::running;
    }
    return end::running;
}

/// An operation right after try `number` (from 1), which is over at `now`.
struct moment {
    const policy& p;
    const word& w;
    bool idempotent;
    std::size_t number;
    ms now;

    [[nodiscard]] const try_outcome& last() const { return w[number - 1]; }
    [[nodiscard]] ms without_hint() const { return plus(now, delay_after(p.backoff, number)); }
    /// Section 4: a hint is a floor, and hint 0 does not switch our own backoff off.
    [[nodiscard]] ms next() const {
        const ms hinted = plus(now, last().hint.value_or(0));
        return hinted > without_hint() ? hinted : without_hint();
    }
};

// The rules that follow a try, in the lead's order: `running` means "nothing to say".

/// Section 3: a success ends, whatever came before.
inline end success_ends(const moment& m) {
    return m.last().verdict == verdict::success ? end::done : end::running;
}
/// Section 2, "classifier": what is permanent is final.
inline end permanent_stops(const moment& m) {
    return m.last().verdict == verdict::permanent ? end::permanent : end::running;
}
/// Section 3: not_sent and rejected are always safe to repeat, the rest only if idempotent.
/// That an unsafe `answered` counts as permanent is the lead's.
inline end unsafe_stops(const moment& m) {
    if (m.idempotent) return end::running;
    if (m.last().certainty == certainty::ambiguous) return end::unknown;
    if (m.last().certainty == certainty::answered) return end::permanent;
    return end::running;
}
/// Section 4, `deferred`: over max_hint. Before the attempt limit (lead): the caller needs the
/// time.
inline end long_hint_defers(const moment& m) {
    return m.last().hint && *m.last().hint > m.p.max_hint ? end::deferred : end::running;
}
/// Section 2, "limit", `a | b`: the first objection counts, in the order of the joining (lead).
/// Section 4: what would be in time without the server's wait is deferred; "in time" by every limit
/// (lead), because our own delay that does not fit is out_of_time whatever the server says.
inline end limits_stop(const moment& m) {
    bool in_time_without_hint = true;
    for (const limit& l : m.p.limits)
        if (objection(l, m.number + 1, m.without_hint()) == end::out_of_time)
            in_time_without_hint = false;
    for (const limit& l : m.p.limits) {
        const end said = objection(l, m.number + 1, m.next());
        if (said == end::out_of_time && in_time_without_hint) return end::deferred;
        if (said != end::running) return said;
    }
    return end::running;
}

/// Judges the operation in which `w` happens. A stop is requested at `cancel_at`, if given.
inline result judge(const policy& p, const word& w, bool idempotent,
                    std::optional<ms> cancel_at = std::nullopt) {
    result r;
    const auto ended = [&](end why, ms at) {
        r.stopped_by = why;
        r.certainty = join(w, r.tries());
        // Section 3: any end but success whose joined certainty is ambiguous is unknown.
        r.end = why != end::done && r.certainty == certainty::ambiguous ? end::unknown : why;
        r.ended_at = at;
        return r;
    };
    // A stop request at or before the start comes first, also before a past deadline.
    if (cancel_at && *cancel_at <= 0) return ended(end::cancelled, 0);
    // Section 2, least_try, for the first try as well (lead): no try, and nothing was sent.
    for (const limit& l : p.limits)
        if (const end said = objection(l, 1, 0); said != end::running) return ended(said, 0);

    ms start = 0;
    for (std::size_t number = 1; number <= w.size(); ++number) {
        r.starts.push_back(start);
        const moment m{p, w, idempotent, number, plus(start, p.try_takes)};
        // The server's word, whatever ends an operation without success (lead).
        r.retry_at.reset();
        if (m.last().hint && m.last().verdict != verdict::success)
            r.retry_at = plus(m.now, *m.last().hint);
        for (auto* rule :
             {success_ends, permanent_stops, unsafe_stops, long_hint_defers, limits_stop})
            if (const end said = rule(m); said != end::running) return ended(said, m.now);
        // Cancellation (lead): during the try just over, or during the wait, its last instant too.
        if (cancel_at && *cancel_at <= m.now) return ended(end::cancelled, m.now);
        if (cancel_at && *cancel_at <= m.next()) return ended(end::cancelled, *cancel_at);
        start = m.next();
    }
    r.certainty = join(w, r.tries());
    r.retry_at.reset();
    r.next_at = start;
    return r;
}

}  // namespace model

#endif  // BIDE_TESTS_SUPPORT_REFERENCE_MODEL_HPP
