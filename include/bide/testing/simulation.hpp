// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_SIMULATION_HPP
#define BIDE_TESTING_SIMULATION_HPP

#include <bide/gate/gate.hpp>
#include <bide/observe/observer.hpp>
#include <bide/random.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/testing/detail/operations.hpp>
#include <bide/testing/network.hpp>
#include <bide/testing/records.hpp>
#include <bide/testing/server.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <queue>
#include <utility>

namespace bide::inline v1 {

/// Many clients, a network and a server on one virtual time line, which jumps from event to event:
/// what would a plan do to a server, and the server to it?
///
/// A driver like the blocking one: retry, gates and budgets of the plan decide, with nothing
/// simplified. It begins at time zero and repeats exactly for the same seed, if gates with a random
/// source are given a seed, too. Operations are idempotent. A try that lasts longer than the
/// policy's `try_timeout` is given up as ambiguous, but goes on at the server; connecting is not
/// looked at by itself. Single-threaded; it takes memory for the operations that are under way.
template <class Plan, simulated::server Server, simulated::network Network>
class simulation {
    using answer_type =
        decltype(std::declval<Server&>().serve(std::declval<simulated::visit&>(), time_point{}));
    using operations = detail::operations<Plan, answer_type>;
    using operation = typename operations::operation;
    using place = typename operations::place;
    using stage = typename operations::stage;

public:
    /// `plan`: a policy, or one with gates; the runtime and stop token of a plan are not used.
    /// `server` must outlive it.
    simulation(Plan plan, Server& server, Network network, std::uint64_t seed)
        : plan_{std::move(plan)}, server_{&server}, network_{std::move(network)}, random_{seed} {}
    simulation(const simulation&) = delete;
    simulation& operator=(const simulation&) = delete;

    /// A client begins an operation, at once if `at` is over. May be called during `run`, by what
    /// is told of it.
    /// @return the number of the operation, from 1 in the order of these calls.
    std::uint64_t begin(time_point at) { return begin(at, plan_); }
    /// The same with a plan of its own, which must outlive the operation.
    std::uint64_t begin(time_point at, const Plan& plan) {
        at = (std::max)(at, now_);
        expect(all_.add(plan, ++begun_, at), stage::coming, at);
        return begun_;
    }
    std::uint64_t begin(time_point at, const Plan&& plan) = delete;

    /// Runs until nothing is left to happen, or nothing until `until`; may be called again.
    /// `record(simulated::tried)` and `record(simulated::finished)` are called if they can be.
    template <class Record>
    simulated::totals run(Record&& record, time_point until = never) {
        while (!events_.empty() && events_.top().at <= until) {
            const auto next = events_.top();
            events_.pop();
            now_ = next.at;
            if (!happens(next, record)) continue;
            ++totals_.events;
            totals_.last = now_;
            if (all_.need_attention()) settle(record);
        }
        return totals_;
    }
    simulated::totals run() {
        return run([](const auto&) {});
    }

    [[nodiscard]] time_point now() const noexcept { return now_; }

private:
    /// Who it is for knows what happens. Null: a message whose sender no longer waits.
    struct event {
        time_point at;
        std::uint64_t order;
        place* who;

