// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/gate_caller.hpp"
#include "support/vectors.hpp"
#include "vectors/times.hpp"

#include <bide/gate/leaky_bucket.hpp>
#include <bide/gate/token_bucket.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <string>

// Rate limiters of others, driven through tickets: a reservation of theirs is an operation of ours
// that waits in line, asks again when its slot comes and moves up when somebody leaves.

namespace {

using namespace vectors;
using bide::leaky_bucket;
using bide::time_point;
using bide::token_bucket;
using namespace std::chrono_literals;

/// Rates of theirs may be fractions.
token_bucket::options bucket_of(const json& input, std::uint64_t burst) {
    const auto rate = input.at("rate_per_s").get<double>();
    return {.rate = static_cast<std::uint64_t>(std::llround(rate * 1000)),
            .per = 1000s,
            .burst = burst};
}
token_bucket::options bucket_of(const json& input) {
    return bucket_of(input, input.at("burst").get<std::uint64_t>());
}

/// The operations of one row.
class clients {
public:
    struct client : support::caller {
        time_point slot{};  // where it went, or is told to ask again
        bool waits = false;
        bide::gate_request request{};
    };

    explicit clients(token_bucket& gate) : gate_{&gate} {}

    /// What happens by itself until then.
    void pass(time_point until) {
        for (;;) {
            const auto next =
                std::min_element(all_.begin(), all_.end(), [](const client& a, const client& b) {
                    return std::pair{!a.waits, a.slot} < std::pair{!b.waits, b.slot};
                });
            if (next == all_.end() || !next->waits || next->slot > until) return;
            ask(*next, next->slot);
        }
    }

    client& come(time_point now, const bide::gate_request& request) {
        auto& c = all_.emplace_back();
        c.request = request;
        ask(c, now);
        return c;
    }

    void leave(client& c, time_point now) {
        if (!c.waits && c.slot < now)
            gate_->finish(c.place, {}, now);  // used, so nothing comes back
        else
            gate_->give_back(c.place, now);
        c.waits = false;
        hear(now);
    }

    /// Those who were woken ask again.
    void hear(time_point now) {
        for (auto& other : all_)
            if (other.waits && other.woken.exchange(0) != 0) ask(other, now);
    }

    [[nodiscard]] bool anybody_behind(const client& c) const {
        return std::any_of(all_.begin(), all_.end(), [&](const client& other) {
            return &other != &c && other.waits && other.slot > c.slot;
        });
    }

private:
    void ask(client& c, time_point now) {
        const auto answer = gate_->ask(c.place, c.request, now);
        c.waits = answer.says == bide::gate_answer::kind::wait;
        c.slot = answer.says_go() ? now : answer.until;
    }

    token_bucket* gate_;
    std::deque<client> all_;
};

std::string difference(const std::string& what, const json& step, std::int64_t theirs,
                       std::int64_t ours) {
    return what + " at " + step.dump() + ": theirs " + std::to_string(theirs) + ", ours " +
           std::to_string(ours);
}

judgement judge_allow(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    token_bucket gate(bucket_of(input));
    std::size_t i = 0;
    for (const auto& step : input.at("steps")) {
        const auto now = time_point{*span(step, "t")};
        const auto left = expect.at("tokens_before").at(i).get<std::int64_t>();
        if (gate.available(now) != left)
            return failed(difference("tokens", step, left, gate.available(now)));
        support::caller c;
        const auto went = gate.ask(c.place, {.cost = step.at("n").get<std::uint64_t>()}, now);
        if (went.says_go() != expect.at("allowed").at(i).get<bool>())
            return failed("allowed differs at " + step.dump());
        went.says_go() ? gate.finish(c.place, {}, now) : gate.give_back(c.place, now);
        ++i;
    }
    return passed();
}

/// One row of reservations; says why, if the difference is one that is meant.
class reservations {
public:
    explicit reservations(const json& row)
        : row_{row}, gate_{bucket_of(row.at("input"))}, clients_{gate_} {}

