// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_GATE_SCHEDULE_HPP
#define BIDE_TESTS_SUPPORT_GATE_SCHEDULE_HPP

#include <bide/gate/gate.hpp>
#include <bide/random.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <functional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace support {

using namespace std::chrono_literals;

/// How many schedules a property is tried on: few in every run, `BIDE_SCHEDULES` of them by hand.
inline std::uint64_t schedules(std::uint64_t few) {
    const char* said = std::getenv("BIDE_SCHEDULES");
    return said == nullptr ? few : std::strtoull(said, nullptr, 10);
}

/// A gate of any type; the gate is the caller's.
struct gate_view {
    // NOLINTNEXTLINE(google-explicit-constructor): lists of gates are written `{a, b}`
    template <bide::gate G>
    gate_view(G& g)
        : ask{[&g](auto& t, auto& request, auto now) { return g.ask(t, request, now); }},
          finish{[&g](auto& t, auto& what, auto now) { g.finish(t, what, now); }},
          give_back{[&g](auto& t, auto now) { g.give_back(t, now); }} {}

    std::function<bide::gate_answer(bide::ticket&, const bide::gate_request&, bide::time_point)>
        ask;
    std::function<void(bide::ticket&, const bide::report&, bide::time_point)> finish;
    std::function<void(bide::ticket&, bide::time_point)> give_back;
};

/// Operations that come, wait, go, give up and come again at random on a virtual clock, at one or
/// several gates in order, as drivers do it. Seeded, so each schedule repeats.
class gate_schedule {
public:
    struct options {
        std::uint64_t seed = 1;
        std::uint64_t operations = 10;
        bide::timespan arrivals = 1s;  ///< They come during that time.
        std::uint64_t most_cost = 1;
        bide::timespan longest_try = 200ms;
        std::uint64_t cancels = 20;     ///< Of 100 that wait, and leave.
        std::uint64_t give_backs = 20;  ///< Of 100 permits that are not used.
        std::uint64_t retries = 30;     ///< Of 100 tries after which the operation asks again.
        std::uint64_t deadlines = 0;    ///< Of 100 operations that have one.
        bide::timespan late = 0s;       ///< Timers and wake-ups come up to so much late.
        bide::timespan skew = 0s;       ///< Clocks of threads differ by up to so much.
        /// What a try comes to; a success without it.
        std::function<bide::report(bide::splitmix64&)> comes_to{};
        std::function<void(bide::time_point)> inspect{};  ///< After each event.
    };

    struct grant {
        bide::time_point at;  ///< What the gates were told.
        std::uint64_t cost;
        bool back = false;  ///< Was given back.
    };

    gate_schedule(std::vector<gate_view> gates, options how)
        : gates_{std::move(gates)}, how_{std::move(how)}, random_{how_.seed} {
        for (std::uint64_t i = 0; i < how_.operations; ++i) {
            auto& op = ops_.emplace_back(this, i);
            for (std::size_t g = 0; g < gates_.size(); ++g) op.tickets.emplace_back(wake, &op);
            op.request.cost = 1 + below(how_.most_cost);
            op.request.priority = static_cast<int>(below(3)) - 1;
            const auto comes = bide::time_point{1h} + span(how_.arrivals);
            if (chance(how_.deadlines)) op.request.deadline = comes + span(2s);
            push(comes, op, kind::ask);
            if (chance(how_.cancels)) push(comes + span(2s), op, kind::cancel);
        }
    }

