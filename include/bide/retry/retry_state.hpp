// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_RETRY_STATE_HPP
#define BIDE_RETRY_RETRY_STATE_HPP

#include <bide/backoff/backoff.hpp>
#include <bide/defaults.hpp>
#include <bide/limit/limit.hpp>
#include <bide/maybe.hpp>
#include <bide/retry/finding.hpp>

#include <cstdint>

namespace bide::inline v1 {

/// What to do after a try: again at `at`, or end because of `stopped_by`.
struct decision {
    bool again = false;
    time_point at{};             ///< If again: when the next try may begin.
    duration wait{};             ///< If again: from now to `at`.
    end stopped_by = end::done;  ///< If not: what stopped it.
    maybe<duration> retry_in{};  ///< If not: the server's word when to come back, from now.
};

/// How long a try may take, from its beginning.
struct allowance {
    duration connect{};  ///< Until the connection stands.
    duration whole{};    ///< Until the answer is there; by grace it may go beyond `left`.
    /// Until the operation should be over; the longest duration without a limit of time.
    duration left = duration::max();
};

namespace detail {

/// The certainty of an operation whose tries so far came to `so_far`, after one more.
constexpr certainty join(certainty so_far, const finding& f) noexcept {
    if (f.verdict == verdict::success) return certainty::answered;
    if (f.certainty == certainty::answered && f.settles) return certainty::answered;
    if (so_far == certainty::ambiguous || f.certainty == certainty::ambiguous)
        return certainty::ambiguous;
    return so_far < f.certainty ? f.certainty : so_far;
}

}  // namespace detail

/// One operation, decided without doing anything: told what happened and what time it is, it
/// answers what to do. Every driver is a loop around it.
///
/// Not for two threads at once. `Policy` must outlive it.
template <class Policy>
class retry_state {
public:
    /// `idempotent`: the operation may be repeated even where an earlier try may have acted.
    /// `may_be_cut`: cutting a try off spoils nothing even if it is not, so there is no grace.
    constexpr retry_state(const Policy& policy, const beginning& start, bool idempotent,
                          bool may_be_cut = false) noexcept
        : policy_{&policy},
          start_{start},
          idempotent_{idempotent},
          grace_{policy.options().grace && !idempotent && !may_be_cut} {}

    /// Goes on after `tries` that somebody else made, for instance this program before it was
    /// started anew; `previous` is the last delay of the backoff.
    constexpr void resume(std::uint64_t tries, certainty joined, duration previous) noexcept {
        tries_ = tries;
        joined_ = joined;
        previous_ = previous;
    }

    /// Asked before the first try; says no if the time is over already.
    [[nodiscard]] constexpr decision begin(time_point now) const noexcept {
        const auto why = may_start(now, nullptr);
        if (why != end::done) return {.stopped_by = why};
        return {.again = true, .at = now};
    }

    /// A try ended with `f` at `now`. What next? `g` is used for jitter only.
    template <random_source G>
    [[nodiscard]] constexpr decision after(const finding& f, time_point now, G& g) noexcept {
        ++tries_;
        joined_ = detail::join(joined_, f);
        if (f.verdict == verdict::success) return {.stopped_by = end::done};
        come_back_ = maybe<time_point>{};
        if (f.hint) come_back_ = detail::saturating_add(now, *f.hint);
        const auto stop = unrepeatable(f);
        if (stop) return {.stopped_by = *stop, .retry_in = f.hint};
        const attempt failed{tries_, previous_, f.verdict};
        previous_ = delay_of(policy_->delays(), failed, g);
        return schedule(f, now, previous_, g);
    }

    /// Ends the operation at `now` from outside: a stop request, a gate that refused. When to come
    /// back is the gate's word, or what is left of the server's.
    [[nodiscard]] constexpr decision stop(end why, time_point now,
                                          maybe<duration> retry_in = {}) const noexcept {
        if (!retry_in && come_back_)
            retry_in = detail::larger(detail::saturating_sub(*come_back_, now), duration::zero());
        return {.stopped_by = why, .retry_in = retry_in};
    }

