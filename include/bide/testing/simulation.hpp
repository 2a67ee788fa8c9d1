// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_SIMULATION_HPP
#define BIDE_TESTING_SIMULATION_HPP

#include <bide/gate/gate.hpp>
#include <bide/random.hpp>
#include <bide/retry/retry_state.hpp>
#include <bide/testing/detail/operations.hpp>
#include <bide/testing/detail/telling.hpp>
#include <bide/testing/detail/timeline.hpp>
#include <bide/testing/network.hpp>
#include <bide/testing/records.hpp>
#include <bide/testing/server.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <cstdint>
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
    using stage = typename operations::stage;
    using timeline = detail::timeline<typename operations::place>;

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
        at = (std::max)(at, now());
        expect(all_.add(plan, ++begun_, at), stage::coming, at);
        return begun_;
    }
    std::uint64_t begin(time_point at, const Plan&& plan) = delete;

    /// Runs until nothing is left to happen, or nothing until `until`; may be called again.
    /// `record(simulated::tried)` and `record(simulated::finished)` are called if they can be.
    template <class Record>
    simulated::totals run(Record&& record, time_point until = never) {
        while (time_.has_one(until)) {
            if (!happens(time_.next(), record)) continue;
            ++totals_.events;
            totals_.last = now();
            if (all_.need_attention()) settle(record);
        }
        return totals_;
    }
    simulated::totals run() {
        return run([](const auto&) {});
    }

    [[nodiscard]] time_point now() const noexcept { return time_.now(); }

private:
    void expect(operation& op, stage what, time_point at) {
        op.stage = what;
        op.home->awaits = time_.expect(at, op.home);
    }

    /// False if the one that it is for has gone on without it.
    template <class Record>
    bool happens(const typename timeline::event& what, Record& record) {
        if (what.who == nullptr) {  // a message whose sender no longer waits
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
            const auto first = op.state.begin(now());
            if (!first.again) return close(op, first, record);
        }
        ask(op, record);
    }

    template <class Record>
    void ask(operation& op, Record& record) {
        op.stage = stage::at_gate;  // it may be rung even while it asks
        const auto word = op.gates.ask(op.state, gate_request{}, now());
        if (word.stop) return close(op, *word.stop, record);
        if (!word.go) return expect(op, stage::at_gate, word.until);
        op.visit = {.attempt = op.state.tries() + 1};
        op.sent = now();
        op.patience = detail::saturating_add(now(), op.state.allowed(now()).whole);
        transmit(op);
    }

    void transmit(operation& op) {
        const auto arrives = detail::saturating_add(now(), network_(random_));
        if (op.visit.message == 1) op.arrived = arrives;
        if (arrives <= op.patience) return expect(op, stage::sent, arrives);
        expect(op, stage::silent, op.patience);
        time_.expect(arrives, nullptr);
    }

    void arrive(operation& op) {
        op.answer = server_->serve(op.visit, now());
        const auto leaves = detail::saturating_add(now(), op.answer.takes);
        const auto heard = detail::saturating_add(leaves, network_(random_));
        if (heard <= op.patience)
            expect(op, stage::answered, heard);
        else
            expect(op, stage::silent, op.patience);
    }

    void stray() {
        simulated::visit nobodys{};
        (void)server_->serve(nobodys, now());
    }

    template <class Record>
    void conclude(operation& op, const finding& found, Record& record) {
        ++totals_.tries;
        auto next = op.state.after(found, now(), random_);
        if (op.stage == stage::answered) op.gates.listen(op.answer);
        op.gates.finish(found, now());
        if (next.again) op.gates.afford(op.state, found, now(), next);
        detail::tell_tried(op, found, next, now(), record);
        if (!next.again) return close(op, next, record);
        expect(op, stage::coming, next.at);
    }

    template <class Record>
    void close(operation& op, const decision& last, Record& record) {
        ++totals_.operations;
        all_.bury(op);
        detail::tell_finished(op, last, now(), record);
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
    std::uint64_t begun_ = 0;
    simulated::totals totals_{};
    operations all_;
    timeline time_;
};

}  // namespace bide::inline v1

#endif  // BIDE_TESTING_SIMULATION_HPP
