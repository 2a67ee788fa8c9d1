// SPDX-License-Identifier: MIT
#include "gateway/limiter.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <random>

using namespace std::chrono_literals;
using gateway::algorithm;
using gateway::limiter;

namespace {

constexpr gateway::instant start{1000h};

/// How many of `n` requests at the same instant pass.
std::uint32_t burst(limiter& rule, gateway::instant now, int n) {
    std::uint32_t passed = 0;
    for (int i = 0; i < n; ++i)
        if (rule.take(now).accepted) ++passed;
    return passed;
}

}  // namespace

TEST_CASE("limiter: a limit of 0 lets everything pass", "[gateway][limiter]") {
    limiter rule{algorithm::sliding, 0, 1s, start};
    CHECK(burst(rule, start, 1000) == 1000);
}

TEST_CASE("limiter: fixed windows are aligned to the start", "[gateway][limiter]") {
    limiter rule{algorithm::fixed, 3, 1s, start};
    CHECK(burst(rule, start + 999ms, 5) == 3);
    CHECK(rule.peek(start + 999ms).more_in == 1ms);
    CHECK(burst(rule, start + 1s, 5) == 3);  // the known weakness: six in one millisecond
    CHECK_FALSE(rule.take(start + 2s - 1ns).accepted);
    CHECK(rule.take(start + 2s).accepted);
    CHECK(rule.take(start + 90s).remaining == 2);  // windows without requests are skipped
}

TEST_CASE("limiter: a sliding window forgets exactly after its length", "[gateway][limiter]") {
    limiter rule{algorithm::sliding, 2, 1s, start};
    CHECK(rule.take(start).remaining == 1);
    CHECK(rule.take(start + 400ms).remaining == 0);
    const auto full = rule.take(start + 999ms);
    CHECK_FALSE(full.accepted);
    CHECK(full.more_in == 1ms);
    CHECK_FALSE(rule.take(start + 1s - 1ns).accepted);
    CHECK(rule.take(start + 1s).accepted);
    CHECK(rule.peek(start + 1s).more_in == 400ms);
    CHECK_FALSE(rule.take(start + 1399ms).accepted);
    CHECK(rule.take(start + 1400ms).accepted);
}

TEST_CASE("limiter: a bucket allows a burst of the limit, then one per interval",
          "[gateway][limiter]") {
    limiter rule{algorithm::bucket, 4, 1s, start};
    CHECK(burst(rule, start, 9) == 4);
    CHECK(rule.peek(start).more_in == 250ms);
    CHECK_FALSE(rule.take(start + 250ms - 1ns).accepted);
    CHECK(burst(rule, start + 250ms, 9) == 1);
    CHECK(burst(rule, start + 750ms, 9) == 2);
    CHECK(burst(rule, start + 60s, 9) == 4);  // never more than the limit saved up
}

TEST_CASE("limiter: concurrency counts what is in flight", "[gateway][limiter]") {
    limiter rule{algorithm::concurrency, 2, 1s, start};
    CHECK(burst(rule, start, 5) == 2);
    CHECK_FALSE(rule.take(start + 100s).accepted);  // time does not help
    rule.give_back();
    CHECK(burst(rule, start + 100s, 5) == 1);
}

TEST_CASE("limiter: rejected requests consume nothing", "[gateway][limiter]") {
    const auto how = GENERATE(algorithm::fixed, algorithm::sliding, algorithm::bucket);
    limiter asked{how, 5, 1s, start};
    limiter quiet{how, 5, 1s, start};
    burst(asked, start + 10ms, 5);
    burst(quiet, start + 10ms, 5);
    CHECK(burst(asked, start + 10ms, 100) == 0);
    CHECK(burst(asked, start + 700ms, 10) == burst(quiet, start + 700ms, 10));
    CHECK(burst(asked, start + 1300ms, 10) == burst(quiet, start + 1300ms, 10));
}

