// SPDX-License-Identifier: MIT
#include <bide/curl/engine/timer_heap.hpp>

#include "support/catch.hpp"

#include <bide/random.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstddef>
#include <iterator>
#include <map>
#include <vector>

using bide::time_point;
using bide::curl::detail::scheduled;
using bide::curl::detail::timer_heap;
using namespace std::chrono_literals;

namespace {

struct waiter : scheduled {};

/// The heap and a multimap, told the same.
struct both {
    using timers = std::multimap<time_point, waiter*>;

    explicit both(std::size_t n) : all(n), at(n) {
        for (auto& w : all) idle.push_back(&w);
    }

    timers::iterator& entry_of(const waiter& w) {
        return at[static_cast<std::size_t>(&w - all.data())];
    }
    waiter& any_waiting() {
        auto& w = all[random() % all.size()];
        return heap.holds(w) ? w : *model.begin()->second;
    }
    /// Few instants, so that many are equal; the extremes among them.
    time_point some_time() {
        const auto n = random() % 64;
        if (n < 2) return n == 0 ? bide::never : time_point::min();
        return now + (static_cast<int>(n) - 16) * 1ns;
    }

    void push() {
        if (idle.empty()) return;
        auto& w = *idle.back();
        idle.pop_back();
        const auto when = some_time();
        heap.push(w, when);
        entry_of(w) = model.emplace(when, &w);
    }
    void remove() {
        if (model.empty()) return;
        auto& w = any_waiting();
        heap.remove(w);
        forget(w);
    }
    void move() {
        if (model.empty()) return;
        auto& w = any_waiting();
        const auto when = some_time();
        heap.move(w, when);
        model.erase(entry_of(w));
        entry_of(w) = model.emplace(when, &w);
    }
    void pop() {
        now += 1ns;
        auto* const w = heap.pop_due(now);
        if (model.empty() || model.begin()->first > now) {
            wrong += w != nullptr ? 1 : 0;
            return;
        }
        if (w == nullptr || entry_of(*w)->first != model.begin()->first) {
            ++wrong;
            return;
        }
        forget(*w);
    }
    void forget(waiter& w) {
        wrong += heap.holds(w) || w.place != scheduled::nowhere ? 1 : 0;
        model.erase(entry_of(w));
        idle.push_back(&w);
    }

    void compare() {
        wrong += heap.size() != model.size() || heap.empty() != model.empty() ? 1 : 0;
        wrong += heap.next() != (model.empty() ? bide::never : model.begin()->first) ? 1 : 0;
    }

    bide::splitmix64 random{7};
    std::vector<waiter> all;
    std::vector<timers::iterator> at;
    std::vector<waiter*> idle{};
    timers model{};
    timer_heap<waiter> heap{};
    time_point now{1h};
    int wrong = 0;
};

}  // namespace

TEST_CASE("timer_heap: is a multimap, whatever comes", "[curl][engine][timer_heap][property]") {
    both b{2000};
    std::size_t most = 0;
    // It fills and drains by turns: one of the two is more likely, for 8000 steps each.
    for (int step = 0; step != 100000; ++step) {
        const auto n = b.random() % 8;
        const auto fills = step / 8000 % 2 == 0;
        if (n < (fills ? 4U : 1U))
            b.push();
        else if (n < (fills ? 5U : 3U))
            b.remove();
        else if (n < 6)
            b.move();
        else
            b.pop();
        b.compare();
        most = b.heap.size() > most ? b.heap.size() : most;
        if (step % 1000 == 0) {
            std::size_t seen = 0;
            b.heap.for_each([&](waiter& w) { seen += b.heap.holds(w) ? 1U : 0U; });
            REQUIRE(seen == b.model.size());
        }
        REQUIRE(b.wrong == 0);
    }
    CHECK(most > 1000);
}

TEST_CASE("timer_heap: nobody is early, the due one by one", "[curl][engine][timer_heap]") {
    timer_heap<waiter> heap;
    const time_point t{1h};
    CHECK(heap.next() == bide::never);
    CHECK(heap.pop_due(bide::never) == nullptr);

    waiter a;
    waiter b;
    waiter at_no_time;
    heap.push(a, t + 2ns);
    heap.push(b, t + 1ns);
    heap.push(at_no_time, bide::never);
    CHECK(heap.next() == t + 1ns);
    CHECK(heap.pop_due(t) == nullptr);
    CHECK(heap.pop_due(t + 1ns) == &b);
    CHECK(heap.pop_due(t + 1ns) == nullptr);
    heap.move(a, t + 5ns);
    CHECK(heap.pop_due(t + 4ns) == nullptr);
    CHECK(heap.pop_due(t + 5ns) == &a);
    CHECK(heap.next() == bide::never);
    CHECK(heap.holds(at_no_time));
    CHECK_FALSE(heap.holds(a));

    timer_heap<waiter> other;
    other.push(a, t);  // its place there is that of `at_no_time` here
    CHECK_FALSE(heap.holds(a));
}

TEST_CASE("timer_heap: holds little memory, after a burst again", "[curl][engine][timer_heap]") {
    std::vector<waiter> all(10000);
    timer_heap<waiter> heap;
    time_point at{};
    int too_much = 0;
    for (auto& w : all) {
        heap.push(w, at -= 1ns);
        too_much += heap.capacity() > heap.size() * 3 / 2 + 64 ? 1 : 0;
    }
    CHECK(too_much == 0);
    for (std::size_t i = 0; i != 9990; ++i) {
        heap.remove(all[i]);
        too_much += heap.capacity() > heap.size() * 4 + 64 ? 1 : 0;
    }
    CHECK(too_much == 0);
    CHECK(heap.next() == at);

    heap.reserve(5000);
    for (std::size_t i = 0; i != 5000; ++i)
        if (!heap.holds(all[i])) heap.push(all[i], at);
    while (heap.pop_due(bide::never) != nullptr) {
    }
    CHECK(heap.capacity() >= 5000);
    CHECK(heap.capacity() < 6000);
}
