// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_BLOCKING_HPP
#define BIDE_RETRY_BLOCKING_HPP

#include <bide/detail/test_switch.hpp>
#include <bide/maybe.hpp>
#include <bide/observe/observer.hpp>
#include <bide/retry/callable.hpp>
#include <bide/retry/detail/closing.hpp>
#include <bide/retry/detail/nesting.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/detail/turn.hpp>
#include <bide/retry/retry_state.hpp>

#include <exception>
#include <type_traits>
#include <utility>

/// The blocking driver: it waits and calls, and holds no decision of its own.
namespace bide::inline v1::detail {

template <class How>
class blocking {
    using its = parts<How>;
    using policy_type = typename its::policy_type;
    using classifier_type = std::remove_cvref_t<decltype(std::declval<policy_type>().judge())>;
    using state_type = retry_state<policy_type>;

    static constexpr bool timed = needs_of<How> != clock_need::none;

public:
    template <class T>
    static constexpr bool judges = judges_result<classifier_type, T>();

    blocking(const How& how, repeatability word, const beginning& start)
        : how_{&how}, word_{word}, start_{start}, turn_{how, start.steady} {}

    blocking(const blocking&) = delete;
    blocking& operator=(const blocking&) = delete;

    /// The first try was a success: those who take part hear of it.
    void succeeded(const finding& found) {
        const auto now = world().now();
        turn_.finish(found, now);
        inside_.note();
        tell(*how_, {.kind = event_kind::attempt, .attempt = 1, .at = now, .found = found});
        tell_end(
            {.kind = event_kind::end, .attempt = 1, .at = now, .certainty = certainty::answered});
    }

    template <class T>
    [[nodiscard]] finding of_result(const T& result) const {
        turn_.listen(result);
        return judge_result(rules().judge(), result, word_.unclassified);
    }

    [[nodiscard]] this_try this_try_now() const {
        const auto& s = state_ != nullptr ? *state_ : fresh_state();
        return {s.tries() + 1, s.allowed(turn_.try_began()),
                trail_ != nullptr ? trail_->error : nullptr};
    }

    /// The first try failed with the exception in `where`, or with the result that `judged` is
    /// about.
    [[gnu::cold, gnu::noinline]] void go_on(trail*& where, const finding* judged,
                                            finding (*once_more)(void*, const blocking&),
                                            void* site) {
        if (where == nullptr) {
            where = new trail;
            where->has_value = true;
        }
        trail_ = where;
        auto found = judged != nullptr ? *judged : of_error(trail_->error);
        if constexpr (!timed) start_.steady = world().now();
        auto state = fresh_state();
        state_ = &state;
        auto random = world().random();
        for (;;) {
            const auto now = world().now();
            auto next = state.after(found, now, random);
            if (next.again && retrying_is_off.is_on()) next = state.stop(end::exhausted, now);
            turn_.finish(found, now);
            if (next.again) turn_.afford(state, found, now, next);
            remember(found, next, now);
            if (!next.again) return close(state, next, now);
            if (auto stop = turn_.come(state, next.at)) {
                const auto then = world().now();
                trail_->facts.tries.waited_only(saturating_sub(then, now));
                return close(state, *stop, then);
            }
            found = again(once_more, site);
        }
    }

    /// Why the first try may not begin; null if it may, after waiting for the gates if need be.
    [[nodiscard, gnu::noinline]] trail* begin() {
        auto state = fresh_state();
        auto stop = maybe<decision>{};
        if (turn_.stop_requested())
            stop = state.stop(end::cancelled, start_.steady);
        else if (auto first = state.begin(start_.steady); !first.again)
            stop = first;
        else
            stop = turn_.admitted(state);
        if (!stop) {
            inside_.begin();
            return nullptr;
        }
        auto* refused = new trail;
        trail_ = refused;
        try {
            close(state, *stop, timed ? world().now() : start_.steady);
        } catch (...) {  // the thread of an observer was cancelled
            delete refused;
            throw;
        }
        return refused;
    }

private:
    [[nodiscard]] finding again(finding (*once_more)(void*, const blocking&), void* site) {
        ++retries_made;
        inside_.begin();
        try {
            const auto found = once_more(site, *this);
            trail_->error = nullptr;
            return found;
        } catch (...) {
            // With a value it was the classifier that threw; without an exception it is a thread
            // that is being cancelled.
            if (trail_->has_value) throw;
            trail_->error = std::current_exception();
            if (!trail_->error) throw;
        }
        return of_error(trail_->error);
    }

    [[nodiscard]] const policy_type& rules() const noexcept { return its::rules(*how_); }
    [[nodiscard]] decltype(auto) world() const noexcept { return its::world(*how_); }
    [[nodiscard]] state_type fresh_state() const noexcept {
        return {rules(), start_, word_.idempotent, word_.may_be_cut};
    }

    [[nodiscard]] finding of_error(const std::exception_ptr& error) const {
        return judge_error(rules(), error, word_.unclassified);
    }

    void remember(const finding& found, const decision& next, time_point now) {
        inside_.note();
        const auto number = state_->tries();
        trail_->facts.tries.add({number, found, saturating_sub(now, start_.steady), next.wait});
        tell(*how_, {.kind = event_kind::attempt, .attempt = number, .at = now, .found = found});
        if (next.again)
            tell(*how_, {.kind = event_kind::backoff,
                         .attempt = number,
                         .at = now,
                         .found = found,
                         .wait = next.wait});
    }

    void close(const state_type& state, const decision& last, time_point now) {
        auto& facts = trail_->facts;
        close_record(facts, state, last, now, world());
        facts.refused_by = turn_.refused_by();
        tell_end(end_of(facts, now));
    }

    /// If other operations retried inside this one, that comes first.
    void tell_end(const event& last) {
        if (inside_.retries() > 0)
            tell(*how_, {.kind = event_kind::nested,
                         .attempt = last.attempt,
                         .at = last.at,
                         .inner_retries = inside_.retries()});
        tell(*how_, last);
    }

    const How* how_;
    repeatability word_;
    beginning start_;
    const state_type* state_ = nullptr;  // while there is one: after the first failure
    trail* trail_ = nullptr;
    [[no_unique_address]] retries_inside<its::observed> inside_{};
    turn<How> turn_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_BLOCKING_HPP
