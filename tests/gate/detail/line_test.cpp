// SPDX-License-Identifier: MIT
#include <bide/gate/detail/line.hpp>

#include "support/catch.hpp"

#include <bide/random.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

using bide::gate_request;
using bide::never;
using bide::ticket;
using bide::time_point;
using bide::detail::line;

namespace {

struct waiter {
    int woken = 0;
    ticket place{[](void* its) noexcept { ++*static_cast<int*>(its); }, &woken};
};

/// The rule once more, by sorting.
class model {
public:
    struct entry {
        std::size_t who;
        gate_request request;
        std::uint64_t turn;
    };

    [[nodiscard]] bool has(std::size_t who) const { return find(who) != by_age_.end(); }

    void join(std::size_t who, const gate_request& request) {
        if (turns_[who] == 0) turns_[who] = next_++;
        if (has(who))
            std::find_if(by_age_.begin(), by_age_.end(), [&](auto& e) {
                return e.who == who;
            })->request = request;
        else
            by_age_.push_back({who, request, turns_[who]});
    }

    void leave(std::size_t who) {
        const auto found = find(who);
        if (found == by_age_.end()) return;
        if (found == by_age_.begin()) passed_ = 0;
        by_age_.erase(found);
    }

    void go(std::size_t who) {
        if (!by_age_.empty()) ++passed_;
        leave(who);
    }

    [[nodiscard]] std::vector<entry> order() const {
        auto all = by_age_;
        std::sort(all.begin(), all.end(), before);
        if (passed_ >= line::patience && !all.empty()) {
            const auto oldest = std::find_if(all.begin(), all.end(),
                                             [&](auto& e) { return e.who == by_age_.front().who; });
            std::rotate(all.begin(), oldest, oldest + 1);
        }
        return all;
    }

    [[nodiscard]] std::uint64_t ahead_of(std::size_t who, const gate_request& request) const {
        const entry its{who, request, turns_[who] != 0 ? turns_[who] : next_};
        std::uint64_t sum = 0;
        auto first = passed_ >= line::patience;  // then the first in order goes before everybody
        for (const auto& e : order()) {
            if (e.who == who) break;
            if (!first && !before(e, its)) break;
            first = false;
            sum += e.request.cost;
        }
        return sum;
    }

private:
    static bool before(const entry& a, const entry& b) {
        const auto rank = [](const entry& e) {
            return std::pair{-e.request.priority, e.request.attempt > 1 ? 0 : 1};
        };
        return std::pair{rank(a), a.turn} < std::pair{rank(b), b.turn};
    }
    [[nodiscard]] std::vector<entry>::const_iterator find(std::size_t who) const {
        return std::find_if(by_age_.begin(), by_age_.end(),
                            [&](const entry& e) { return e.who == who; });
    }

    std::vector<entry> by_age_;
    std::array<std::uint64_t, 40> turns_{};
    std::uint64_t next_ = 1;
    std::uint64_t passed_ = 0;
};

}  // namespace

