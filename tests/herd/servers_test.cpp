// SPDX-License-Identifier: MIT
#include <bide/testing/failing_servers.hpp>
#include <bide/testing/limiting_servers.hpp>
#include <bide/testing/network.hpp>
#include <bide/testing/occ_server.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

using bide::duration;
using bide::time_point;
using namespace bide::simulated;
using namespace std::chrono_literals;

namespace {

time_point at(duration d) { return time_point{d}; }

/// What becomes of requests at these instants: `+` accepted, `-` throttled, `!` overloaded.
template <class Server>
std::string serve(Server& server, const std::vector<duration>& instants) {
    std::string signs;
    for (const auto instant : instants) {
        visit v{};
        const auto found = server.serve(v, at(instant)).found;
        signs += found.verdict == bide::verdict::success     ? '+'
                 : found.verdict == bide::verdict::throttled ? '-'
                                                             : '!';
    }
    return signs;
}

template <class Server>
limited_answer answer_at(Server& server, duration instant) {
    visit v{};
    return server.serve(v, at(instant));
}

}  // namespace

TEST_CASE("fixed_window: so many in a window, which the first request begins", "[herd][servers]") {
    fixed_window server{{.limit = 2, .window = 1s}};
    CHECK(serve(server, {100ms, 200ms, 300ms, 1099ms}) == "++--");
    CHECK(serve(server, {1100ms, 2000ms, 2001ms, 2100ms}) == "++-+");
}

TEST_CASE("sliding_window: so many in any span", "[herd][servers]") {
    sliding_window server{{.limit = 2, .window = 1s}};
    CHECK(serve(server, {100ms, 900ms, 1099ms, 1100ms, 1200ms, 1899ms, 1900ms}) == "++-+--+");
}

TEST_CASE("token_bucket: a burst, then a rate; refusals cost nothing", "[herd][servers]") {
    token_bucket server{{.rate = 10, .burst = 3}};
    CHECK(serve(server, {0s, 0s, 0s, 0s, 99ms, 100ms, 150ms, 200ms}) == "+++--+-+");
    CHECK(serve(server, {10s, 10s, 10s, 10s}) == "+++-");
}

TEST_CASE("concurrency: so many at a time", "[herd][servers]") {
    concurrency server{{.limit = 2, .takes = 1s}};
    CHECK(serve(server, {0s, 500ms, 999ms, 1s, 1499ms, 1500ms}) == "++-+-+");
}

