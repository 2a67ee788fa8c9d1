// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_CROWD_HPP
#define BIDE_TESTS_SUPPORT_CROWD_HPP

#include <bide/gate/admission.hpp>
#include <bide/random.hpp>
#include <bide/retry/detail/parts.hpp>
#include <bide/retry/retry_state.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <utility>
#include <vector>

namespace support {

/// How a try ends.
struct served {
    bide::finding found;
    bide::time_point at;
};

/// Many operations at once on one virtual time line, all by one plan: a driver without threads.
template <class Plan>
class crowd {
    using its = bide::detail::parts<Plan>;
    using state_type = bide::retry_state<typename its::policy_type>;
    using permits_type = bide::detail::admission<typename its::gates_type>;

public:
    using server = std::function<served(bide::time_point now)>;

    crowd(const Plan& plan, server serve, std::uint64_t seed)
        : plan_{&plan}, serve_{std::move(serve)}, random_{seed} {}

    /// An operation begins at `start`, on its own, whatever became of the others.
    void begin(bide::time_point start) {
        const auto& op = ops_.emplace_back(std::make_unique<operation>(*this, start));
        push(start, *op);
    }

    void run() {
        while (!events_.empty()) {
            auto [at, order, op] = events_.top();
            events_.pop();
            op->in_flight ? end(*op, at) : ask(*op, at);
        }
    }

    struct fate {
        bide::time_point start;
        bool succeeded;
    };
    std::vector<fate> fates{};
    std::uint64_t tries = 0;

private:
    struct no_alarm {
        static void ring() noexcept {}
    };

    struct operation {
        operation(const crowd& owner, bide::time_point start)
            : state{its::rules(*owner.plan_), {start, {}}, true},
              permits{its::gates(*owner.plan_), alarm} {}

        state_type state;
        no_alarm alarm{};
        permits_type permits;
        bide::finding found{};
        bool in_flight = false;
    };

    struct event {
        bide::time_point at;
        std::uint64_t order;
        operation* op;
        bool operator<(const event& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void push(bide::time_point at, operation& op) { events_.push({at, order_++, &op}); }

    void ask(operation& op, bide::time_point now) {
        const auto answer = op.permits.ask({.attempt = op.state.tries() + 1}, now);
        if (!answer.says_go()) {
            push(answer.until, op);
            return;
        }
        ++tries;
        const auto result = serve_(now);
        op.found = result.found;
        op.in_flight = true;
        push(result.at, op);
    }

    void end(operation& op, bide::time_point now) {
        op.in_flight = false;
        const auto next = op.state.after(op.found, now, random_);
        op.permits.finish(op.found, now);
        if (next.again && op.permits.afford(op.found, now) == nullptr)
            push(next.at, op);
        else
            fates.push_back({op.state.start().steady, op.found.verdict == bide::verdict::success});
    }

    const Plan* plan_;
    server serve_;
    bide::splitmix64 random_;
    std::vector<std::unique_ptr<operation>> ops_;
    std::priority_queue<event> events_;
    std::uint64_t order_ = 0;
};

}  // namespace support

#endif  // BIDE_TESTS_SUPPORT_CROWD_HPP