TEST_CASE("line: keeps the order that its rule says", "[gate][line]") {
    std::array<waiter, 40> waiters;
    line the_line;
    model expected;
    bide::splitmix64 random{7};
    const auto below = [&](std::uint64_t n) { return random() % n; };

    for (auto i = 0; i < 6000; ++i) {
        const auto who = static_cast<std::size_t>(below(waiters.size()));
        auto& t = waiters[who].place;
        const gate_request request{.attempt = 1 + below(2),
                                   .cost = 1 + below(5),
                                   .priority = static_cast<int>(below(3)) - 1};
        const auto what = below(10);
        if (t.queued || what < 7) {
            if (t.queued) expected.join(who, request);  // `ahead_of` changes places, too
            REQUIRE(the_line.ahead_of(t, request) == expected.ahead_of(who, request));
        }
        if (what < 5) {
            the_line.join(t, request);
            expected.join(who, request);
        } else if (what < 7) {
            the_line.go(t);
            expected.go(who);
        } else if (what < 9 && the_line.head() != nullptr) {
            auto& head = *the_line.head();
            expected.go(
                static_cast<std::size_t>(std::find_if(waiters.begin(), waiters.end(),
                                                      [&](auto& w) { return &w.place == &head; }) -
                                         waiters.begin()));
            the_line.go(head);
        } else {
            the_line.leave(t);
            expected.leave(who);
        }

        const auto order = expected.order();
        REQUIRE(the_line.size() == order.size());
        REQUIRE(the_line.empty() == order.empty());
        std::uint64_t cost = 0;
        for (const auto& e : order) {
            REQUIRE(waiters[e.who].place.queued);
            REQUIRE(the_line.ahead_of(waiters[e.who].place, e.request) == cost);
            cost += e.request.cost;
        }
        REQUIRE(the_line.cost() == cost);
        REQUIRE(the_line.head() == (order.empty() ? nullptr : &waiters[order[0].who].place));
    }
}

TEST_CASE("line: nobody starves", "[gate][line]") {
    line the_line;
    std::array<waiter, 2> patient;
    std::vector<waiter> rude(20);
    for (auto& p : patient) the_line.join(p.place, {.priority = -5});
    auto granted = 0;
    for (auto& r : rude) {
        the_line.join(r.place, {.attempt = 2, .priority = 9});
        auto& head = *the_line.head();
        the_line.go(head);
        ++granted;
        if (&head == &patient[0].place) CHECK(granted == 8);  // the seventh in a row was before it
        if (&head == &patient[1].place) CHECK(granted == 16);
    }
    CHECK_FALSE(patient[0].place.queued);
    CHECK_FALSE(patient[1].place.queued);
    while (the_line.head() != nullptr) the_line.go(*the_line.head());
}

TEST_CASE("line: wakes the head once, if it was told a later time", "[gate][line]") {
    line the_line;
    CHECK(the_line.rouse(time_point{}) == nullptr);
    waiter a, b;
    the_line.join(a.place, {});
    the_line.join(b.place, {});
    const auto answer = line::tell(a.place, time_point{bide::duration{10}}, "why");
    CHECK(answer.until == time_point{bide::duration{10}});
    CHECK(answer.may_open_early);
    CHECK(the_line.rouse(time_point{bide::duration{10}}) == nullptr);
    CHECK(the_line.rouse(time_point{bide::duration{9}}) == &a.place);
    CHECK(the_line.rouse(time_point{bide::duration{8}}) == nullptr);  // it is on its way
    line::wake(&a.place);
    CHECK(a.woken == 1);
    (void)line::tell(a.place, never, "why");  // it asked, in vain
    CHECK(the_line.rouse(never) == nullptr);
    CHECK(the_line.rouse(time_point::min()) == &a.place);
    line::wake(&a.place);
    line::wake(nullptr);
    CHECK(a.woken == 2);

    (void)line::tell(b.place, never, "why");
    the_line.leave(a.place);  // woken, but it goes away
    CHECK(the_line.rouse(time_point{}) == &b.place);
    line::wake(&b.place);
    the_line.leave(b.place);
    the_line.leave(b.place);
    CHECK(the_line.empty());
}

TEST_CASE("line: costs that add up to more than a number holds", "[gate][line]") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    line the_line;
    std::array<waiter, 3> w;
    for (auto& it : w) the_line.join(it.place, {.cost = most - 1});
    CHECK(the_line.cost() == most);
    CHECK(the_line.ahead_of(w[1].place, {.cost = most - 1}) == most - 1);
    CHECK(the_line.ahead_of(w[2].place, {.cost = most - 1}) == most);
    the_line.leave(w[0].place);
    CHECK(the_line.ahead_of(w[2].place, {.cost = most - 1}) == most - 1);
    for (auto& it : w) the_line.leave(it.place);
}
