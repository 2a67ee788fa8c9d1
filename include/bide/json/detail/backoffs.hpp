// SPDX-License-Identifier: MIT
#ifndef BIDE_JSON_DETAIL_BACKOFFS_HPP
#define BIDE_JSON_DETAIL_BACKOFFS_HPP

#include <bide/backoff/any_backoff.hpp>
#include <bide/backoff/at_least.hpp>
#include <bide/backoff/exponential.hpp>
#include <bide/backoff/sum.hpp>
#include <bide/backoff/when_throttled.hpp>
#include <bide/json/detail/fields.hpp>
#include <bide/json/detail/jitters.hpp>
#include <bide/json/detail/settings.hpp>
#include <bide/json/detail/shapes.hpp>
#include <bide/json/detail/words.hpp>

#include <cstddef>
#include <string>

namespace bide::inline v1::detail {

inline constexpr unsigned deepest_backoff = 8;
inline constexpr std::size_t most_summands = 16;

inline read_delays read_backoff(const place& p, unsigned level);

inline read_delays read_sum(fields& f, unsigned level) {
    const auto parts = f["of"].elements(2, most_summands, "backoffs");
    auto total = read_backoff(parts.front(), level + 1);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto next = read_backoff(parts[i], level + 1);
        total.delays = total.delays + next.delays;
        if (total.settled_at.empty()) total.settled_at = next.settled_at;
    }
    return total;
}

inline read_delays read_by_verdict(fields& f, unsigned level) {
    const auto otherwise = read_backoff(f["otherwise"], level + 1);
    const auto throttled = read_backoff(f["throttled"], level + 1);
    return {by_verdict{otherwise.delays, throttled.delays},
            otherwise.settled_at.empty() ? throttled.settled_at : otherwise.settled_at};
}

/// What `kind` names, before its own jitter and floor.
inline read_delays read_kind(fields& f, unsigned level) {
    const auto kind = f["kind"];
    if (is_word(kind, "sum")) return read_sum(f, level);
    if (is_word(kind, "by_verdict")) return read_by_verdict(f, level);
    std::string names;
    for (const auto& [name, read_shape] : shapes) {
        if (is_word(kind, name)) return {read_shape(f), {}};
        names += '"' + std::string{name} + "\", ";
    }
    kind.refuse("one of " + names + R"("sum", "by_verdict")");
}

inline read_delays with_floor(const read_delays& b, const place& floor) {
    if (!floor.exists()) return b;
    timespan least = duration::zero();
    read(floor, least);
    return {b.delays | at_least{least}, floor.pointer()};
}

inline constexpr auto a_backoff = R"(an object such as {"kind":"exponential"})";

inline read_delays read_backoff(const place& p, unsigned level) {
    if (level > deepest_backoff)
        refuse(p.pointer(), "nested at most " + std::to_string(deepest_backoff) + " backoffs deep",
               "more");
    fields f{p, a_backoff};
    const auto shape = read_kind(f, level);
    const auto jitter = f["jitter"];
    const auto floor = f["at_least"];
    f.nothing_else();
    return with_floor(with_jitter(shape, jitter), floor);
}

/// The backoff of a policy. The policy's jitter is as good as the backoff's own: it comes before
/// the floor, which would be no floor otherwise. Where nobody says a word, it is `full_jitter`.
inline any_backoff read_backoff(const place& p, const place& jitter) {
    read_delays b{exponential({}), {}};
    place floor{nullptr, {}};
    if (p.exists()) {
        fields f{p, a_backoff};
        b = read_kind(f, 1);
        const auto own = f["jitter"];
        floor = f["at_least"];
        f.nothing_else();
        b = with_jitter(b, own);
    }
    b = with_jitter(b, jitter);
    if (b.settled_at.empty()) b.delays = b.delays | full_jitter;
    return with_floor(b, floor).delays;
}

}  // namespace bide::inline v1::detail

#endif  // BIDE_JSON_DETAIL_BACKOFFS_HPP
