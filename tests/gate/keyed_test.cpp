// SPDX-License-Identifier: MIT
#include <bide/gate/keyed.hpp>

#include "support/catch.hpp"
#include "support/event_log.hpp"

#include <bide/gate.hpp>
#include <bide/gate/cooldown.hpp>
#include <bide/gate/token_bucket.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/limit/retry_quota.hpp>
#include <bide/testing.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using bide::concurrency_limit;
using bide::cooldown;
using bide::end;
using bide::keyed;
using bide::keyed_gate;
using bide::retry;
using bide::ticket;
using bide::time_point;
using bide::virtual_clock;
using bide::with;
using namespace std::chrono_literals;

namespace {

constexpr time_point t0{1000s};
constexpr auto rules = bide::policy(bide::constant(1s), bide::max_attempts(3));

static_assert(bide::gate<keyed_gate<concurrency_limit>>);
static_assert(bide::gate<const keyed_gate<concurrency_limit>>);
static_assert(!bide::budget<keyed_gate<concurrency_limit>>);
static_assert(bide::budget<keyed_gate<bide::retry_budget>>);
static_assert(!bide::gate<keyed_gate<bide::retry_budget>>);
static_assert(std::is_copy_constructible_v<keyed_gate<concurrency_limit>>);
static_assert(!std::is_copy_constructible_v<keyed<concurrency_limit>>);

/// Lets everybody through and says when it may be forgotten.
struct open_gate {
    bool resting = true;
    std::atomic<int>* alive = nullptr;

    explicit open_gate(std::atomic<int>& count) : alive{&count} { ++*alive; }
    open_gate(const open_gate&) = delete;
    open_gate& operator=(const open_gate&) = delete;
    ~open_gate() { --*alive; }

    static bide::gate_answer ask(ticket&, const bide::gate_request&, time_point) {
        return bide::gate_answer::go();
    }
    static void finish(ticket&, const bide::report&, time_point) noexcept {}
    static void give_back(ticket&, time_point) noexcept {}
    [[nodiscard]] bool at_rest(time_point) const noexcept { return resting; }
};

/// Its gates tell how many live.
struct counted_gates {
    std::atomic<int> alive = 0;
    std::atomic<int> made = 0;
    keyed<open_gate> gates;

    explicit counted_gates(keyed<open_gate>::options how)
        : gates{how, [this](std::string_view) {
                    ++made;
                    return open_gate(alive);
                }} {}
};

void use(const keyed_gate<open_gate>& g, time_point now) {
    ticket t{[](void*) noexcept {}, nullptr};
    if (g.ask(t, {}, now).says_go()) g.finish(t, {}, now);
}

}  // namespace

TEST_CASE("keyed: rejects what has no meaning", "[gate][keyed][errors]") {
    const auto make = [](std::string_view) { return concurrency_limit({.in_flight = 1}); };
    CHECK_THROWS_WITH((keyed<concurrency_limit>{{.most = 0}, make}),
                      "bide::keyed: most must be >= 1, got 0");
    CHECK_THROWS_WITH((keyed<concurrency_limit>{{.forget_after = 0s}, make}),
                      "bide::keyed: forget_after must be > 0, got 0s");
}

TEST_CASE("keyed: one gate for each key", "[gate][keyed]") {
    std::vector<std::string> made;
    keyed<concurrency_limit> gates{[&made](std::string_view key) {
        made.emplace_back(key);
        return concurrency_limit({.in_flight = key == "big" ? 2U : 1U});
    }};
    const auto a = gates.at("a");
    const auto big = gates.at("big");
    ticket x{[](void*) noexcept {}, nullptr};
    ticket y{[](void*) noexcept {}, nullptr};
    CHECK(a.ask(x, {}, t0).says_go());
    CHECK_FALSE(gates.at(std::string{"a"}).ask(y, {}, t0).says_go());
    a.give_back(y, t0);
    CHECK(big.ask(y, {}, t0).says_go());
    CHECK(a.get()->in_flight() == 1);
    CHECK(big.get() == gates.at("big").get());
    CHECK(gates.at("").get() != a.get());
    CHECK(made == std::vector<std::string>{"a", "big", ""});
    CHECK(gates.size() == 3);
    a.finish(x, {}, t0);
    big.finish(y, {}, t0);
    CHECK(a.get()->in_flight() == 0);
}

