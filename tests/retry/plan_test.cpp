// SPDX-License-Identifier: MIT
#include <bide/retry/plan.hpp>

#include "support/catch.hpp"

#include <bide/limit/max_attempts.hpp>

#include <type_traits>
#include <utility>
#include <vector>

using bide::event;
using bide::max_attempts;
using bide::time_point;
using bide::wall_time;
using bide::with;

namespace {

constexpr auto rules = bide::policy(bide::exponential({}), max_attempts(3));

struct world {
    int reads = 0;
    time_point now() {
        ++reads;
        return {};
    }
    static wall_time wall() { return {}; }
    static void sleep_until(time_point) {}
    static bide::splitmix64 random() { return bide::splitmix64{1}; }
};
static_assert(bide::runtime<world>);

struct watcher {
    std::vector<int>* told;
    int name;
    void operator()(const event&) const { told->push_back(name); }
};

// A policy alone is a plan that nobody takes part in.
using alone = decltype(with(rules));
static_assert(!alone::observed);
static_assert(!alone::stoppable);
static_assert(!alone::gated);
static_assert(std::is_same_v<alone::runtime_type, bide::system_runtime>);
// It adds nothing to the policy's size.
static_assert(sizeof(alone) == sizeof(rules));

}  // namespace

TEST_CASE("with: what the caller keeps is referred to", "[retry][plan]") {
    world mine;
    const auto plan = with(mine, rules);
    static_assert(std::is_same_v<decltype(plan)::runtime_type, world>);
    (void)plan.world().now();
    CHECK(mine.reads == 1);
    CHECK(&plan.world() == &mine);
}

TEST_CASE("with: what is handed over is kept", "[retry][plan]") {
    const auto plan = with(world{.reads = 5}, rules);
    (void)plan.world().now();
    CHECK(plan.world().reads == 6);
    const auto copy = plan;
    CHECK(&copy.world() != &plan.world());
}

TEST_CASE("with: several observers are told in the order of their names", "[retry][plan]") {
    std::vector<int> told;
    watcher first{&told, 1};
    const watcher second{&told, 2};
    const auto plan = with(first, second, watcher{&told, 3}, rules);
    static_assert(decltype(plan)::observed);
    bide::detail::notify(plan.watcher(), event{});
    CHECK(told == std::vector<int>{1, 2, 3});
}

TEST_CASE("with: a plan can be added to", "[retry][plan]") {
    std::vector<int> told;
    world mine;
    const auto inner = with(watcher{&told, 2}, rules);
    const auto outer = with(mine, watcher{&told, 1}, inner);
    bide::detail::notify(outer.watcher(), event{});
    CHECK(told == std::vector<int>{1, 2});
    CHECK(&outer.world() == &mine);
    static_assert(std::is_same_v<decltype(with(inner)), std::remove_const_t<decltype(inner)>>);
}
