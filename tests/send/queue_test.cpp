// SPDX-License-Identifier: MIT
#include "send/queue.hpp"

#include "send/places.hpp"

#include "support/catch.hpp"

#include <bide/random.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using sender::pace;

namespace {

constexpr bide::time_point start{1h};
const sender::identity who{.from = "A"};
const sender::pace_gate unpaced{pace{}};

std::vector<sender::message> from(const std::string& senders) {
    std::vector<sender::message> all;
    for (const char c : senders)
        all.push_back({"m", "1", "x", c == '-' ? std::string{} : std::string{c}});
    return all;
}

/// A try that the gate of its sender lets through; false if it has to wait.
bool passes(const sender::queue::offer& o, bide::time_point now) {
    bide::ticket t{[](void*) noexcept {}, nullptr};
    const auto answer = o.gate->ask(t, {}, now);
    if (answer.says_go())
        o.gate->finish(t, {}, now);
    else
        o.gate->give_back(t, now);
    return answer.says_go();
}

bool is_over(sender::queue& q, bide::time_point now) {
    const auto o = q.next(now);
    return !o.message && o.until == bide::never;
}

}  // namespace

TEST_CASE("queue: without a limit per sender the order is that of the file", "[send][queue]") {
    const auto all = from("ABAC");
    sender::queue q{all, who, {}, unpaced};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto o = q.next(start);
        CHECK(o.message == i);
        CHECK(passes(o, start));
    }
    CHECK(is_over(q, start));
}

TEST_CASE("queue: who has no turn is passed over, and comes back in time", "[send][queue]") {
    const auto all = from("A-ABB");  // "-" is of A, too
    sender::queue q{all, who, {.how = pace::kind::fixed, .per_s = 2}, unpaced};
    const auto first = q.next(start);
    CHECK(first.message == 0U);
    CHECK(passes(first, start));
    CHECK(q.next(start + 1ms).message == 3U);
    CHECK_FALSE(q.next(start + 2ms).message);
    CHECK(q.next(start + 2ms).until == start + 500ms);
    const auto second = q.next(start + 500ms);
    CHECK(second.message == 1U);
    CHECK(second.gate == first.gate);

    // A retry of the first one took the turn of the third.
    CHECK(passes(first, start + 600ms));
    CHECK(q.next(start + 1s).message == 4U);
    CHECK(q.next(start + 1s).until == start + 1100ms);
    CHECK(q.next(start + 1100ms).message == 2U);
    CHECK(is_over(q, start + 2s));
}

TEST_CASE("queue: nobody is sent into a long line at the gate of the run", "[send][queue]") {
    const auto all = from("ABCD");
    sender::pace_gate slow{pace{.how = pace::kind::fixed, .per_s = 0.5}};
    sender::queue q{all, who, {}, slow};
    CHECK(q.next(start).message == 0U);
    CHECK(q.next(start).until == start + 1s);  // before it has asked the gate
    CHECK(passes({.gate = &slow}, start));
    CHECK(q.next(start + 999ms).until == start + 1s);
    CHECK(q.next(start + 1s).message == 1U);
    CHECK(q.next(start + 1s).until == start + 3s);
    CHECK(passes({.gate = &slow}, start + 2s));
    CHECK(passes({.gate = &slow}, start + 4s));  // a retry
    CHECK(q.next(start + 4s).until == start + 5s);
    CHECK(q.next(start + 9s).message == 2U);
    CHECK(q.next(start + 10s).message == 3U);
    CHECK(is_over(q, start + 10s));
}

TEST_CASE("queue: nothing is handed out after the rest was taken", "[send][queue]") {
    const auto all = from("AABABC");
    sender::queue q{all, who, {.how = pace::kind::fixed, .per_s = 1}, unpaced};
    CHECK(q.next(start).message == 0U);
    CHECK(q.next(start).message == 2U);
    auto rest = q.take_rest();
    std::sort(rest.begin(), rest.end());
    CHECK(rest == std::vector<std::size_t>{1, 3, 4, 5});
    CHECK(q.take_rest().empty());
    CHECK(is_over(q, start + 1h));
}