        bool operator<(const event& other) const noexcept {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void expect(operation& op, stage what, time_point at) {
        op.stage = what;
        op.home->awaits = ++order_;
        if (at != never) events_.push({at, order_, op.home});
    }

    /// False if the one that it is for has gone on without it.
    template <class Record>
    bool happens(const event& what, Record& record) {
        if (what.who == nullptr) {
            stray();
            return true;
        }
        auto& held = what.who->held;
        if (!held || what.who->awaits != what.order) return false;
        go_on(*held, record);
        return true;
    }

    template <class Record>
    void go_on(operation& op, Record& record) {
        switch (op.stage) {
            case stage::coming:
                return come(op, record);
            case stage::at_gate:
                return ask(op, record);
            case stage::sent:
                return arrive(op);
            case stage::answered:
                if (!op.answer.go_on) return conclude(op, op.answer.found, record);
                ++op.visit.message;
                return transmit(op);
            case stage::silent:
                return conclude(
                    op, {.verdict = verdict::transient, .certainty = certainty::ambiguous}, record);
            case stage::over:
                return;
        }
    }

    template <class Record>
    void come(operation& op, Record& record) {
        if (op.state.tries() == 0) {
            const auto first = op.state.begin(now_);
            if (!first.again) return close(op, first, record);
        }
        ask(op, record);
    }

    template <class Record>
    void ask(operation& op, Record& record) {
        op.stage = stage::at_gate;  // it may be rung even while it asks
        const auto word = op.gates.ask(op.state, gate_request{}, now_);
        if (word.stop) return close(op, *word.stop, record);
        if (!word.go) return expect(op, stage::at_gate, word.until);
        op.visit = {.attempt = op.state.tries() + 1};
        op.sent = now_;
        op.patience = detail::saturating_add(now_, op.state.allowed(now_).whole);
        transmit(op);
    }

    void transmit(operation& op) {
        const auto arrives = detail::saturating_add(now_, network_(random_));
        if (op.visit.message == 1) op.arrived = arrives;
        if (arrives <= op.patience) return expect(op, stage::sent, arrives);
        expect(op, stage::silent, op.patience);
        if (arrives != never) events_.push({arrives, ++order_, nullptr});
    }

    void arrive(operation& op) {
        op.answer = server_->serve(op.visit, now_);
        const auto leaves = detail::saturating_add(now_, op.answer.takes);
        const auto heard = detail::saturating_add(leaves, network_(random_));
        if (heard <= op.patience)
            expect(op, stage::answered, heard);
        else
            expect(op, stage::silent, op.patience);
    }

    void stray() {
        simulated::visit nobodys{};
        (void)server_->serve(nobodys, now_);
    }

    template <class Record>
    void conclude(operation& op, const finding& found, Record& record) {
        ++totals_.tries;
        auto next = op.state.after(found, now_, random_);
        if (op.stage == stage::answered) op.gates.listen(op.answer);
        op.gates.finish(found, now_);
        if (next.again) op.gates.afford(op.state, found, now_, next);
        tell_tried(op, found, next);
        if constexpr (std::invocable<Record&, const simulated::tried&>)
            record(simulated::tried{op.number, op.state.tries(), op.sent, op.arrived, now_, found});
        if (!next.again) return close(op, next, record);
        expect(op, stage::coming, next.at);
    }

    template <class Record>
    void close(operation& op, const decision& last, Record& record) {
        ++totals_.operations;
        all_.bury(op);
        const auto how = op.state.ended(last.stopped_by);
        detail::tell(*op.how, {.kind = event_kind::end,
                               .attempt = op.state.tries(),
                               .at = now_,
                               .ended = how,
                               .stopped_by = last.stopped_by,
                               .certainty = op.state.joined(),
                               .reason = op.gates.refused_by()});
        if constexpr (std::invocable<Record&, const simulated::finished&>)
            record(simulated::finished{op.number, op.state.tries(), op.state.start().steady, now_,
                                       how, last.stopped_by, op.state.joined(), last.retry_in});
    }

    void tell_tried(const operation& op, const finding& found, const decision& next) {
        const auto number = op.state.tries();
        detail::tell(*op.how,
                     {.kind = event_kind::attempt, .attempt = number, .at = now_, .found = found});
        if (next.again)
            detail::tell(*op.how, {.kind = event_kind::backoff,
                                   .attempt = number,
                                   .at = now_,
                                   .found = found,
                                   .wait = next.wait});
    }

    /// Asks again for those who were woken, and removes what is over, which may wake others.
    template <class Record>
    void settle(Record& record) {
        do {
            while (auto* const op = all_.next_woken()) ask(*op, record);
        } while (all_.remove_one());
    }

    Plan plan_;
    Server* server_;
    Network network_;
    splitmix64 random_;
    time_point now_{};
    std::uint64_t order_ = 0;
    std::uint64_t begun_ = 0;
    simulated::totals totals_{};
    operations all_;
    std::priority_queue<event> events_;
};

}  // namespace bide::inline v1

#endif  // BIDE_TESTING_SIMULATION_HPP