    /// The end that the caller sees: whatever stopped it, it is `unknown` if it may have happened.
    [[nodiscard]] constexpr end ended(end stopped_by) const noexcept {
        if (stopped_by == end::done) return end::done;
        return joined_ == certainty::ambiguous ? end::unknown : stopped_by;
    }

    /// `end::done` if the limits let the next try begin at `at`.
    [[nodiscard]] constexpr end may_start(time_point at, const finding* because) const noexcept {
        return policy_->limits().check({tries_ + 1, start_, at, because});
    }

    /// The last instant at which the limits of time let a try begin.
    [[nodiscard]] constexpr time_point last_start() const noexcept {
        return detail::last_start_of(policy_->limits(), start_);
    }

    /// How long the try that begins at `now` may take.
    [[nodiscard]] constexpr allowance allowed(time_point now) const noexcept {
        const auto& options = policy_->options();
        const auto left = detail::saturating_sub(detail::latest_of(policy_->limits(), start_), now);
        const auto whole =
            grace_ ? options.try_timeout.get() : detail::smaller(options.try_timeout, left);
        // Before the request is sent there is nothing that cutting off could spoil.
        const auto unsent = detail::smaller(left, whole);
        return {detail::smaller(options.connect_timeout, unsent), whole, left};
    }

    [[nodiscard]] constexpr std::uint64_t tries() const noexcept { return tries_; }
    [[nodiscard]] constexpr certainty joined() const noexcept { return joined_; }
    [[nodiscard]] constexpr const beginning& start() const noexcept { return start_; }
    [[nodiscard]] constexpr bool idempotent() const noexcept { return idempotent_; }

private:
    /// Why no policy could allow another try; empty if one could.
    [[nodiscard]] constexpr maybe<end> unrepeatable(const finding& f) const noexcept {
        if (f.verdict == verdict::permanent) return end::permanent;
        if (!idempotent_ && f.certainty == certainty::ambiguous) return end::unknown;
        if (!idempotent_ && f.certainty == certainty::answered) return end::permanent;
        // Before the limits, because the time to come back is what the caller can use.
        if (f.hint && *f.hint > policy_->options().max_hint.get()) return end::deferred;
        return {};
    }

    /// The server's wait is a floor under our own delay, with slack that goes upward only.
    template <random_source G>
    [[nodiscard]] constexpr decision schedule(const finding& f, time_point now, duration delay,
                                              G& g) const noexcept {
        const auto asked = f.hint.value_or(duration::zero());
        const auto floor = detail::larger(delay, asked);
        auto wait = floor;
        if (asked > duration::zero()) {
            const auto slack =
                detail::draw(g, duration::zero(), asked / 100 * defaults::hint_slack_percent);
            wait = detail::larger(delay, detail::saturating_add(asked, slack));
        }
        auto why = may_start(detail::saturating_add(now, wait), &f);
        if (why == end::out_of_time && wait != floor) {  // the slack alone must not end it
            wait = floor;
            why = may_start(detail::saturating_add(now, wait), &f);
        }
        if (why == end::done)
            return {.again = true, .at = detail::saturating_add(now, wait), .wait = wait};
        // What would be in time without the server's wait is not over, only put off.
        const auto servers_wait =
            why == end::out_of_time &&
            may_start(detail::saturating_add(now, delay), &f) != end::out_of_time;
        return {.stopped_by = servers_wait ? end::deferred : why, .retry_in = f.hint};
    }

    const Policy* policy_;
    beginning start_;
    std::uint64_t tries_ = 0;
    maybe<time_point> come_back_{};  // by the last try's hint
    duration previous_{};  // the backoff's own last delay, without what a server asked for
    certainty joined_ = certainty::not_sent;
    bool idempotent_;
    bool grace_;
};

}  // namespace bide::inline v1

#endif  // BIDE_RETRY_RETRY_STATE_HPP