    judgement judge() {
        const auto& results = row_.at("expect").at("results");
        std::size_t i = 0;
        for (const auto& op : row_.at("input").at("ops")) {
            const auto now = time_point{*span(op, "t")};
            went_back_ = went_back_ || now < latest_;
            latest_ = std::max(latest_, now);
            clients_.pass(now);
            const auto name = op.at("op").get<std::string>();
            if (name == "cancel") {
                auto& leaver = *handles_.at(op.at("handle").get<std::string>());
                moved_up_ = moved_up_ || clients_.anybody_behind(leaver);
                clients_.leave(leaver, now);
            } else if (name == "set_limit" || name == "set_burst") {
                // The number stands under one of several names.
                json to = row_.at("input");
                const auto* field = name == "set_limit" ? "rate_per_s" : "burst";
                to[field] = op.contains(field) ? op.at(field) : op.at("value");
                gate_.set_rate(bucket_of(to), now);
                changed_ = changed_ || gate_.waiting() != 0;
                clients_.hear(now);
            } else if (auto verdict = reserve(op, results.at(i), now, name == "allow");
                       verdict.what != judgement::kind::passed) {
                return verdict;
            }
            ++i;
        }
        return passed();
    }

private:
    judgement reserve(const json& op, const json& theirs, time_point now, bool at_once) {
        if (theirs.contains("tokens_before")) {
            const auto left = theirs.at("tokens_before").get<std::int64_t>();
            if (gate_.available(now) != left)
                return failed(difference("tokens", op, left, gate_.available(now)));
        }
        bide::gate_request request{.cost = op.at("n").get<std::uint64_t>()};
        if (at_once) request.deadline = now;
        if (const auto most = span(op, "max_wait"))
            request.deadline = bide::detail::saturating_add(now, *most);
        auto& c = clients_.come(now, request);
        if (op.contains("handle")) handles_[op.at("handle").get<std::string>()] = &c;

        const auto ok = c.waits || c.place.granted;
        if (ok != theirs.at("ok").get<bool>()) return failed("differs at " + op.dump());
        const auto slot = span(theirs, "act_at");
        if (!slot) return passed();
        const auto ours = c.slot.time_since_epoch();
        if (ours == *slot) return passed();
        if (went_back_ && ours > *slot)
            return excluded("when the clock goes back, theirs mints tokens; ours does not");
        if (moved_up_ && ours < *slot)
            return excluded("when one leaves, those behind move up; theirs keep their slots");
        if (changed_)
            return excluded("a new rate counts for those who wait; theirs keep their slots");
        return failed(difference("slot", op, slot->count(), ours.count()));
    }

