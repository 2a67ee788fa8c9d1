// SPDX-License-Identifier: MIT
#include <bide/curl/engine/ready_queue.hpp>

#include "support/catch.hpp"

#include <bide/curl/engine/timer_heap.hpp>
#include <bide/random.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <vector>

using bide::time_point;
using bide::curl::detail::ready_queue;
using bide::curl::detail::scheduled;
using bide::curl::detail::timer_heap;
using namespace std::chrono_literals;

namespace {

struct waiter : scheduled {
    int priority = 0;
    time_point deadline = bide::never;
    std::uint64_t turn = 0;
};

/// The same by sets, one per priority in which somebody waits, and how often it was passed over.
struct model {
    struct line {
        std::set<std::tuple<time_point, std::uint64_t, waiter*>> waiting{};
        int passed = 0;
    };

    void push(waiter& w) { lines[w.priority].waiting.emplace(w.deadline, w.turn, &w); }
    void remove(waiter& w) { lines[w.priority].waiting.erase({w.deadline, w.turn, &w}); }
    [[nodiscard]] waiter* top() const {
        waiter* next = nullptr;
        for (const auto& [priority, l] : lines)
            if (!l.waiting.empty() && (next == nullptr || l.passed == 7))
                next = std::get<2>(*l.waiting.begin());
        return next;
    }
    void go(waiter& w) {
        for (auto& [priority, l] : lines) {
            if (priority < w.priority) l.passed = l.waiting.empty() ? 0 : l.passed + 1;
            most_passed = std::max(most_passed, l.passed);
        }
        lines[w.priority].passed = 0;
        remove(w);
    }
    [[nodiscard]] time_point next_deadline() const {
        auto first = bide::never;
        for (const auto& [priority, l] : lines)
            if (!l.waiting.empty()) first = std::min(first, std::get<0>(*l.waiting.begin()));
        return first;
    }
    [[nodiscard]] std::size_t size() const {
        std::size_t sum = 0;
        for (const auto& [priority, l] : lines) sum += l.waiting.size();
        return sum;
    }

    std::map<int, line, std::greater<>> lines{};
    int most_passed = 0;
};

/// The queue and its model, told the same.
struct both {
    explicit both(std::size_t n) : all(n) {
        for (auto& w : all) idle.push_back(&w);
    }

    time_point soon(int within) {
        return time_point{} + static_cast<int>(random() % 64) % within * 1ns;
    }

    void push() {
        if (idle.empty()) return;
        auto& w = *idle.back();
        idle.pop_back();
        constexpr int priorities[] = {std::numeric_limits<int>::min(), -1, 0, 5,
                                      std::numeric_limits<int>::max()};
        w.priority = priorities[random() % 5];
        w.deadline = random() % 4 == 0 ? bide::never : soon(32);
        w.turn = ++turn;
        queue.push(w);
        expected.push(w);
    }
    void remove() {
        auto& w = all[random() % all.size()];
        if (!queue.holds(w)) return;
        queue.remove(w);
        expected.remove(w);
        forget(w);
    }
    void pop() {
        auto* const next = expected.top();
        wrong += queue.top() != next ? 1 : 0;
        if (next != nullptr && turn % 2 == 0)
            queue.go(*next);
        else
            wrong += queue.pop() != next ? 1 : 0;
        if (next == nullptr) return;
        expected.go(*next);
        forget(*next);
    }
    void expire() {
        const auto now = soon(8);
        auto* const late = queue.pop_expired(now);
        wrong += (late == nullptr) != (expected.next_deadline() > now) ? 1 : 0;
        if (late == nullptr) return;
        wrong += late->deadline > now ? 1 : 0;
        expected.remove(*late);
        forget(*late);
    }
    void forget(waiter& w) {
        wrong += queue.holds(w) || w.place != scheduled::nowhere ? 1 : 0;
        idle.push_back(&w);
    }

    bide::splitmix64 random{3};
    std::vector<waiter> all;
    std::vector<waiter*> idle{};
    std::uint64_t turn = 0;
    ready_queue<waiter> queue{};
    model expected{};
    int wrong = 0;
};

}  // namespace

