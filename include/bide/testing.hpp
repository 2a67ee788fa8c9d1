// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_HPP
#define BIDE_TESTING_HPP

#include <bide/bide.hpp>
#include <bide/detail/test_switch.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

/// Tests without waiting. Many clients and their server at once, on one virtual time line:
/// `bide/testing/simulation.hpp`, which is asked for by name.
namespace bide::inline v1 {

/// Test your retry policy without sleeping: `retry(with(clock, policy), f)` waits on this clock,
/// which jumps. Callables move it by `advance` to "take" time; `at` lets something happen during a
/// wait.
///
/// Jitter is seeded, so a run repeats. For one thread, except that `alarm::ring` may come from any.
class virtual_clock {
public:
    /// Counts from `start` on the wall clock, so that dates in answers can be matched.
    explicit virtual_clock(std::uint64_t seed = 1, wall_time start = {})
        : seed_{seed}, start_{start} {}

    virtual_clock(const virtual_clock&) = delete;
    virtual_clock& operator=(const virtual_clock&) = delete;

    // What `bide::runtime` asks for.
    [[nodiscard]] time_point now() const noexcept { return now_; }
    [[nodiscard]] wall_time wall() const noexcept {
        return wall_time{detail::saturating_add(start_.time_since_epoch(), elapsed())};
    }
    void sleep_until(time_point until) {
        waits_.push_back(std::max(until - now_, duration::zero()));
        run_until(until);
    }
    /// Each operation that fails gets another sequence of the same seed.
    [[nodiscard]] splitmix64 random() noexcept { return splitmix64{seed_++}; }

    /// Time passes; what was planned for it by `at` happens.
    void advance(timespan by) { run_until(detail::saturating_add(now_, by.get())); }

    /// Runs `happens` when the clock gets to `from_now`.
    void at(timespan from_now, std::function<void()> happens) {
        plans_.push_back({detail::saturating_add(now_, from_now.get()), std::move(happens)});
    }

    /// All waits so far, in order.
    [[nodiscard]] const std::vector<duration>& waits() const noexcept { return waits_; }
    [[nodiscard]] duration elapsed() const noexcept { return now_.time_since_epoch(); }

    /// A wait that an event can end, for gates and stop tokens.
    class alarm {
    public:
        explicit alarm(virtual_clock& clock) noexcept : clock_{&clock} {}

        void ring() noexcept { rung_ = true; }

        /// @throws std::logic_error if nothing that is planned could end a wait for ever.
        bool wait_until(time_point until) {
            const auto began = clock_->now_;
            while (!rung_ && clock_->now_ < until)
                if (!clock_->run_next(until)) {
                    if (until == never)
                        throw std::logic_error{
                            "bide::virtual_clock: this wait has no end and nothing is planned that "
                            "could "
                            "end it"};
                    clock_->now_ = until;
                }
            clock_->waits_.push_back(clock_->now_ - began);
            return rung_.exchange(false);
        }

    private:
        virtual_clock* clock_;
        std::atomic<bool> rung_ = false;
    };

private:
    struct planned {
        time_point when;
        std::function<void()> happens;
    };

    void run_until(time_point until) {
        while (run_next(until)) {
        }
        now_ = std::max(now_, until);
    }

    /// Moves to the earliest plan that is due by `until`, if any, and runs it.
    bool run_next(time_point until) {
        const auto next =
            std::min_element(plans_.begin(), plans_.end(),
                             [](const planned& a, const planned& b) { return a.when < b.when; });
        if (next == plans_.end() || next->when > until) return false;
        now_ = std::max(now_, next->when);
        const auto happens = std::move(next->happens);
        plans_.erase(next);
        happens();
        return true;
    }

    std::uint64_t seed_;
    wall_time start_;
    time_point now_{};
    std::vector<duration> waits_;
    std::vector<planned> plans_;
};
static_assert(runtime<virtual_clock>);

/// No operation waits for its next try while this lives: for tests of code whose plan is out of
/// reach. Where it can be reached, `virtual_clock` is the better tool.
///
/// Holds for all threads of the process; several may live at once. Everything else goes on as ever:
/// backoff, hints and gates are asked, and outcomes and observers name the waits that were skipped.
/// A gate that says when it opens is asked again as if that time had come; one that waits for an
/// event is waited for. Limits of time see the real clock, so a policy without `max_attempts` tries
/// until its time is over. Plans with a clock of their own are left alone. Where shared objects
/// hide their symbols, it holds in the one where it stands.
class no_waiting {
public:
    [[nodiscard]] no_waiting() noexcept { detail::waiting_is_off.hold(); }
    no_waiting(const no_waiting&) = delete;
    no_waiting& operator=(const no_waiting&) = delete;
    ~no_waiting() { detail::waiting_is_off.let_go(); }
};

/// No operation tries again while this lives: what would be retried ends as if no attempts were
/// left. For tests of what the caller does then; reach and exceptions as `no_waiting`, but plans
/// with a clock of their own are no exception.
class no_retrying {
public:
    [[nodiscard]] no_retrying() noexcept { detail::retrying_is_off.hold(); }
    no_retrying(const no_retrying&) = delete;
    no_retrying& operator=(const no_retrying&) = delete;
    ~no_retrying() { detail::retrying_is_off.let_go(); }
};

}  // namespace bide::inline v1

#endif  // BIDE_TESTING_HPP
