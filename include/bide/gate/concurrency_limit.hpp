// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_CONCURRENCY_LIMIT_HPP
#define BIDE_GATE_CONCURRENCY_LIMIT_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/detail/line.hpp>
#include <bide/gate/gate.hpp>

#include <atomic>
#include <cstdint>
#include <limits>
#include <mutex>

namespace bide::inline v1 {

/// At most `in_flight` tries at a time; the rest wait for one to end: by priority, retries before
/// new operations, then first come, first served (`detail::line` has the rule in full).
///
/// For providers that limit concurrency (Twilio's 429 means that). Opens by event, not by time. A
/// cost other than 1 counts as that many tries. Thread-safe; must outlive its tickets; without a
/// lock while nobody waits.
class concurrency_limit {
public:
    static constexpr gate_order order = gate_order::opens_by_event;

    struct options {
        std::uint64_t in_flight = 0;  ///< Tries at a time; >= 1. There is no default that fits.
        /// Operations that may wait; one more is refused.
        std::uint64_t queue = std::numeric_limits<std::uint64_t>::max();
    };

    /// @throws std::invalid_argument naming the field.
    explicit concurrency_limit(options opts) : most_{checked(opts.in_flight)}, queue_{opts.queue} {}
    concurrency_limit(const concurrency_limit&) = delete;
    concurrency_limit& operator=(const concurrency_limit&) = delete;

    [[nodiscard]] gate_answer ask(ticket& t, const gate_request& request, time_point now) {
        if (request.cost > most_.load(std::memory_order_relaxed))
            return gate_answer::refuse("the cost is above the concurrency limit");
        // Nobody waits, so nobody is overtaken.
        if (waiting_.load() == 0 && take(t, 0, request.cost, now)) return gate_answer::go();
        return ask_in_line(t, request, now);
    }

    void finish(ticket& t, const report&, time_point now) noexcept { give_back(t, now); }

    void give_back(ticket& t, time_point) noexcept {
        if (t.granted) {
            t.granted = false;
            used_.fetch_sub(t.cost);
        } else if (!t.queued) {
            return;
        }
        // Whoever joins the line looks at `used_` once more after that: one of both sees the other.
        if (waiting_.load() == 0) return;
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            line_.leave(t);
            next = settle();
        }
        detail::line::wake(next);
    }

    /// Another number of tries at a time, >= 1, from now on; what is in flight above it may end.
    /// Who waits for more than that is refused when it asks.
    /// @throws std::invalid_argument if it is 0.
    void set_in_flight(std::uint64_t n) {
        most_ = checked(n);
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            next = settle();
        }
        detail::line::wake(next);
    }

    /// Tries in flight; a snapshot.
    [[nodiscard]] std::uint64_t in_flight() const noexcept { return used_; }
    /// Operations that wait; a snapshot.
    [[nodiscard]] std::uint64_t waiting() const noexcept { return waiting_; }
    /// Whether nothing is in flight and nobody waits: as good as new.
    [[nodiscard]] bool at_rest(time_point) const noexcept {
        return in_flight() == 0 && waiting() == 0;
    }

private:
    static std::uint64_t checked(std::uint64_t n) {
        if (n == 0) detail::invalid("concurrency_limit: in_flight", ">= 1", n);
        return n;
    }

    gate_answer ask_in_line(ticket& t, const gate_request& request, time_point now) {
        auto answer = gate_answer::go();
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            answer = judge(t, request, now);
            next = settle();  // two permits may have come back before this one asked
        }
        detail::line::wake(next);
        return answer;
    }

    gate_answer judge(ticket& t, const gate_request& request, time_point now) {
        if (!take(t, line_.ahead_of(t, request), request.cost, now)) {
            if (!t.queued && line_.size() >= queue_)
                return gate_answer::refuse("the queue of the concurrency limit is full");
            line_.join(t, request);
            waiting_ = line_.size();
            if (!take(t, line_.ahead_of(t, request), request.cost, now))
                return detail::line::tell(t, never, "as many tries as allowed are in flight");
        }
        line_.go(t);
        return gate_answer::go();
    }

    /// Takes `cost` if there is room for that and for those ahead.
    bool take(ticket& t, std::uint64_t ahead, std::uint64_t cost, time_point now) noexcept {
        const auto needed = detail::saturating_sum(ahead, cost);
        auto used = used_.load();
        do {
            const auto most = most_.load(std::memory_order_relaxed);
            if (used > most || needed > most - used) return false;
        } while (!used_.compare_exchange_weak(used, used + cost));
        t.granted = true;
        t.cost = cost;
        t.issued = now;
        return true;
    }

    /// After a change: tells who does not hold the lock of the length of the line, and finds the
    /// one to be woken.
    ticket* settle() noexcept {
        waiting_ = line_.size();
        const auto* head = line_.head();
        if (head == nullptr) return nullptr;
        const auto used = used_.load();
        const auto most = most_.load();
        const auto asks_in_vain = head->cost > most;
        const auto fits = used <= most && head->cost <= most - used;
        return line_.rouse(fits || asks_in_vain ? time_point::min() : never);
    }

    std::atomic<std::uint64_t> most_;
    const std::uint64_t queue_;
    std::atomic<std::uint64_t> used_ = 0;
    std::atomic<std::uint64_t> waiting_ = 0;
    mutable std::mutex mutex_;
    detail::line line_;
};
static_assert(gate<concurrency_limit>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_CONCURRENCY_LIMIT_HPP
