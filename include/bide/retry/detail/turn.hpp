// SPDX-License-Identifier: MIT
#ifndef BIDE_RETRY_DETAIL_TURN_HPP
#define BIDE_RETRY_DETAIL_TURN_HPP

#include <bide/detail/test_switch.hpp>
#include <bide/maybe.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/retry/runtime.hpp>

#include <type_traits>

namespace bide::inline v1::detail {

/// Waits for the time of a try, for stop requests and for the gates of one operation.
template <class How>
class turn {
    using its = parts<How>;
    using state_type = retry_state<typename its::policy_type>;

    static constexpr bool timed = needs_of<How> != clock_need::none;
    static constexpr bool alarmed = its::stoppable || its::gated;

    static auto alarm_type() {
        if constexpr (alarmed)
            return std::type_identity<typename alarm_for<typename its::runtime_type>::type>{};
        else
            return std::type_identity<absent>{};
    }
    static auto entry_type() {
        if constexpr (its::gated)
            return std::type_identity<entry<How>>{};
        else
            return std::type_identity<absent>{};
    }

public:
    turn(const How& how, time_point start) : how_{&how}, try_began_{start} {}

    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

    /// Waits until `at` and until the gates agree; what stops the operation instead, if anything.
    [[nodiscard]] maybe<decision> come(const state_type& state, time_point at) {
        if (stop_requested() || !sleep(at)) return state.stop(end::cancelled, world().now());
        if constexpr (timed) try_began_ = world().now();
        return admitted(state);
    }

    /// Asks the gates until all say go.
    [[nodiscard]] maybe<decision> admitted(const state_type& state) {
        // The wait itself was checked, but on a stalled machine it takes longer than it should.
        if (timed && state.tries() > 0 && try_began_ > state.last_start())
            return state.stop(end::out_of_time, try_began_);
        if constexpr (its::gated) {
            for (;;) {
                if (stop_requested()) return state.stop(end::cancelled, try_began_);
                const auto word = entry_.ask(state, {}, try_began_);
                if (word.go || word.stop) return word.stop;
                wait_at_gate(word);
            }
        }
        return {};
    }

    // What the gates are told, see `entry`.
    template <class T>
    void listen(const T& result) const {
        if constexpr (its::gated) entry_.listen(result);
    }
    void finish(const finding& found, time_point now) noexcept {
        if constexpr (its::gated) entry_.finish(found, now);
    }
    void afford(const state_type& state, const finding& found, time_point now, decision& next) {
        if constexpr (its::gated) entry_.afford(state, found, now, next);
    }
    [[nodiscard]] const char* refused_by() const noexcept {
        if constexpr (its::gated)
            return entry_.refused_by();
        else
            return nullptr;
    }

    [[nodiscard]] bool stop_requested() const noexcept {
        if constexpr (its::stoppable)
            return how_->stop().stop_requested();
        else
            return false;
    }

    [[nodiscard]] time_point try_began() const noexcept { return try_began_; }

private:
    [[nodiscard]] decltype(auto) world() const noexcept { return its::world(*how_); }

    /// False if a stop request cut it short.
    [[nodiscard]] bool sleep(time_point at) {
        if (skips_waits()) return true;
        if constexpr (!its::stoppable) {
            world().sleep_until(at);
            return true;
        } else {
            [[maybe_unused]] const auto listening = how_->stop().ring_on_request(alarm_);
            // A ring may also be a gate's that is late: then the wait goes on.
            while (!stop_requested() && alarm_.wait_until(at)) {
            }
            return !stop_requested();
        }
    }

    template <class Word>
    void wait_at_gate(const Word& word) {
        // A gate that only an event opens is waited for in any case; another is asked as if its
        // time had come, for it knows no other time.
        if (!word.only_by_event && skips_waits()) {
            const auto now = world().now();
            try_began_ = now < word.until ? word.until : now;
            return;
        }
        [[maybe_unused]] const auto listening = how_->stop().ring_on_request(alarm_);
        alarm_.wait_until(word.until);
        try_began_ = world().now();
    }

    /// Whether a test switched off the real waits.
    [[nodiscard]] static bool skips_waits() noexcept {
        if constexpr (std::is_same_v<typename its::runtime_type, system_runtime>)
            return waiting_is_off.is_on();
        else
            return false;
    }

    const How* how_;
    time_point try_began_;
    // The alarm outlives the tickets, because a gate may ring it until they are given back.
    [[no_unique_address]] typename decltype(alarm_type())::type alarm_{its::world(*how_)};
    [[no_unique_address]] typename decltype(entry_type())::type entry_{*how_, alarm_};
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_RETRY_DETAIL_TURN_HPP