TEST_CASE("ready_queue: is sets and a rule, whatever comes",
          "[curl][engine][ready_queue][property]") {
    both b{600};
    std::size_t most = 0;
    for (int step = 0; step != 100000; ++step) {
        const auto n = b.random() % 16;
        const auto fills = step / 4000 % 2 == 0;
        if (n < (fills ? 9U : 4U))
            b.push();
        else if (n < 11)
            b.remove();
        else if (n < 12)
            b.expire();
        else
            b.pop();
        most = std::max(most, b.queue.size());
        if (step % 16 == 0) {
            REQUIRE(b.queue.size() == b.expected.size());
            REQUIRE(b.queue.empty() == (b.queue.top() == nullptr));
            REQUIRE(b.queue.next_deadline() == b.expected.next_deadline());
        }
        if (step % 1000 == 0) {
            std::size_t seen = 0;
            b.queue.for_each([&](waiter& w) { seen += b.queue.holds(w) ? 1U : 0U; });
            REQUIRE(seen == b.expected.size());
        }
        REQUIRE(b.wrong == 0);
    }
    CHECK(most > 300);
    CHECK(b.expected.most_passed == 7);
}

TEST_CASE("ready_queue: priority, then deadline, then turn", "[curl][engine][ready_queue]") {
    ready_queue<waiter> queue;
    CHECK(queue.top() == nullptr);
    CHECK(queue.pop() == nullptr);
    CHECK(queue.next_deadline() == bide::never);
    CHECK(queue.pop_expired(bide::never) == nullptr);

    const time_point t{1h};
    std::vector<waiter> in_order(5);
    const auto tell = [&](std::size_t i, int priority, time_point deadline, std::uint64_t turn) {
        in_order[i].priority = priority;
        in_order[i].deadline = deadline;
        in_order[i].turn = turn;
    };
    tell(0, 1, t + 1ns, 9);
    tell(1, 1, bide::never, 2);
    tell(2, 1, bide::never, 3);
    tell(3, -1, t, 1);
    tell(4, -1, t, 4);
    for (auto i = in_order.size(); i-- != 0;) queue.push(in_order[i]);
    CHECK(queue.next_deadline() == t);

    timer_heap<waiter> timers;
    CHECK_FALSE(timers.holds(in_order[0]));
    for (auto& w : in_order) {
        CHECK(queue.top() == &w);
        CHECK(queue.pop() == &w);
        timers.push(w, t);
        CHECK_FALSE(queue.holds(w));
    }
}

// The lower of two gets an eighth, the lowest of three an eighth and the next an eighth of the
// rest.
TEST_CASE("ready_queue: nobody starves", "[curl][engine][ready_queue]") {
    std::vector<waiter> all(3000);
    ready_queue<waiter> queue;
    const auto shares = [&](int priorities) {
        while (queue.pop() != nullptr) {
        }
        for (std::size_t i = 0; i != all.size(); ++i) {
            all[i].priority = static_cast<int>(i) % priorities;
            all[i].turn = i;
            queue.push(all[i]);
        }
        std::vector<int> went(static_cast<std::size_t>(priorities));
        for (int i = 0; i != 512; ++i) ++went[static_cast<std::size_t>(queue.pop()->priority)];
        return went;
    };
    CHECK(shares(1) == std::vector<int>{512});
    CHECK(shares(2) == std::vector<int>{64, 448});
    CHECK(shares(3) == std::vector<int>{64, 56, 392});

    // Who comes back with another key, and was alone, has not waited in vain.
    waiter& low = all[0];
    while (queue.pop() != nullptr) {
    }
    for (std::size_t i = 0; i != all.size(); ++i) {
        all[i].priority = i == 0 ? -1 : 0;
        queue.push(all[i]);
    }
    for (int i = 0; i != 7; ++i) {
        REQUIRE(queue.top() != &low);
        queue.go(*queue.top());
        queue.remove(low);
        low.deadline -= 1ns;
        queue.push(low);
    }
    CHECK(queue.top() == &low);
}

TEST_CASE("ready_queue: holds little memory, after a burst again", "[curl][engine][ready_queue]") {
    std::vector<waiter> all(10000);
    ready_queue<waiter> queue;
    const auto push_all = [&](int priorities) {
        for (std::size_t i = 0; i != all.size(); ++i) {
            all[i].priority = static_cast<int>(i) % priorities;
            all[i].turn = i;
            queue.push(all[i]);
        }
    };
    push_all(3);
    CHECK(queue.capacity() <= all.size() * 16 / 10);
    while (queue.pop() != nullptr) {
    }
    CHECK(queue.capacity() <= 3 * 64);

    push_all(100);
    for (auto& w : all) queue.remove(w);
    CHECK(queue.capacity() <= 8 * 64);
    push_all(2);
    CHECK(queue.size() == all.size());
}