    /// Until nothing more happens. What went wrong, empty if nothing did.
    [[nodiscard]] std::string run() {
        for (auto steps = 0; !events_.empty(); ++steps) {
            if (steps > 100'000) return "it goes on for ever";
            const auto next = events_.top();
            events_.pop();
            now_ = next.at;
            auto& op = ops_[next.op];
            if (next.what == kind::cancel) cancel(op);
            if (next.what == kind::ask && op.version == next.version) ask(op);
            if (next.what == kind::end && op.version == next.version) end(op);
            for (; !woken_.empty(); woken_.pop_back())
                push(now_ + span(how_.late), ops_[woken_.back()], kind::ask);
            if (how_.inspect) how_.inspect(now_);
        }
        for (const auto& op : ops_)
            if (op.at != state::done) return "operation " + std::to_string(op.number) + " waits";
        if (out_ != finished + given_back) return "a permit is missing";
        return {};
    }

    /// In the order of the gates' answers; those that were given back are left out.
    [[nodiscard]] std::vector<grant> used() const {
        std::vector<grant> kept;
        for (const auto& g : grants_)
            if (!g.back) kept.push_back(g);
        return kept;
    }
    /// The last thing that happened.
    [[nodiscard]] bide::time_point over() const { return now_; }

    std::uint64_t finished = 0;
    std::uint64_t given_back = 0;
    std::uint64_t refused = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t waits = 0;

private:
    enum class kind : std::uint8_t { ask, cancel, end };
    enum class state : std::uint8_t { waits, runs, done };

    struct operation {
        operation(gate_schedule* owner, std::uint64_t n) : its{owner}, number{n} {}
        gate_schedule* its;
        std::uint64_t number;
        std::deque<bide::ticket> tickets{};
        bide::gate_request request{};
        state at = state::waits;
        std::uint64_t version = 0;  // of its timers
        std::size_t granted = 0;    // in `grants_`
    };

    struct event {
        bide::time_point at;
        std::uint64_t order;
        std::uint64_t op;
        kind what;
        std::uint64_t version;
        bool operator<(const event& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    static void wake(void* op) noexcept {
        auto& o = *static_cast<operation*>(op);
        o.its->woken_.push_back(o.number);
    }

    void ask(operation& op) {
        if (op.at != state::waits) return;
        ++op.version;
        const auto told = told_now();
        for (std::size_t i = 0; i < gates_.size(); ++i) {
            const auto answer = gates_[i].ask(op.tickets[i], op.request, told);
            if (answer.says_go()) continue;
            for (auto k = i; k-- > 0;) gates_[k].give_back(op.tickets[k], told);
            wait(op, answer);
            return;
        }
        ++out_;
        op.granted = grants_.size();
        grants_.push_back({told, op.request.cost});
        op.at = state::runs;
        push(now_ + span(how_.longest_try), op, kind::end);
    }

    void wait(operation& op, const bide::gate_answer& answer) {
        ++waits;
        const auto hopeless = answer.until > op.request.deadline && !answer.may_open_early;
        if (answer.says_refuse() || hopeless || now_ >= op.request.deadline) {
            ++refused;
            leave(op);
            return;
        }
        const auto until = answer.until < op.request.deadline ? answer.until : op.request.deadline;
        if (until == bide::never) return;
        push((until > now_ ? until : now_ + 1us) + span(how_.late), op, kind::ask);
    }

    void end(operation& op) {
        if (chance(how_.give_backs)) {
            ++given_back;
            grants_[op.granted].back = true;
            leave(op);
            return;
        }
        ++finished;
        const auto what =
            how_.comes_to ? how_.comes_to(random_) : bide::report{.found = bide::succeeded};
        const auto told = told_now();
        for (auto i = gates_.size(); i-- > 0;) gates_[i].finish(op.tickets[i], what, told);
        op.at = state::done;
        if (op.request.attempt < 4 && chance(how_.retries)) {
            ++op.request.attempt;
            op.at = state::waits;
            push(now_ + span(100ms), op, kind::ask);
        }
    }

    void cancel(operation& op) {
        if (op.at != state::waits) return;
        ++cancelled;
        leave(op);
    }

    void leave(operation& op) {
        const auto told = told_now();
        for (auto i = gates_.size(); i-- > 0;) gates_[i].give_back(op.tickets[i], told);
        op.at = state::done;
    }

    void push(bide::time_point at, const operation& op, kind what) {
        events_.push({at, order_++, op.number, what, op.version});
    }

    [[nodiscard]] std::uint64_t below(std::uint64_t n) { return random_() % n; }
    [[nodiscard]] bool chance(std::uint64_t of_100) { return below(100) < of_100; }
    [[nodiscard]] bide::duration span(bide::duration most) {
        return bide::detail::draw(random_, bide::duration::zero(), most);
    }
    [[nodiscard]] bide::time_point told_now() { return now_ - span(how_.skew); }

    std::vector<gate_view> gates_;
    options how_;
    bide::splitmix64 random_;
    bide::time_point now_{};
    std::deque<operation> ops_;
    std::priority_queue<event> events_;
    std::vector<std::uint64_t> woken_;
    std::vector<grant> grants_;
    std::uint64_t order_ = 0;
    std::uint64_t out_ = 0;
};

/// What `n` newcomers of cost 1 are told at `now`, one after the other; all leave again.
inline std::vector<std::pair<bide::gate_answer::kind, bide::time_point>> probe(
    const gate_view& gate, bide::time_point now, std::size_t n) {
    std::deque<bide::ticket> tickets;
    std::vector<std::pair<bide::gate_answer::kind, bide::time_point>> answers;
    for (std::size_t i = 0; i < n; ++i) {
        auto& t = tickets.emplace_back([](void*) noexcept {}, nullptr);
        const auto answer = gate.ask(t, {}, now);
        answers.emplace_back(answer.says, answer.until);
    }
    for (auto& t : tickets) gate.give_back(t, now);
    return answers;
}

}  // namespace support

#endif  // BIDE_TESTS_SUPPORT_GATE_SCHEDULE_HPP
