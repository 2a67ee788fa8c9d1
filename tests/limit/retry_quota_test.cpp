// SPDX-License-Identifier: MIT
#include <bide/limit/retry_quota.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/testing.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using bide::budget_note;
using bide::finding;
using bide::retry_quota;
using bide::time_point;
using bide::verdict;
using namespace std::chrono_literals;

namespace {

constexpr time_point now{};
constexpr finding server_error{.verdict = verdict::overloaded, .status = 500};
constexpr finding throttled{.verdict = verdict::throttled, .status = 429};
constexpr finding timed_out{.verdict = verdict::transient, .error = 28};

static_assert(!std::is_copy_constructible_v<retry_quota>);
static_assert(!std::is_convertible_v<retry_quota::options, retry_quota>);

}  // namespace

TEST_CASE("retry_quota: rejects what has no meaning", "[limit][retry_quota][errors]") {
    CHECK_THROWS_WITH(retry_quota({.cost = 0}), "bide::retry_quota: cost must be >= 1, got 0");
    CHECK_THROWS_WITH(retry_quota({.timeout_cost = 0}),
                      "bide::retry_quota: timeout_cost must be >= 1, got 0");
    CHECK_THROWS_WITH(retry_quota({.throttled_cost = 0}),
                      "bide::retry_quota: throttled_cost must be >= 1, got 0");
    CHECK_NOTHROW(retry_quota({.capacity = 0, .success_return = 0}));
}

TEST_CASE("retry_quota: a retry costs by what it follows", "[limit][retry_quota]") {
    struct row {
        finding after;
        std::uint64_t in_2_0;
        std::uint64_t in_2_1;
    };
    const auto [after, in_2_0, in_2_1] =
        GENERATE(values<row>({{server_error, 5, 14}, {throttled, 5, 5}, {timed_out, 10, 14}}));
    retry_quota old_one{retry_quota::aws_2_0()};
    retry_quota new_one{retry_quota::aws_2_1()};
    budget_note note;
    CHECK(old_one.take(note, after, now) == nullptr);
    CHECK(note.taken == in_2_0);
    CHECK(old_one.tokens() == 500 - in_2_0);
    CHECK(new_one.take(note, after, now) == nullptr);
    CHECK(new_one.tokens() == 500 - in_2_1);
}

TEST_CASE("retry_quota: is spent to the last whole price", "[limit][retry_quota]") {
    retry_quota q({.capacity = 14, .cost = 5});
    budget_note note;
    CHECK(q.take(note, server_error, now) == nullptr);
    CHECK(q.take(note, server_error, now) == nullptr);
    CHECK(std::string{q.take(note, server_error, now)} == "the retry quota is spent");
    CHECK(q.tokens() == 4);
    CHECK(note.taken == 5);
    CHECK(q.acquire(4));
    CHECK(q.tokens() == 0);
    CHECK_FALSE(q.acquire(1));
}

TEST_CASE("retry_quota: success brings back the last price, or a little without a retry",
          "[limit][retry_quota]") {
    retry_quota q({.capacity = 100, .cost = 5, .timeout_cost = 10, .success_return = 2});
    budget_note note;
    (void)q.take(note, timed_out, now);
    q.ended(note, server_error, now);
    (void)q.take(note, server_error, now);
    CHECK(q.tokens() == 85);
    q.ended(note, bide::succeeded, now);
    CHECK(q.tokens() == 90);
    for (const std::uint64_t left : {92U, 94U, 96U, 98U, 100U, 100U}) {
        budget_note fresh;
        q.ended(fresh, bide::succeeded, now);
        CHECK(q.tokens() == left);
    }
    budget_note other;
    (void)q.take(other, server_error, now);
    q.give_back(other, now);
    CHECK(q.tokens() == 100);
}

TEST_CASE("retry_quota: in an outage it is spent once", "[limit][retry_quota]") {
    bide::virtual_clock clock;
    retry_quota q{retry_quota::aws_2_1()};
    constexpr auto rules = bide::policy(bide::constant(1ms), bide::max_attempts(4));
    auto tries = 0;
    for (auto i = 0; i < 1000; ++i)
        (void)bide::retry(bide::with(clock, q, rules), [&tries] {
            ++tries;
            throw std::runtime_error{"down"};
        });
    CHECK(tries == 1000 + 500 / 14);
}

TEST_CASE("retry_quota: many threads balance", "[limit][retry_quota][threads]") {
    retry_quota q({.capacity = 50, .cost = 7});
    std::vector<std::thread> crowd;
    for (auto i = 0; i < 64; ++i)
        crowd.emplace_back([&q] {
            for (auto n = 0; n < 50; ++n) {
                budget_note note;
                if (q.take(note, server_error, now) != nullptr) continue;
                if (n % 2 == 0)
                    q.give_back(note, now);
                else
                    q.ended(note, bide::succeeded, now);
            }
        });
    for (auto& t : crowd) t.join();
    CHECK(q.tokens() == 50);
}
