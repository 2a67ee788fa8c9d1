// SPDX-License-Identifier: MIT
#include <bide/gate/ticket.hpp>

#include "support/catch.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <type_traits>

using bide::ticket;

namespace {

static_assert(!std::is_copy_constructible_v<ticket>);
static_assert(!std::is_move_constructible_v<ticket>);
static_assert(!std::is_copy_assignable_v<ticket>);

void count(void* owner) noexcept { ++*static_cast<std::atomic<int>*>(owner); }

}  // namespace

TEST_CASE("ticket: starts without notes", "[gate][ticket]") {
    std::atomic<int> woken = 0;
    const ticket t{count, &woken};
    CHECK_FALSE(t.queued);
    CHECK_FALSE(t.granted);
    CHECK(t.cost == 0);
    CHECK(t.line.turn == 0);
}

TEST_CASE("ticket: a wake-up reaches its owner", "[gate][ticket]") {
    std::atomic<int> woken = 0;
    ticket t{count, &woken};
    t.will_wake();
    t.wake();
    CHECK(woken == 1);
    t.will_wake();
    t.will_wake();
    t.wake();
    t.wake();
    CHECK(woken == 3);
}

TEST_CASE("ticket: lives until the wake-up that is on its way", "[gate][ticket][threads]") {
    for (auto i = 0; i < 200; ++i) {
        std::atomic<int> woken = 0;
        std::atomic<bool> promised = false;
        auto t = std::make_unique<ticket>(count, &woken);
        std::thread waker{[&promised, p = t.get()] {
            p->will_wake();
            promised = true;
            p->wake();
        }};
        while (!promised) std::this_thread::yield();
        t.reset();  // must not return before `wake` is over
        CHECK(woken == 1);
        waker.join();
    }
}
