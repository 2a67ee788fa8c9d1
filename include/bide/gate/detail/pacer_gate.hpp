// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_DETAIL_PACER_GATE_HPP
#define BIDE_GATE_DETAIL_PACER_GATE_HPP

#include <bide/gate/detail/line.hpp>
#include <bide/gate/detail/tally.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/pacing/sample.hpp>

#include <cmath>
#include <cstdint>
#include <mutex>
#include <utility>

namespace bide::inline v1::detail {

/// What pacers have in common: the lock, the line, and time in seconds for a `Core` that learns.
///
/// Slots are taken when a request goes, so that a pace that changes moves all that wait; whoever
/// waits is told its slot at the pace of now, and the head is woken when it comes earlier. As long
/// as nobody waits, and the core learns nothing from an acceptance but that it was one, `finish`
/// counts it without the lock.
template <class Core>
class pacer_gate {
public:
    static constexpr gate_order order = gate_order::hands_out_times;
    static constexpr bool hears_quotas = true;

    pacer_gate(const pacer_gate&) = delete;
    pacer_gate& operator=(const pacer_gate&) = delete;

    /// Refuses at once what could not start before its deadline because the server asked for a
    /// wait, and says when it could.
    [[nodiscard]] gate_answer ask(ticket& t, const gate_request& request, time_point now) {
        auto answer = gate_answer::go();
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            if (!began_) begin(now);
            const auto at = seconds(now);
            hear_tally(at);
            if (goes_at_once(t, request, now, at)) return gate_answer::go();
            answer = judge(t, request, now, at);
            next = settle(at);
        }
        line::wake(next);
        return answer;
    }

    void finish(ticket& t, const report& what, time_point now) noexcept {
        if (!t.granted) return;
        t.granted = false;
        if (!is_plain(t, what) || !tally_.add()) hear(t, what, now);
    }

    void give_back(ticket& t, time_point now) noexcept {
        if (!t.granted && !t.queued) return;
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            if (t.granted) core_.give_back(static_cast<double>(t.cost));
            t.granted = false;
            line_.leave(t);
            next = settle(seconds(now));
        }
        line::wake(next);
    }

    /// The pace, in units of cost per second; infinite if nothing is held back. A snapshot.
    [[nodiscard]] double rate() const {
        const std::lock_guard lock{mutex_};
        return core_.rate();
    }
    /// Operations that wait; a snapshot.
    [[nodiscard]] std::uint64_t waiting() const {
        const std::lock_guard lock{mutex_};
        return line_.size();
    }

protected:
    pacer_gate(Core core, duration max_wait, std::uint64_t queue)
        : max_wait_{max_wait}, queue_{queue}, core_{std::move(core)} {}
    ~pacer_gate() = default;

private:
    void begin(time_point now) noexcept {
        epoch_ = now;
        began_ = true;
    }

    // The core counts in seconds since the first request: a double keeps nanoseconds for months.
    [[nodiscard]] double seconds(time_point t) const noexcept {
        return seconds(saturating_sub(t, epoch_));
    }
    static double seconds(duration d) noexcept { return static_cast<double>(d.count()) / 1e9; }
    [[nodiscard]] time_point instant(double t) const noexcept {
        constexpr double most = 9e9;  // beyond that nanoseconds overflow
        if (!(t < most)) return never;
        return saturating_add(epoch_, duration{static_cast<std::int64_t>(std::ceil(t * 1e9))});
    }

    /// What most askers meet: nobody waits, and a slot is there. `at`: now, for the core.
    bool goes_at_once(ticket& t, const gate_request& request, time_point now, double at) noexcept {
        if (!line_.empty() || !core_.may_go(at, static_cast<double>(request.cost))) return false;
        let_go(t, request, now, at);
        choose_tally();
        return true;
    }

    /// By itself, so that compilers take the way of most askers into `ask` as a whole.
    [[gnu::noinline]] gate_answer judge(ticket& t, const gate_request& request, time_point now,
                                        double at) {
        const auto cost = static_cast<double>(request.cost);
        const auto ahead = line_.ahead_of(t, request);
        if (ahead == 0 && core_.may_go(at, cost)) {
            let_go(t, request, now, at);
            return gate_answer::go();
        }
        const auto closed = instant(core_.closed_until());
        if (closed > request.deadline) {
            line_.leave(t);
            return gate_answer::refuse("the server asked for a longer wait", closed);
        }
        if (!t.queued && line_.size() >= queue_)
            return gate_answer::refuse("the queue of the pacer is full");
        line_.join(t, request);
        const auto slot = instant(core_.opens_at(static_cast<double>(ahead), cost));
        // Its slot is there, but somebody before it is late: it is woken when that one has gone.
        return line::tell(t, slot > now ? slot : never, "the pace of the server's limit");
    }

    void let_go(ticket& t, const gate_request& request, time_point now, double at) noexcept {
        const auto waited = t.queued;
        line_.go(t);
        // By way of a signed number, to which a double is converted by one instruction.
        const auto flying =
            static_cast<std::int64_t>(core_.take(at, static_cast<double>(request.cost)));
        t.generation = static_cast<std::uint64_t>(flying) * 2 + (waited ? 1 : 0);
        t.cost = request.cost;
        t.granted = true;
        t.issued = now;
    }

    /// Nobody could learn more from it than that it was accepted.
    static bool is_plain(const ticket& t, const report& what) noexcept {
        return what.found.verdict == verdict::success && what.told == nullptr && t.cost == 1 &&
               (t.generation & 1) == 0;
    }

    void hear_tally(double at) noexcept {
        if (const auto n = tally_.take(); n != 0)
            core_.accepted_plainly(static_cast<double>(n), at);
    }

    void hear(const ticket& t, const report& what, time_point now) noexcept {
        ticket* next = nullptr;
        {
            const std::lock_guard lock{mutex_};
            const auto at = seconds(now < t.issued ? t.issued : now);
            hear_tally(at);
            record(t, what, at);
            next = settle(at);
        }
        line::wake(next);
    }

    static pacing::answer meaning(verdict v) noexcept {
        if (v == verdict::success) return pacing::answer::accepted;
        return v == verdict::throttled ? pacing::answer::limited : pacing::answer::other;
    }

    void record(const ticket& t, const report& what, double at) noexcept {
        pacing::sample s{.sent = seconds(t.issued),
                         .now = at,
                         .cost = static_cast<double>(t.cost),
                         .paced = (t.generation & 1) != 0 || !line_.empty(),
                         .in_flight = static_cast<double>(t.generation >> 1)};
        s.what = meaning(what.found.verdict);
        if (what.found.hint) s.retry_after = seconds(smaller(*what.found.hint, max_wait_));
        core_.record(s, what.told);
    }

    /// Whether acceptances may be counted without the lock, as long as nobody waits.
    void choose_tally() noexcept { core_.hears_each() ? tally_.close() : tally_.open(); }

    /// After each change, the last thing under the lock.
    ticket* settle(double at) noexcept {
        const auto* head = line_.head();
        if (head == nullptr) {
            choose_tally();
            return nullptr;
        }
        tally_.close();
        hear_tally(at);  // whoever waits must not miss what was counted until now
        return line_.rouse(instant(core_.opens_at(0, static_cast<double>(head->cost))));
    }

    const duration max_wait_;
    const std::uint64_t queue_;
    mutable std::mutex mutex_;
    Core core_;
    line line_;
    tally tally_;
    time_point epoch_{};
    bool began_ = false;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_GATE_DETAIL_PACER_GATE_HPP