TEST_CASE("limiting servers: what they tell", "[herd][servers]") {
    fixed_window silent{{.limit = 1, .window = 90s, .tells = tells::nothing}};
    CHECK(answer_at(silent, 0s).quotas().empty());
    CHECK_FALSE(answer_at(silent, 1s).found.hint);

    fixed_window terse{{.limit = 1, .window = 90s, .tells = tells::wait}};
    CHECK_FALSE(answer_at(terse, 0s).found.hint);
    CHECK(answer_at(terse, 500ms).found.hint == bide::maybe<duration>{90s});  // rounded up
    CHECK(answer_at(terse, 1s).quotas().empty());
    CHECK(answer_at(terse, 1s).found.status == 429);

    sliding_window open{{.limit = 2, .window = 90s, .tells = tells::quota}};
    CHECK(answer_at(open, 0s).left->remaining == 1);
    CHECK(answer_at(open, 30s).left->remaining == 0);
    const auto refused = answer_at(open, 40s);
    CHECK(refused.found.hint == bide::maybe<duration>{50s});
    REQUIRE(refused.quotas().size() == 1);
    CHECK(refused.quotas()[0].limit == 2);
    CHECK(refused.quotas()[0].remaining == 0);
    CHECK(refused.quotas()[0].reset == 50'000ms);
    CHECK(refused.quotas()[0].window == 90'000ms);

    token_bucket bucket{{.rate = 1, .burst = 3, .tells = tells::quota}};
    CHECK(answer_at(bucket, 0s).left->remaining == 2);
    CHECK(answer_at(bucket, 0s).left->remaining == 1);
    CHECK(answer_at(bucket, 0s).left->remaining == 0);
    CHECK(answer_at(bucket, 0s).found.hint == bide::maybe<duration>{1s});
    CHECK(answer_at(bucket, 2500ms).left->remaining == 1);
}

TEST_CASE("metastable_server: in order, slower the fuller it is, and then full",
          "[herd][servers]") {
    metastable_server server{{.rate = 10, .queue = 4, .slower = 2}};
    visit v{};
    CHECK(server.serve(v, at(0s)).takes == 100ms);
    CHECK(server.serve(v, at(0s)).takes == 250ms);  // 50 % more with a quarter of the queue full
    CHECK(server.serve(v, at(50ms)).takes == 400ms);
    CHECK(server.waiting() == 3);
    CHECK(serve(server, {50ms, 50ms, 99ms, 100ms, 100ms}) == "+!!+!");
    CHECK(server.serve(v, at(1h)).takes == 100ms);
}

TEST_CASE("failing_server: outages, loud and silent", "[herd][servers]") {
    failing_server server{concurrency{{.limit = 9, .takes = 1s}},
                          {{.begins = at(1s), .ends = at(2s)},
                           {.begins = at(5s), .ends = at(6s), .found = throttled, .silent = true}}};
    CHECK(serve(server, {999ms, 1s, 1999ms, 2s, 4999ms, 5s, 6s}) == "+!!++-+");
    visit v{};
    CHECK(server.serve(v, at(1500ms)).takes == 0s);
    CHECK(server.serve(v, at(5500ms)).takes == duration::max());
    CHECK(server.serve(v, at(9s)).takes == 1s);
}

TEST_CASE("delays: bounds, mean and deviation", "[herd][network]") {
    bide::splitmix64 dice{1};
    uniform_delay between{{.least = 10ms, .most = 30ms}};
    normal_delay around{{.mean = 10ms, .deviation = 2ms}};
    normal_delay folded{{.mean = 0ms, .deviation = 1ms}};
    constexpr auto draws = 20'000;
    int outside = 0;
    double sum = 0;
    double normal_sum = 0;
    double normal_squares = 0;
    double folded_sum = 0;
    for (int i = 0; i < draws; ++i) {
        const auto u = between(dice);
        outside += u < 10ms || u > 30ms ? 1 : 0;
        sum += std::chrono::duration<double, std::milli>{u}.count();
        const auto x = std::chrono::duration<double, std::milli>{around(dice)}.count();
        normal_sum += x;
        normal_squares += (x - 10) * (x - 10);
        const auto f = std::chrono::duration<double, std::milli>{folded(dice)}.count();
        outside += f < 0 ? 1 : 0;
        folded_sum += f;
    }
    CHECK(outside == 0);
    // Four standard errors each.
    CHECK(sum / draws == Catch::Approx(20).margin(0.17));
    CHECK(normal_sum / draws == Catch::Approx(10).margin(0.057));
    CHECK(std::sqrt(normal_squares / draws) == Catch::Approx(2).margin(0.04));
    CHECK(folded_sum / draws == Catch::Approx(0.7979).margin(0.018));  // sqrt(2 / pi)
    CHECK(uniform_delay{{.least = 5ms, .most = 5ms}}(dice) == 5ms);
}

TEST_CASE("servers and delays: settings without a meaning", "[herd][servers][errors]") {
    CHECK_THROWS_WITH(fixed_window({.limit = 0}), "bide::fixed_window: limit must be >= 1, got 0");
    CHECK_THROWS_WITH(fixed_window({.window = 0s}),
                      "bide::fixed_window: window must be > 0, got 0s");
    CHECK_THROWS_WITH(sliding_window({.limit = 0}),
                      "bide::sliding_window: limit must be >= 1, got 0");
    CHECK_THROWS_WITH(sliding_window({.window = -1s}),
                      "bide::sliding_window: window must be > 0, got -1s");
    CHECK_THROWS_WITH(token_bucket({.rate = 0}),
                      "bide::token_bucket: rate must be 1 to 1000000000, got 0");
    CHECK_THROWS_WITH(token_bucket({.burst = 1'000'000'001}),
                      "bide::token_bucket: burst must be 1 to 1000000000, got 1000000001");
    CHECK_THROWS_WITH(concurrency({.limit = 0}), "bide::concurrency: limit must be >= 1, got 0");
    CHECK_THROWS_WITH(concurrency({.takes = 0s}), "bide::concurrency: takes must be > 0, got 0s");
    CHECK_THROWS_WITH(metastable_server({.rate = 0}),
                      "bide::metastable_server: rate must be 1 to 1000000000, got 0");
    CHECK_THROWS_WITH(metastable_server({.queue = 0}),
                      "bide::metastable_server: queue must be >= 1, got 0");
    CHECK_THROWS_WITH(metastable_server({.slower = -0.5}),
                      "bide::metastable_server: slower must be from 0 to 1000, got -0.5");
    CHECK_THROWS_WITH(uniform_delay({.least = -1s}),
                      "bide::uniform_delay: least must be >= 0, got -1s");
    CHECK_THROWS_WITH(uniform_delay({.least = 2s, .most = 1s}),
                      "bide::uniform_delay: most must be >= least, got 1s");
    CHECK_THROWS_WITH(normal_delay({.mean = -1s}),
                      "bide::normal_delay: mean must be >= 0, got -1s");
    CHECK_THROWS_WITH(normal_delay({.deviation = -1s}),
                      "bide::normal_delay: deviation must be >= 0, got -1s");
}
