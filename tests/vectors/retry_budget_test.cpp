// SPDX-License-Identifier: MIT
#include "support/catch.hpp"
#include "support/vectors.hpp"
#include "vectors/times.hpp"

#include <bide/limit/concurrent_retries.hpp>
#include <bide/limit/retry_budget.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <stdexcept>
#include <string>

// Retry budgets of Finagle and tower, by rate, and of Envoy and failsafe-go, by what is in flight.

namespace {

using namespace vectors;
using namespace std::chrono_literals;
using bide::budget_note;
using bide::concurrent_retries;
using bide::retry_budget;
using bide::time_point;

constexpr time_point start{1000s};
constexpr bide::finding failure{};

retry_budget::options budget_of(const json& fields) {
    retry_budget::options o;
    if (const auto window = span(fields, "ttl")) o.window = *window;
    o.reserve_per_second = fields.value("min_retries_per_s", o.reserve_per_second);
    o.ratio = fields.value("percent_can_retry", o.ratio);
    return o;
}

void deposit(retry_budget& b, std::int64_t requests) {
    budget_note note;
    for (; requests > 0; --requests) b.began(note, 1, start);
}

judgement judge_rate(const json& input, const json& expect) {
    retry_budget b{budget_of(input)};
    if (expect.value("initial_balance", b.balance(start)) != b.balance(start))
        return failed("begins with " + std::to_string(b.balance(start)));
    deposit(b, input.at("requests").get<std::int64_t>());
    if (input.at("kind") == "deposits_only")
        return passed_if(expect.at("balance") == b.balance(start),
                         "comes to " + std::to_string(b.balance(start)));
    std::int64_t retries = 0;
    for (budget_note note; b.take(note, failure, start) == nullptr;) ++retries;
    const auto off = std::abs(retries - expect.at("retries").get<std::int64_t>());
    return passed_if(off <= expect.value("abs_tolerance", 0),
                     "allows " + std::to_string(retries) + " retries");
}

judgement judge_operations(const json& input, const json& expect) {
    retry_budget b{budget_of(input)};
    auto now = start;
    for (std::size_t i = 0; i < input.at("ops").size(); ++i) {
        const auto& op = input.at("ops")[i];
        const auto& expected = expect.at("results").at(i);
        budget_note note;
        if (op == "withdraw") {
            if (expected != (b.take(note, failure, now) == nullptr))
                return failed("withdrawal " + std::to_string(i) + " differs");
        } else if (op == "deposit") {
            b.began(note, 1, now);
        } else if (op.is_object() && op.at("op") == "advance_ms") {
            now += std::chrono::milliseconds{op.at("ms").get<std::int64_t>()};
        } else {
            return failed("an unknown operation");
        }
    }
    return passed();
}

judgement judge_config(const json& input, const json& expect) {
    try {
        const retry_budget b{budget_of(input.at("config"))};
        return passed_if(expect.at("valid").get<bool>(), "is accepted");
    } catch (const std::invalid_argument& e) {
        return passed_if(!expect.at("valid").get<bool>(), e.what());
    }
}

/// A budget by what is in flight, with so much in flight.
class in_flight {
public:
    in_flight(concurrent_retries::options how, std::uint64_t tries, std::uint64_t retries)
        : budget_{how} {
        for (; tries > 0; --tries) budget_.began(notes_.emplace_back(), 1, start);
        for (; retries > 0; --retries) static_cast<void>(acquire());
    }

    bool acquire() {
        auto& note = notes_.emplace_back();
        if (budget_.take(note, failure, start) == nullptr) return true;
        notes_.pop_back();
        return false;
    }
    /// The newest retry ends.
    void release() {
        budget_.ended(notes_.back(), failure, start);
        notes_.pop_back();
    }

private:
    concurrent_retries budget_;
    std::deque<budget_note> notes_;
};

judgement judge_concurrency(const json& input, const json& expect) {
    in_flight now{{.ratio = input.at("budget_percent").get<double>() / 100,
                   .least = input.at("min_retry_concurrency").get<std::uint64_t>()},
                  input.at("active_and_pending_requests").get<std::uint64_t>(),
                  input.at("outstanding_retries").get<std::uint64_t>()};
    return passed_if(expect.at("retry_allowed") == now.acquire(), "decides otherwise");
}

judgement judge_rate_budget(const json& input, const json& expect) {
    in_flight now{{.ratio = input.at("max_rate").get<double>(),
                   .least = input.at("min_concurrency").get<std::uint64_t>()},
                  input.at("executions").get<std::uint64_t>(),
                  input.at("in_flight_retries").get<std::uint64_t>()};
    for (std::size_t i = 0; i < input.at("ops").size(); ++i) {
        const auto& op = input.at("ops")[i];
        if (op == "release")
            now.release();
        else if (op != "acquire")
            return failed("an unknown operation");
        else if (expect.at("results").at(i) != now.acquire())
            return failed("operation " + std::to_string(i) + " differs");
    }
    return passed();
}

judgement judge(const json& row) {
    const auto& input = row.at("input");
    const auto& expect = row.at("expect");
    const auto kind = input.at("kind").get<std::string>();
    if (kind == "deposit_then_withdraw" || kind == "deposits_only")
        return judge_rate(input, expect);
    if (kind == "ops") return judge_operations(input, expect);
    if (kind == "config") return judge_config(input, expect);
    if (kind == "concurrency_budget") return judge_concurrency(input, expect);
    if (kind == "rate_budget") return judge_rate_budget(input, expect);
    return failed("an unknown kind: " + kind);
}

}  // namespace

TEST_CASE("vectors: retry_budget", "[vectors][limit][retry_budget]") {
    vectors::run("retry_budget", judge, 5);
}
