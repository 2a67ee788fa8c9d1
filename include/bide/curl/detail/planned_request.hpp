// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_PLANNED_REQUEST_HPP
#define BIDE_CURL_DETAIL_PLANNED_REQUEST_HPP

#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/bounded_policy.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/defaults.hpp>
#include <bide/detail/platform.hpp>
#include <bide/gate/detail/entry.hpp>
#include <bide/maybe.hpp>
#include <bide/retry/detail/closing.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/retry/runtime.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace bide::inline v1::curl::detail {

/// What an operation has at budgets while it waits; nothing without gates.
template <class How, bool Gated = plans::parts<How>::gated>
struct gates_of {
    using memory = typename plans::entry<How>::memory;
};
template <class How>
struct gates_of<How, false> {
    struct memory {};
};

/// One request with a plan: what the plan says, and how far the request is.
template <class How>
class planned_request final
    : public operation,
      public bounded_policy<planned_request<How>, typename plans::parts<How>::policy_type> {
    using its = plans::parts<How>;
    using policy_type = typename its::policy_type;
    using bounded = bounded_policy<planned_request, policy_type>;

public:
    planned_request(request&& r, lane_base& of, const send_options& how)
        : operation{std::move(r), of},
          bounded{last_try(how)},
          state{*this, {}, is_idempotent(what)} {
        deadline = last_try(how);
        repeatable = state.idempotent();
        priority = how.priority;
        cost = how.cost;
        auto waits = how.not_before;
        if (how.resume) {
            resume(*how.resume);
            waits = (std::max)(waits, steady(how.resume->not_before));
        }
        if (!how.stop.stop_possible() && waits == time_point{}) return;
        more = std::make_unique<extras>();
        more->token = how.stop;
        more->not_before = waits;
    }

    [[nodiscard]] const policy_type& shared_policy() const noexcept {
        return its::rules(*static_cast<const How*>(by->plan()));
    }

    [[nodiscard]] record turned_away(time_point now) override {
        if (!begun) state = {*this, {now, {}}, repeatable};
        record facts;
        plans::close_record(facts, state, state.stop(bide::end::deferred, now, duration::zero()),
                            now, system_runtime{});
        return facts;
    }

    /// Its time runs from now on.
    void start_clock(time_point now) {
        constexpr auto reads_wall = policy_type::needs == clock_need::wall;
        state = {*this, {now, reads_wall ? plans::wall_now() : wall_time{}}, repeatable};
        begun = true;
    }

    /// Before its turn: why it may not be tried after all.
    [[nodiscard]] maybe<decision> begin(time_point now) {
        if (more && more->token.stop_requested())  // the word of it may still be on its way
            return state.stop(bide::end::cancelled, now);
        if (!begun) {
            start_clock(now);
            const auto first = state.begin(now);
            return first.again ? maybe<decision>{} : first;
        }
        if (now > state.last_start()) return state.stop(bide::end::out_of_time, now);
        const auto is_resumed = state.tries() > 0 && past.empty() && !is_hedge();
        return is_resumed ? go_on(now) : maybe<decision>{};
    }

    [[nodiscard]] bool is_hedge() const noexcept { return more && more->hedge != 0; }

    retry_state<bounded> state;
    [[no_unique_address]] typename gates_of<How>::memory at_budgets{};

private:
    /// After tries that were not made here: what allowed another may be different by now.
    [[nodiscard]] maybe<decision> go_on(time_point now) const {
        if (!repeatable && state.joined() == certainty::ambiguous)  // its key has died
            return state.stop(bide::end::unknown, now);
        const finding not_known{};
        const auto why = state.may_start(now, &not_known);
        return why == bide::end::done ? maybe<decision>{} : state.stop(why, now);
    }
    /// The same instant on the clock that nobody sets.
    static time_point steady(wall_time t) noexcept {
        const auto left = plans::saturating_sub(time_point{t.time_since_epoch()},
                                                time_point{plans::wall_now().time_since_epoch()});
        return plans::saturating_add(plans::steady_now(), left);
    }
    static time_point last_try(const send_options& how) noexcept {
        return how.deadline == never ? never
                                     : plans::saturating_add(how.deadline, -defaults::least_try);
    }

    void resume(const progress& p) {
        if (p.attempts == 0) return;
        // Where the clock was set back meanwhile, it would not have begun yet.
        const auto began = (std::min)(steady(p.began), plans::steady_now());
        state = {*this, {began, p.began}, repeatable};
        state.resume(p.attempts, p.certainty, p.previous);
        begun = true;
    }
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_PLANNED_REQUEST_HPP
