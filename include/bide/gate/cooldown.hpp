// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_COOLDOWN_HPP
#define BIDE_GATE_COOLDOWN_HPP

#include <bide/detail/platform.hpp>
#include <bide/gate/detail/line.hpp>
#include <bide/gate/detail/pause.hpp>
#include <bide/gate/gate.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>

namespace bide::inline v1 {

/// A wait that a server asks of one try is kept by all that share the gate: one for each quota
/// (host, account, route). `cooldown pause;`
///
/// Throttled and overloaded answers with a hint park it, and only ever for longer. Who waits is let
/// go at random over `spread` of the wait, so that the end of a wait is no herd; who comes later
/// goes at once. A wait of at least `probe_from`, and any after which nothing succeeded before the
/// next one, ends with a probe: one try goes first. If it is answered (a refusal for good is an
/// answer) the rest follows, spread as above; if not, the gate parks as the answer asks, else for
/// twice the last wait, 1 s to 60 s. A probe that is given back, or not heard of within
/// `probe_patience`, is replaced. Answers to tries from before a wait neither open the gate nor end
/// an outage.
///
/// After an outage of two waits or more they go no faster than they came, over as long as those who
/// still wait took to come: the server gets at most twice the load that it had. After a single wait
/// many may go at once; where that is more than the server takes, put a `concurrency_limit` or a
/// pacer that has learnt behind it: the gate knows how long to wait, not how much is too much.
///
/// Opens by time, after a probe by event. Thread-safe, without a lock while nothing is amiss; must
/// outlive its tickets.
class cooldown {
public:
    static constexpr gate_order order = gate_order::opens_by_event;
    using options = detail::pause_options;

    cooldown() : cooldown{options{}} {}
    /// @throws std::invalid_argument naming the field.
    explicit cooldown(options opts) : cooldown{opts, detail::entropy()} {}
    /// The same spread, in the order in which operations ask, for the same seed.
    cooldown(options opts, std::uint64_t seed) : pause_{opts, seed} {}
    cooldown(const cooldown&) = delete;
    cooldown& operator=(const cooldown&) = delete;

    [[nodiscard]] gate_answer ask(ticket& t, const gate_request& request, time_point now) {
        if (const auto seen = calm_.load(std::memory_order_acquire); seen != 0) {
            t.granted = true;
            t.generation = seen;
            t.issued = now;
            return gate_answer::go();
        }
        auto answer = gate_answer::go();
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            auto* before = line_of(t);
            answer = pause_.ask(t, now);
            // Once it is open the time of each is set, and no event concerns those who wait.
            const auto waits = !answer.says_go() && !pause_.is_open(now);
            move(t, before, waits ? &line_for(t) : nullptr, request);
            if (waits && before == nullptr) pause_.joined(now);
            if (waits) t.line.told = answer.until;
            next = settle(now);
        }
        detail::line::wake(next);
        return answer;
    }

    void finish(ticket& t, const report& what, time_point now) noexcept {
        t.granted = false;
        if (calm_.load(std::memory_order_acquire) != 0 && !detail::pause::is_asked_for(what.found))
            return;
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            pause_.heard(t, what.found, waiters(), now);
            next = settle(now);
        }
        detail::line::wake(next);
    }

    void give_back(ticket& t, time_point now) noexcept {
        const auto was_out = t.granted;
        t.granted = false;
        if (!t.queued && (!was_out || calm_.load(std::memory_order_acquire) != 0)) return;
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            if (was_out) pause_.lost(t);
            if (auto* line = line_of(t)) line->leave(t);
            next = settle(now);
        }
        detail::line::wake(next);
    }

    /// Parks it by hand, at least until then; `never` is until `resume`.
    void park(time_point until, time_point now) noexcept {
        const std::lock_guard lock{mutex_};
        pause_.park(until, now);
        calm_.store(0, std::memory_order_release);
    }

    /// Opens it by hand; who waits is spread as ever.
    void resume(time_point now) noexcept {
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            pause_.open(waiters(), now);
            next = settle(now);
        }
        detail::line::wake(next);
    }

    /// The end of the wait, or of the last one; a snapshot.
    [[nodiscard]] time_point parked_until() const noexcept {
        const std::lock_guard lock{mutex_};
        return pause_.until();
    }
    /// Operations that wait for the end of the wait or of the probe; a snapshot.
    [[nodiscard]] std::uint64_t waiting() const noexcept {
        const std::lock_guard lock{mutex_};
        return waiters();
    }
    /// Whether nothing is amiss and nobody waits: as good as new.
    [[nodiscard]] bool at_rest(time_point) const noexcept { return calm_.load() != 0; }

private:
    [[nodiscard]] std::uint64_t waiters() const noexcept {
        return parked_.size() + behind_probe_.size();
    }
    [[nodiscard]] detail::line& line_for(const ticket& t) noexcept {
        return t.generation == 0 ? behind_probe_ : parked_;
    }
    [[nodiscard]] detail::line* line_of(const ticket& t) noexcept {
        return t.queued ? &line_for(t) : nullptr;
    }

    static void move(ticket& t, detail::line* from, detail::line* to,
                     const gate_request& request) noexcept {
        if (from != nullptr && from != to) {
            from->leave(t);
            t.line.turn = 0;  // the other line counts from its own beginning
        }
        if (to != nullptr) to->join(t, request);
    }

    /// After a change: who can go without the lock, and whom to wake. One at a time, for whoever
    /// was woken asks, and so wakes the next.
    ticket* settle(time_point now) noexcept {
        const auto calm = parked_.empty() && behind_probe_.empty() && pause_.is_over(now);
        calm_.store(calm ? pause_.generation() : 0, std::memory_order_release);
        ticket* next = nullptr;
        if (!pause_.is_probe_out()) next = behind_probe_.rouse(time_point::min());
        const auto* parked = parked_.head();
        const auto opened =
            parked != nullptr && pause_.is_open(now) && parked->generation != pause_.generation();
        if (next == nullptr && opened) next = parked_.rouse(time_point::min());
        return next;
    }

    mutable std::mutex mutex_;
    detail::pause pause_;
    detail::line parked_;        // each has its time
    detail::line behind_probe_;  // until it is over, or as long as patience lasts
    std::atomic<std::uint64_t> calm_ = detail::pause::first_generation;  // 0: ask under the lock
};
static_assert(gate<cooldown>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_COOLDOWN_HPP