TEST_CASE("queue: each message once, at the pace of its sender, and nobody waits in vain",
          "[send][queue]") {
    bide::splitmix64 random{7};
    std::string senders;
    for (int i = 0; i < 600; ++i) senders += static_cast<char>('A' + random() % 5 * (random() % 2));
    const auto all = from(senders);  // A has the most: 60 %
    sender::queue q{all, who, {.how = pace::kind::fixed, .per_s = 10}, unpaced};
    std::vector<int> times(all.size());
    std::map<std::string, bide::time_point> last;
    auto now = start;
    for (;;) {
        const auto o = q.next(now);
        if (!o.message) {
            if (o.until == bide::never) break;
            REQUIRE(o.until > now);
            now = o.until;
            continue;
        }
        const auto& its = all[*o.message].from;
        CHECK((!last.contains(its) || now - last[its] >= 100ms));
        CHECK(passes(o, now));
        last[its] = now;
        ++times[*o.message];
    }
    CHECK(std::count(times.begin(), times.end(), 1) == 600);
    // As long as the sender with the most messages takes by itself.
    CHECK(now - start == (std::count(senders.begin(), senders.end(), 'A') - 1) * 100ms);
}

TEST_CASE("places: as many as there are, and each comes back when it may", "[send][queue]") {
    std::stop_source stop;
    const auto token = stop.get_token();
    const auto now = std::chrono::steady_clock::now;
    sender::places two{2};
    CHECK(two.wait_for_all(token, bide::never));
    REQUIRE(two.take(token));
    REQUIRE(two.take(token));
    CHECK_FALSE(two.wait_for_all(token, now()));
    const auto later = now() + 5ms;
    two.give_back(later);
    CHECK(two.take(token));
    CHECK(now() >= later);
    two.give_back(bide::never);  // one is left
    two.give_back(now());
    CHECK(two.wait_for_all(token, bide::never));
    CHECK(two.take(token));
    two.give_back(bide::never);
    CHECK_FALSE(two.take(token));  // and now none

    sender::places one{1};
    CHECK(one.take(token));
    stop.request_stop();
    CHECK_FALSE(one.take(token));
    CHECK_FALSE(one.wait_for_all(token, bide::never));
    one.give_back(now());
    CHECK_FALSE(one.take(token));
}

TEST_CASE("pace: never more than so many in a second, and late ones are made up for",
          "[send][queue]") {
    for (const double per_s : {0.4, 1.0, 99.0, 250.0, 1e6}) {
        CAPTURE(per_s);
        const pace p{.how = pace::kind::fixed, .per_s = per_s};
        sender::pace_gate gate{p};
        const auto go = [&](bide::time_point at) { return passes({.gate = &gate}, at); };
        const auto gap = sender::gap_of(p);
        CHECK(static_cast<double>(gap.count()) * per_s >= 1e9);
        // After a pause, as many as can: at once, then one in each gap.
        const auto burst = static_cast<int>(per_s / 100) + 1;
        int sent = 0;
        while (sent < 20'000 && go(start)) ++sent;
        CHECK(sent == burst);
        const auto second = static_cast<double>(std::chrono::nanoseconds{1s} / gap);
        CHECK(burst - 1 + second <= std::max(per_s, 1.0));
        CHECK_FALSE(go(start + gap - 1ns));
        CHECK(go(start + gap));
        CHECK(gate.opens(start + gap) == start + 2 * gap);
    }
    CHECK(sender::pace_gate{pace{}}.opens(start) == start);
    CHECK(sender::pace_gate{pace{}}.found() == 0);
    CHECK(sender::pace_gate{pace{.how = pace::kind::found}}.found() == 20);
    CHECK(sender::pace_gate{pace{.how = pace::kind::found, .per_s = 30}}.found() == 30);
    CHECK(sender::pace_gate{pace{.how = pace::kind::found, .per_s = 1e6}}.found() == 0);
}
