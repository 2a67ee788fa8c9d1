// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_RATE_GATE_HPP
#define BIDE_GATE_DETAIL_RATE_GATE_HPP

#include <bide/gate/detail/line.hpp>
#include <bide/gate/gate.hpp>

#include <cstdint>
#include <limits>
#include <mutex>

namespace bide::inline v1::detail {

/// What a rate gate says, as static text.
struct rate_words {
    const char* waits;
    const char* too_late;  ///< The slot would come after the deadline.
    const char* is_full;   ///< The queue.
    const char* too_dear;  ///< The cost can never be met.
};

/// What all gates that open by time have in common: the lock and the line around a `Core` that
/// knows when a cost fits (`opens`), takes it (`take`) and takes it back (`put_back`).
///
/// Slots are timed when they are taken. Those who wait are told the slot that is theirs if nothing
/// changes, so no two wake at one instant for the same permit; whose slot moves forward is woken.
template <class Core>
class rate_gate {
public:
    static constexpr gate_order order = gate_order::hands_out_times;

    rate_gate(const rate_gate&) = delete;
    rate_gate& operator=(const rate_gate&) = delete;

    /// Refuses at once what could not start before the deadline of the request, and says when it
    /// could.
    [[nodiscard]] gate_answer ask(ticket& t, const gate_request& request, time_point now) {
        ticket* next = nullptr;
        const auto answer = locked(t, request, now, next);
        line::wake(next);
        return answer;
    }

    /// The permit was used up.
    void finish(ticket& t, const report&, time_point) noexcept { t.granted = false; }

    /// The permit was not used: it goes to the next one.
    void give_back(ticket& t, time_point now) noexcept {
        if (!t.granted && !t.queued) return;
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            if (t.granted) core_.put_back(t);
            t.granted = false;
            line_.leave(t);
            next = settle(now);
        }
        line::wake(next);
    }

    /// Permits that could be taken at `now`, less those that the operations in line wait for: below
    /// zero is how many are missing for them. A snapshot.
    [[nodiscard]] std::int64_t available(time_point now) const {
        const std::lock_guard lock{mutex_};
        std::uint64_t low = 0;
        for (auto high = core_.capacity(); low < high;) {
            const auto middle = high - (high - low) / 2;
            if (core_.opens(0, middle, now) <= now)
                low = middle;
            else
                high = middle - 1;
        }
        constexpr auto most = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
        const auto missing = line_.cost() < most ? line_.cost() : most;
        return static_cast<std::int64_t>(low) - static_cast<std::int64_t>(missing);
    }

    /// When an operation that asks at `now` would be let in, with priority 0 or less than that of
    /// those who wait. A snapshot.
    [[nodiscard]] time_point opens(time_point now) const {
        const std::lock_guard lock{mutex_};
        const auto at = core_.opens(line_.cost(), 1, now);
        return at < now ? now : at;
    }

    /// Operations that wait; a snapshot.
    [[nodiscard]] std::uint64_t waiting() const {
        const std::lock_guard lock{mutex_};
        return line_.size();
    }
    /// Whether all permits are there and nobody waits: as good as new.
    [[nodiscard]] bool at_rest(time_point now) const {
        const std::lock_guard lock{mutex_};
        return line_.empty() && core_.opens(0, core_.capacity(), now) <= now;
    }

protected:
    rate_gate(const typename Core::settings& its, std::uint64_t queue, const rate_words& words)
        : core_{its}, queue_{queue}, words_{words} {}
    ~rate_gate() = default;

    void change(const typename Core::settings& to, std::uint64_t queue, time_point now) {
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            core_.change(to, now);
            queue_ = queue;
            next = settle(now);
        }
        line::wake(next);
    }

private:
    gate_answer locked(ticket& t, const gate_request& request, time_point now, ticket*& next) {
        const std::lock_guard lock{mutex_};
        const auto answer = judge(t, request, now);
        next = settle(now);
        return answer;
    }

    gate_answer judge(ticket& t, const gate_request& request, time_point now) {
        if (request.cost > core_.most()) {
            line_.leave(t);
            return gate_answer::refuse(words_.too_dear);
        }
        const auto at = core_.opens(line_.ahead_of(t, request), request.cost, now);
        if (at <= now) {
            line_.go(t);
            core_.take(t, request.cost, now);
            t.cost = request.cost;
            t.granted = true;
            return gate_answer::go();
        }
        if (at > request.deadline) {
            line_.leave(t);
            return gate_answer::refuse(words_.too_late, at);
        }
        if (!t.queued && line_.size() >= queue_) return gate_answer::refuse(words_.is_full, at);
        line_.join(t, request);
        return line::tell(t, at, words_.waits);
    }

    /// After a change: the one to be woken, if there is one.
    ticket* settle(time_point now) noexcept {
        const auto* head = line_.head();
        if (head == nullptr) return nullptr;
        const auto asks_in_vain = head->cost > core_.most();
        return line_.rouse(asks_in_vain ? time_point::min() : core_.opens(0, head->cost, now));
    }

    mutable std::mutex mutex_;
    Core core_;
    line line_;
    std::uint64_t queue_;
    rate_words words_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_RATE_GATE_HPP
