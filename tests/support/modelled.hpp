// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_MODELLED_HPP
#define BIDE_TESTS_SUPPORT_MODELLED_HPP

#include "support/reference_model.hpp"

#include <bide/bide.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>

/// From the reference model's values to the library's and back, so that answers can be compared.
namespace modelled {

using bide::duration;
using milliseconds = std::chrono::milliseconds;

inline bide::time_point instant(model::ms at) { return bide::time_point{milliseconds{at}}; }

template <class Instant>
model::ms in_ms(Instant at) {
    return std::chrono::duration_cast<milliseconds>(at).count();
}

/// One limit that is chosen at run time; several are joined by the library's own `|`.
class any_limit {
public:
    explicit any_limit(const model::limit& l) : limit_{made_from(l)} {}

    [[nodiscard]] bide::end check(const bide::next_try& t) const noexcept {
        return std::visit([&](const auto& l) { return l.check(t); }, limit_);
    }
    [[nodiscard]] bide::time_point latest(const bide::beginning& start) const noexcept {
        return std::visit([&](const auto& l) { return bide::detail::latest_of(l, start); }, limit_);
    }
    [[nodiscard]] bide::time_point last_start(const bide::beginning& start) const noexcept {
        return std::visit([&](const auto& l) { return bide::detail::last_start_of(l, start); },
                          limit_);
    }

private:
    using deadline = bide::deadline<std::chrono::steady_clock>;
    using variant = std::variant<bide::max_attempts, bide::max_elapsed, deadline>;

    static variant made_from(const model::limit& l) {
        const milliseconds least{l.least_try};
        if (l.what == model::limit::kind::max_attempts)
            return bide::max_attempts{static_cast<std::uint64_t>(l.bound)};
        if (l.what == model::limit::kind::max_elapsed)
            return bide::max_elapsed{{.total = milliseconds{l.bound}, .least_try = least}};
        return deadline{instant(l.bound), least};
    }

    variant limit_;
};
static_assert(bide::limit<any_limit>);

template <class Backoff, class Limit>
auto with_limit(const model::policy& p, Backoff backoff, Limit limit) {
    return bide::policy(backoff, limit, {.max_hint = milliseconds{p.max_hint}});
}

/// Calls `visit` with the library's policy for the model's.
template <class Visitor>
void visit_policy(const model::policy& p, Visitor&& visit) {
    using bide::operator|;
    const auto limits = [&](auto backoff) {
        const any_limit first{p.limits.at(0)};
        if (p.limits.size() == 1) return visit(with_limit(p, backoff, first));
        const auto two = first | any_limit{p.limits[1]};
        if (p.limits.size() == 2) return visit(with_limit(p, backoff, two));
        if (p.limits.size() == 3)
            return visit(with_limit(p, backoff, two | any_limit{p.limits[2]}));
        throw std::logic_error{"at most three limits are compared"};
    };
    const milliseconds base{p.backoff.base};
    const milliseconds cap{p.backoff.cap};
    if (p.backoff.factor == 1) return limits(bide::constant{base});
    limits(bide::exponential{
        {.base = base, .factor = static_cast<double>(p.backoff.factor), .cap = cap}});
}

inline bide::finding finding_of(const model::try_outcome& t) {
    bide::finding f{.verdict = static_cast<bide::verdict>(t.verdict),
                    .certainty = static_cast<bide::certainty>(t.certainty),
                    .settles = t.settles};
    if (t.hint) f.hint = duration{milliseconds{*t.hint}};
    return f;
}
static_assert(static_cast<int>(bide::verdict::permanent) ==
              static_cast<int>(model::verdict::permanent));
static_assert(static_cast<int>(bide::certainty::answered) ==
              static_cast<int>(model::certainty::answered));

inline model::end end_of(bide::end e) {
    switch (e) {
        case bide::end::done:
            return model::end::done;
        case bide::end::permanent:
            return model::end::permanent;
        case bide::end::exhausted:
            return model::end::exhausted;
        case bide::end::out_of_time:
            return model::end::out_of_time;
        case bide::end::deferred:
            return model::end::deferred;
        case bide::end::unknown:
            return model::end::unknown;
        case bide::end::cancelled:
            return model::end::cancelled;
        case bide::end::refused:
            break;
    }
    throw std::logic_error{"the model knows no refusal"};
}

/// Slack and jitter at their lower bound.
struct lowest {
    constexpr std::uint64_t operator()() const noexcept { return 0; }
};

/// What `retry_state` makes of a word, in the model's terms.
template <class Policy>
model::result judge(const Policy& policy, const model::policy& p, const model::word& w,
                    bool idempotent) {
    model::result r;
    bide::retry_state state{policy, bide::beginning{instant(0), {}}, idempotent};
    lowest random;
    const auto ended = [&](const bide::decision& d, model::ms now) {
        r.stopped_by = end_of(d.stopped_by);
        r.end = end_of(state.ended(d.stopped_by));
        r.ended_at = now;
        if (d.retry_in) r.retry_at = now + in_ms(*d.retry_in);
    };
    auto next = state.begin(instant(0));
    if (!next.again) ended(next, 0);
    for (const auto& letter : w) {
        if (!next.again) break;
        const auto start = in_ms(next.at.time_since_epoch());
        r.starts.push_back(start);
        const auto now = start + p.try_takes;
        next = state.after(finding_of(letter), instant(now), random);
        if (!next.again) ended(next, now);
    }
    r.certainty = static_cast<model::certainty>(state.joined());
    if (next.again) r.next_at = in_ms(next.at.time_since_epoch());
    return r;
}

inline std::string describe(const model::result& r) {
    const auto show = [](const std::optional<model::ms>& at) {
        return at ? std::to_string(*at) : std::string{"-"};
    };
    std::string text = "end " + std::to_string(static_cast<int>(r.end)) + " stopped_by " +
                       std::to_string(static_cast<int>(r.stopped_by)) + " certainty " +
                       std::to_string(static_cast<int>(r.certainty)) + " retry_at " +
                       show(r.retry_at) + " next " + show(r.next_at) + " ended " +
                       show(r.ended_at) + " starts";
    for (const auto at : r.starts) text += " " + std::to_string(at);
    return text;
}

}  // namespace modelled

#endif  // BIDE_TESTS_SUPPORT_MODELLED_HPP