    const json& row_;
    token_bucket gate_;
    clients clients_;
    std::map<std::string, clients::client*> handles_;
    time_point latest_ = time_point::min();
    bool went_back_ = false;
    bool moved_up_ = false;
    bool changed_ = false;
};

judgement judge_long_run(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    if (expect.at("max_allowed") != "burst + rate*elapsed + 1" ||
        expect.at("min_allowed") != "0.999*(burst + rate*elapsed)")
        return failed("an unknown expectation");
    const auto length = *span(input, "duration");
    token_bucket gate(bucket_of(input));
    auto went = 0.0;
    for (auto now = duration{}; now <= length; now += *span(input, "offered_every")) {
        support::caller c;
        if (c.goes(gate, now, {.deadline = time_point{now}})) ++went;
        c.finishes(gate, now);
    }
    const auto ideal =
        input.at("burst").get<double>() +
        input.at("rate_per_s").get<double>() * std::chrono::duration<double>{length}.count();
    return passed_if(went <= ideal + 1 && went >= 0.999 * ideal, std::to_string(went) + " went");
}

judgement judge_every(const json& row) {
    const auto interval = *span(row.at("input"), "interval");
    const auto theirs = row.at("expect").at("rate_per_s").get<double>();
    if (interval <= duration::zero())
        return excluded("an interval of 0 is no limit there; ours refuses it");
    token_bucket gate({.rate = 1, .per = interval});
    support::caller c;
    if (!c.goes(gate, 1h)) return failed("does not begin full");
    const auto apart = gate.opens(time_point{1h}) - time_point{1h};
    return passed_if(
        std::fabs(1 / std::chrono::duration<double>{apart}.count() - theirs) <= theirs * 1e-12,
        "the next one comes after " + text(apart));
}

/// It begins empty and holds what comes in a second, at least one.
judgement judge_botocore(const json& row) {
    const auto& input = row.at("input");
    const auto floor = input.at("min_rate").get<double>();
    const auto options = [](double rate) {
        return bucket_of({{"rate_per_s", rate}}, static_cast<std::uint64_t>((std::max)(1.0, rate)));
    };
    auto its = options(input.at("max_rate").get<double>());
    token_bucket gate(its);
    support::caller before;
    if (!before.goes(gate, *span(input, "created_at"), {.cost = its.burst}))
        return failed("does not begin full");
    std::size_t i = 0;
    for (const auto& op : input.at("ops")) {
        const auto now = time_point{*span(op, "t")};
        const auto& theirs = row.at("expect").at("results").at(i++);
        if (op.at("op") == "acquire") {
            if (op.at("block").get<bool>()) return failed("blocks");
            support::caller c;
            const auto went =
                gate.ask(c.place, {.cost = op.at("n").get<std::uint64_t>(), .deadline = now}, now);
            if (went.says_go() != theirs.at("ok").get<bool>())
                return failed("differs at " + op.dump());
            gate.finish(c.place, {}, now);
        } else if (op.at("op") == "set_max_rate") {
            const auto rate = op.at("value").get<double>();
            if (rate < floor) return excluded("the least rate is the caller's own rule");
            its = options(rate);
            gate.set_rate(its, now);
            if (static_cast<double>(its.rate) / 1000 != theirs.at("max_rate").get<double>())
                return failed("another rate");
            if (theirs.contains("max_capacity") &&
                gate.available(now + 1h) != theirs.at("max_capacity").get<std::int64_t>())
                return failed("another capacity");
        } else {
            return failed("an unknown operation");
        }
    }
    return passed();
}

judgement judge_smooth(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    leaky_bucket gate({.rate = 1, .per = *span(input, "interval")});
    std::deque<support::caller> all;
    std::deque<time_point> slots;
    std::size_t i = 0;
    for (const auto& step : input.at("steps")) {
        const auto now = time_point{*span(step, "t")};
        for (std::size_t k = 0; k < all.size(); ++k)  // whose slots have come
            if (!all[k].place.granted && slots[k] <= now &&
                !gate.ask(all[k].place, {}, slots[k]).says_go())
                return failed("a slot was not kept");
        const auto n = step.at("n").get<int>() * step.value("repeat", 1);
        for (auto k = 0; k < n; ++k) {
            const auto answer = gate.ask(all.emplace_back().place, {}, now);
            slots.push_back(answer.says_go() ? now : answer.until);
        }
        const auto wait = time(expect.at("wait_ms").at(i), 1e6L);
        const auto later = slots.back() - now - wait;
        if (later > duration::zero() && later < *span(input, "interval"))
            return excluded(
                "its slots lie on a grid, so two may be closer than the interval; ours are not");
        if (slots.back() - now != wait)
            return failed(difference("wait", step, wait.count(), (slots.back() - now).count()));
        const auto free = time(expect.at("next_free_ms").at(i), 1e6L);
        if (gate.opens(now) != time_point{free}) return failed("next_free at " + step.dump());
        ++i;
    }
    for (auto& c : all) gate.give_back(c.place, time_point{});
    return passed();
}

judgement judge(const json& row) {
    const auto kind = row.at("input").at("kind").get<std::string>();
    if (kind == "token_bucket_allow") return judge_allow(row);
    if (kind == "token_bucket_reserve") return reservations{row}.judge();
    if (kind == "long_run") return judge_long_run(row);
    if (kind == "every") return judge_every(row);
    if (kind == "botocore_token_bucket") return judge_botocore(row);
    if (kind == "smooth") return judge_smooth(row);
    if (kind == "bursty")
        return excluded(
            "a window that begins anew at full periods: twice its limit may pass within one");
    return failed("an unknown kind: " + kind);
}

}  // namespace

TEST_CASE("vectors: rate_limiter", "[vectors][gate]") { vectors::run("rate_limiter", judge); }