TEST_CASE("limiter: peek agrees with take and changes nothing", "[gateway][limiter]") {
    const auto how =
        GENERATE(algorithm::fixed, algorithm::sliding, algorithm::bucket, algorithm::concurrency);
    limiter rule{how, 7, 1s, start};
    std::mt19937_64 random{1};
    auto now = start;
    for (int i = 0; i < 2000; ++i) {
        now += std::chrono::microseconds{random() % 200'000};
        const auto before = rule.peek(now);
        const auto again = rule.peek(now);
        CHECK(before.remaining == again.remaining);
        const auto taken = rule.take(now);
        CHECK(taken.accepted == before.accepted);
        CHECK(before.accepted == (before.remaining > 0));
        if (taken.accepted) CHECK(taken.remaining == before.remaining - 1);
        if (how == algorithm::concurrency && taken.accepted && i % 3 == 0) rule.give_back();
    }
}

TEST_CASE("limiter: another limit holds from then on, and what was used stays used",
          "[gateway][limiter]") {
    const auto how = GENERATE(algorithm::fixed, algorithm::sliding);
    limiter rule{how, 10, 1s, start};
    CHECK(burst(rule, start, 8) == 8);
    CHECK(rule.peek(start).limit == 10);
    rule.set_limit(4, start + 1ms);
    const auto over = rule.peek(start + 1ms);
    CHECK(over.limit == 4);
    CHECK(over.remaining == 0);
    CHECK_FALSE(over.accepted);
    CHECK(over.more_in == 999ms);
    CHECK(burst(rule, start + 1ms, 9) == 0);
    CHECK(burst(rule, start + 1s, 9) == 4);
    rule.set_limit(6, start + 1s);
    CHECK(burst(rule, start + 1s, 9) == 2);
}

TEST_CASE("limiter: a smaller sliding window frees a slot when enough have expired",
          "[gateway][limiter]") {
    limiter rule{algorithm::sliding, 3, 1s, start};
    for (const auto at : {0ms, 100ms, 200ms}) CHECK(rule.take(start + at).accepted);
    rule.set_limit(2, start + 300ms);
    CHECK(rule.peek(start + 300ms).more_in == 800ms);
    CHECK_FALSE(rule.take(start + 1100ms - 1ns).accepted);
    CHECK(rule.take(start + 1100ms).accepted);
}

TEST_CASE("limiter: a bucket keeps its tokens and fills at the new rate", "[gateway][limiter]") {
    limiter rule{algorithm::bucket, 8, 1s, start};
    CHECK(burst(rule, start, 5) == 5);
    rule.set_limit(2, start);
    CHECK(burst(rule, start, 9) == 2);
    CHECK(rule.peek(start).more_in == 500ms);
    CHECK(burst(rule, start + 500ms, 9) == 1);
    rule.set_limit(10, start + 500ms);
    CHECK(burst(rule, start + 600ms, 9) == 1);
    limiter flying{algorithm::concurrency, 3, 1s, start};
    CHECK(burst(flying, start, 9) == 3);
    flying.set_limit(1, start);
    CHECK(flying.peek(start).remaining == 0);
    flying.give_back();
    flying.give_back();
    CHECK_FALSE(flying.take(start).accepted);
    flying.give_back();
    CHECK(burst(flying, start, 9) == 1);
}

TEST_CASE("limiter: more_in is exact", "[gateway][limiter]") {
    const auto how = GENERATE(algorithm::fixed, algorithm::sliding, algorithm::bucket);
    const auto limit = GENERATE(as<std::uint32_t>{}, 1, 3, 50);  // 3: 1 s / 3 is no whole number
    limiter rule{how, limit, 1s, start};
    std::mt19937_64 random{2};
    auto now = start;
    for (int i = 0; i < 3000; ++i) {
        now += std::chrono::microseconds{random() % 20'000};
        const auto taken = rule.take(now);
        if (taken.accepted) continue;
        REQUIRE(taken.more_in > 0ns);
        CHECK_FALSE(rule.peek(now + taken.more_in - 1ns).accepted);
        CHECK(rule.peek(now + taken.more_in).accepted);
    }
}

TEST_CASE("limiter: a sliding window never exceeds the limit in any window", "[gateway][limiter]") {
    limiter rule{algorithm::sliding, 10, 1s, start};
    std::mt19937_64 random{3};
    std::deque<gateway::instant> accepted;
    auto now = start;
    for (int i = 0; i < 5000; ++i) {
        now += std::chrono::microseconds{random() % 60'000};
        if (!rule.take(now).accepted) continue;
        accepted.push_back(now);
        while (accepted.front() <= now - 1s) accepted.pop_front();
        REQUIRE(accepted.size() <= 10);
    }
}
