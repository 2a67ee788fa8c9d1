// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_PACING_SIMULATOR_HPP
#define BIDE_TESTS_SUPPORT_PACING_SIMULATOR_HPP

#include "support/pacing_figures.hpp"
#include "support/pacing_run.hpp"
#include "support/pacing_servers.hpp"

#include <bide/gate/gate.hpp>
#include <bide/quota.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <queue>
#include <random>
#include <utility>
#include <variant>
#include <vector>

/// Discrete events: clients with a gate, a network, a server that limits. No real time passes.
namespace simulated {

/// Runs one scenario against one gate.
template <class Gate>
class simulator {
public:
    simulator(const scenario& s, Gate& gate, std::uint64_t seed)
        : its_{s}, server_{s.limits}, gate_{gate}, random_{seed} {
        const auto total = s.learning + s.steady;
        const auto slots = s.all_at_once ? total : std::min(s.workers, total);
        for (std::size_t i = 0; i != slots; ++i) messages_.emplace_back(*this, i);
    }

    result run() {
        for (auto& m : messages_) {
            m.order = started_++;
            ask(m);
        }
        if (its_.other_client > 0) plan(0, kind::other, 0);
        const auto total = its_.learning + its_.steady;
        for (std::uint64_t steps = 0; !events_.empty() && figures_.count() < total; ++steps) {
            const auto e = events_.top();
            events_.pop();
            now_ = std::max(now_, e.at);
            if (now_ > 200'000 || steps > 30'000'000) break;
            handle(e);
            for (std::size_t i = 0; i != woken_.size(); ++i) ask(messages_[woken_[i]]);
            woken_.clear();
        }
        auto r = figures_.of(its_, (1 - its_.other_client) * true_rate() / scale_);
        r.sent_inside = sent_inside_;
        r.out_of_order = out_of_order_;
        return r;
    }

private:
    enum class kind : std::uint8_t { timer, arrival, answer, again, other, service_ends };
    enum class fate : std::uint8_t { accepted, limited, failed };

    struct event {
        double at;
        std::uint64_t id;
        kind what;
        std::size_t message;
        std::uint64_t version;
        bool operator<(const event& other) const {
            return at > other.at || (at == other.at && id > other.id);
        }
    };

    struct message {
        message(simulator& owner, std::size_t position) : sim{&owner}, index{position} { begin(); }
        /// A ticket is one operation's.
        void begin() { place.emplace(&wake, this); }
        static void wake(void* its) noexcept {
            auto* m = static_cast<message*>(its);
            m->sim->woken_.push_back(m->index);
        }
        simulator* sim;
        std::size_t index;
        std::optional<bide::ticket> place;
        double submitted = 0;
        double sent = 0;
        std::uint64_t order = 0;
        std::uint64_t attempt = 1;
        std::uint64_t failures = 0;
        std::uint64_t timer = 0;  // the newest; older ones are stale
        bool waiting = false;
        fate end = fate::accepted;
        reply told{};
    };

    static bide::time_point instant(double t) {
        return bide::time_point{bide::duration{static_cast<std::int64_t>(std::llround(t * 1e9))}};
    }
    static double seconds(bide::time_point t) {
        return static_cast<double>(t.time_since_epoch().count()) / 1e9;
    }
    double uniform() { return std::uniform_real_distribution<double>{}(random_); }
    double exponential(double mean) { return -mean * std::log(1 - uniform()); }
    double one_way() { return its_.round_trip / 2 + its_.jitter * uniform(); }

    void plan(double at, kind what, std::size_t index, std::uint64_t version = 0) {
        events_.push({at, ids_++, what, index, version});
    }

    /// The end of the stall that `t` falls into, else `t`. Stalls of one side, one after another.
    struct stalls {
        double begin = -1;
        double end = -1;
    };
    double after_stall(stalls& its, double every, double most, double t) {
        if (every <= 0) return t;
        if (its.begin < 0) its.begin = its.end = exponential(every);
        while (t > its.end) {
            its.begin = its.end + exponential(every);
            its.end = its.begin + most * uniform();
        }
        return t < its.begin ? t : its.end;
    }
    void ask(message& m) {
        if (!m.waiting && m.timer == 0) m.waiting = true;
        if (!m.waiting) return;  // woken although it was let in meanwhile
        const auto answer = gate_.ask(*m.place, {.attempt = m.attempt}, instant(now_));
        ++m.timer;
        if (answer.says_go()) return send(m);
        if (answer.until == bide::never) return;
        const auto at = std::max(now_, seconds(answer.until)) + its_.late_timers * uniform();
        plan(at, kind::timer, m.index, m.timer);
    }

    void send(message& m) {
        m.waiting = false;
        m.sent = now_;
        if (now_ + 1e-9 < closed_until_) ++sent_inside_;
        if (m.attempt == 1) {
            if (m.order < newest_sent_) ++out_of_order_;
            newest_sent_ = m.order;
        }
        const auto extra = sends_++ == 0 ? its_.connect : 0;
        plan(now_ + extra + one_way(), kind::arrival, m.index);
    }

    void handle(const event& e) {
        const auto busy_until =
            e.what == kind::arrival ? after_stall(stalls_, its_.stall_every, its_.stall, now_)
            : e.what == kind::timer || e.what == kind::answer
                ? after_stall(client_, its_.client_stall_every, its_.client_stall, now_)
                : now_;
        if (busy_until > now_) return plan(busy_until, e.what, e.message, e.version);
        switch (e.what) {
            case kind::timer:
                if (e.version == messages_[e.message].timer) ask(messages_[e.message]);
                return;
            case kind::arrival:
                return arrive(messages_[e.message]);
            case kind::answer:
                return conclude(messages_[e.message]);
            case kind::again:
                messages_[e.message].waiting = true;
                return ask(messages_[e.message]);
            case kind::other: {
                (void)decide();
                const auto rate = its_.other_client * true_rate();
                return plan(now_ + (0.9 + 0.2 * uniform()) / rate, kind::other, 0);
            }
            case kind::service_ends:
                std::get<concurrency>(server_).done();
                return;
        }
    }

    reply decide() {
        return std::visit([&](auto& s) { return s.hit(now_, scale_); }, server_);
    }
    double true_rate() const {
        return scale_ * std::visit([](const auto& s) { return s.rate(); }, server_);
    }

    void arrive(message& m) {
        m.told = {};
        double takes = 0.0005;
        if (uniform() < its_.failures) {
            m.end = fate::failed;
        } else {
            m.told = decide();
            m.end = m.told.accepted ? fate::accepted : fate::limited;
            if (const auto* c = std::get_if<concurrency>(&server_);
                c != nullptr && m.told.accepted) {
                takes = c->exponential ? exponential(c->service) : c->service;
                plan(now_ + takes, kind::service_ends, 0);
            }
        }
        plan(now_ + takes + one_way(), kind::answer, m.index);
    }

    void conclude(message& m) {
        tell_gate(m);
        if (m.end == fate::accepted) {
            accept(m);
            return;
        }
        ++m.attempt;
        if (m.end == fate::limited) {
            figures_.refused(now_);
            m.waiting = true;
            ask(m);
            return;
        }
        const auto cap = std::min(5.0, 0.05 * std::pow(2.0, static_cast<double>(++m.failures)));
        plan(now_ + cap * uniform(), kind::again, m.index);
    }

    void tell_gate(message& m) {
        bide::report what{.latency = instant(now_) - instant(m.sent)};
        if (m.end == fate::accepted) what.found = bide::succeeded;
        if (m.end == fate::limited)
            what.found = {bide::verdict::throttled, bide::certainty::rejected};
        if (m.end == fate::failed)
            what.found = {bide::verdict::overloaded, bide::certainty::ambiguous};
        if (m.told.retry_after) {
            what.found.hint = instant(*m.told.retry_after).time_since_epoch();
            closed_until_ = std::max(closed_until_, now_ + *m.told.retry_after);
        }
        bide::quotas all;
        if (m.told.limit) {
            const auto ms =
                [](std::optional<double> s) -> std::optional<std::chrono::milliseconds> {
                if (!s) return std::nullopt;
                return std::chrono::milliseconds{std::llround(*s * 1000)};
            };
            all.keep({.limit = std::llround(*m.told.limit),
                      .remaining = std::llround(*m.told.remaining),
                      .reset = ms(m.told.reset),
                      .window = ms(m.told.window)});
            what.told = &all;
        }
        gate_.finish(*m.place, what, instant(now_));
    }

    void accept(message& m) {
        figures_.accepted(now_, now_ - m.submitted);
        if (figures_.count() == its_.learning) scale_ = its_.change;
        if (its_.all_at_once || started_ == its_.learning + its_.steady) return;
        m.submitted = now_;
        m.attempt = 1;
        m.failures = 0;
        m.order = started_++;
        m.begin();
        m.waiting = true;
        ask(m);
    }

    scenario its_;
    server server_;
    Gate& gate_;
    std::mt19937_64 random_;
    double now_ = 0;
    double scale_ = 1;
    double closed_until_ = -1;
    std::deque<message> messages_;
    std::priority_queue<event> events_;
    std::vector<std::size_t> woken_;
    std::uint64_t ids_ = 0;
    std::uint64_t started_ = 0;
    std::uint64_t newest_sent_ = 0;
    std::size_t sends_ = 0;
    std::size_t sent_inside_ = 0;
    std::size_t out_of_order_ = 0;
    stalls stalls_{};
    stalls client_{};
    figures figures_;
};

template <class Gate>
result simulate(const scenario& s, Gate& gate, std::uint64_t seed) {
    return simulator<Gate>{s, gate, seed}.run();
}

}  // namespace simulated

#endif  // BIDE_TESTS_SUPPORT_PACING_SIMULATOR_HPP