TEST_CASE("keyed: in a plan, by value or kept", "[gate][keyed]") {
    virtual_clock clock;
    keyed<cooldown> gates{[](std::string_view) { return cooldown({}, 7); }};
    gates.at("slow").get()->park(time_point{5s}, time_point{});
    support::event_log seen;
    CHECK(retry(with(clock, seen, gates.at("fast"), rules), [] { return 1; }).value() == 1);
    CHECK(clock.elapsed() == 0s);
    const auto plan = with(clock, seen, gates.at("slow"), rules);
    const auto copy = plan;
    CHECK(retry(copy, [] { return 2; }).value() == 2);
    CHECK(clock.elapsed() >= 5s);
    const auto kept = gates.at("slow");
    CHECK(retry(with(clock, kept, gates.at("fast"), rules), [] { return 3; }).value() == 3);

    // No event names a key.
    CHECK(seen.kinds() == "attempt end gate attempt end");
    for (const auto& e : seen.events)
        if (e.reason != nullptr) CHECK(std::string{e.reason} == "the server asked for a pause");
}

TEST_CASE("keyed: budgets by key", "[gate][keyed][budget]") {
    virtual_clock clock;
    keyed<bide::retry_budget> budgets{[](std::string_view key) {
        return bide::retry_budget({.ratio = 0, .reserve_per_second = key == "down" ? 0.1 : 10.0});
    }};
    const auto fails = [] { throw std::runtime_error{"busy"}; };
    CHECK(retry(with(clock, budgets.at("down"), rules), fails).attempts() == 2);
    CHECK(retry(with(clock, budgets.at("down"), rules), fails).attempts() == 1);
    CHECK(retry(with(clock, budgets.at("other"), rules), fails).attempts() == 3);
    keyed<bide::retry_quota> quotas{
        [](std::string_view) { return bide::retry_quota(bide::retry_quota::aws_2_0()); }};
    CHECK(retry(with(clock, quotas.at("x"), budgets.at("other"), rules), fails).attempts() == 3);
    CHECK(quotas.at("x").get()->tokens() == 480);
    CHECK(quotas.at("y").get()->tokens() == 500);
}

TEST_CASE("keyed: what nobody uses makes room", "[gate][keyed][bounds]") {
    counted_gates its({.most = 2});
    const void* a = its.gates.at("a").get();
    use(its.gates.at("b"), t0);
    CHECK(its.gates.at("a").get() == a);
    CHECK(its.gates.size() == 2);
    const auto c = its.gates.at("c");
    CHECK(c.get() != nullptr);
    CHECK(its.gates.size() == 2);
    CHECK(its.alive == 2);
    CHECK(its.made == 3);
    for (auto i = 0; i < 100; ++i) CHECK(its.gates.at(std::to_string(i)).get() != nullptr);
    CHECK(its.gates.at("c").get() == c.get());  // in use, so it was kept
    CHECK(its.alive == 2);
}

TEST_CASE("keyed: what is in use or not at rest stays", "[gate][keyed][bounds]") {
    counted_gates its({.most = 2, .forget_after = 10s});
    {
        const auto a = its.gates.at("a");
        use(a, t0);
        use(its.gates.at("b"), t0);
        its.gates.at("b").get()->resting = false;
        const auto none = its.gates.at("c");
        CHECK(none.get() == nullptr);
        ticket t{[](void*) noexcept {}, nullptr};
        const auto answer = none.ask(t, {}, t0);
        CHECK(answer.says_refuse());
        CHECK(std::string{answer.reason} == "too many keys are in use");
        none.give_back(t, t0);

        // Time goes on with any gate; what was not used for long is forgotten, at rest or not.
        use(a, t0 + 10s - 1ns);
        CHECK(its.gates.at("c").get() == nullptr);
        use(a, t0 + 10s);
        CHECK(its.gates.at("c").get() != nullptr);
        CHECK(its.alive == 2);
    }
    CHECK(its.gates.size() == 2);
    virtual_clock clock;
    keyed<bide::retry_quota> one{{.most = 1},
                                 [](std::string_view) { return bide::retry_quota({}); }};
    const auto first = one.at("first");
    const auto got =
        retry(with(clock, one.at("second"), rules), [] { throw std::runtime_error{"busy"}; });
    CHECK(got.attempts() == 1);
    CHECK(got.explain() ==
          "exhausted after 1 try in 0s: no retry is left: too many keys are in use; "
          "try 1: transient, rejected");
}

TEST_CASE("keyed: a factory that throws takes no room", "[gate][keyed][bounds]") {
    auto broken = true;
    keyed<concurrency_limit> gates{{.most = 1}, [&broken](std::string_view) {
                                       if (broken) throw std::domain_error{"factory"};
                                       return concurrency_limit({.in_flight = 1});
                                   }};
    CHECK_THROWS_AS(gates.at("a"), std::domain_error);
    CHECK_THROWS_AS(gates.at("b"), std::domain_error);
    CHECK(gates.size() == 0);
    broken = false;
    CHECK(gates.at("a").get() != nullptr);
}

TEST_CASE("keyed: of two that are made for one key one is kept", "[gate][keyed]") {
    keyed<concurrency_limit>* all = nullptr;
    const void* quicker = nullptr;
    keyed<concurrency_limit> gates{[&](std::string_view key) {
        if (std::exchange(quicker, all) == nullptr) quicker = all->at(key).get();
        return concurrency_limit({.in_flight = 1});
    }};
    all = &gates;
    CHECK(gates.at("a").get() == quicker);
    CHECK(gates.size() == 1);
}

TEST_CASE("keyed: a handle is moved and assigned", "[gate][keyed]") {
    counted_gates its({.most = 1});
    auto a = its.gates.at("a");
    auto moved = std::move(a);
    CHECK(its.gates.at("b").get() == nullptr);
    moved = its.gates.at("c");  // nothing to be had, and "a" is free
    CHECK(moved.get() == nullptr);
    CHECK(its.gates.at("b").get() != nullptr);
    CHECK(its.alive == 1);
}

TEST_CASE("keyed: gates that are as good as new make room", "[gate][keyed]") {
    keyed<bide::token_bucket> rates{
        {.most = 1}, [](std::string_view) { return bide::token_bucket({.rate = 1, .burst = 2}); }};
    ticket first{[](void*) noexcept {}, nullptr};
    CHECK(rates.at("a").ask(first, {}, t0).says_go());
    CHECK(rates.at("b").get() == nullptr);  // a permit is still missing
    rates.at("a").finish(first, {}, t0 + 1s);
    CHECK(rates.at("b").get() != nullptr);

    keyed<concurrency_limit> limits{
        {.most = 1}, [](std::string_view) { return concurrency_limit({.in_flight = 2}); }};
    ticket second{[](void*) noexcept {}, nullptr};
    CHECK(limits.at("a").ask(second, {}, t0).says_go());
    CHECK(limits.at("b").get() == nullptr);
    limits.at("a").finish(second, {}, t0);
    CHECK(limits.at("b").get() != nullptr);
}

TEST_CASE("keyed: 64 threads, more keys than room", "[gate][keyed][threads]") {
    counted_gates its({.most = 8});
    std::atomic<int> in_vain = 0;
    std::vector<std::thread> crowd;
    for (auto i = 0; i < 64; ++i)
        crowd.emplace_back([&its, &in_vain, i] {
            for (auto n = 0; n < 100; ++n) {
                const auto g = its.gates.at(std::to_string((i + n) % 12));
                if (g.get() == nullptr) ++in_vain;
                use(g, t0);
            }
        });
    for (auto& t : crowd) t.join();
    CHECK(its.gates.size() <= 8);
    CHECK(its.alive == static_cast<int>(its.gates.size()));
    CHECK(in_vain < 64 * 100);
}
