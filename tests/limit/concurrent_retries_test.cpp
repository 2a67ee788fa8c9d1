// SPDX-License-Identifier: MIT
#include <bide/limit/concurrent_retries.hpp>

#include "support/catch.hpp"

#include <bide/bide.hpp>
#include <bide/stop_token.hpp>
#include <bide/testing.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using bide::budget_note;
using bide::concurrent_retries;
using bide::time_point;
using namespace std::chrono_literals;

namespace {

constexpr time_point now{};
constexpr bide::finding failed{};

bool take(concurrent_retries& c, budget_note& note) { return c.take(note, failed, now) == nullptr; }

static_assert(!std::is_copy_constructible_v<concurrent_retries>);
static_assert(!std::is_convertible_v<concurrent_retries::options, concurrent_retries>);

}  // namespace

TEST_CASE("concurrent_retries: rejects what has no meaning",
          "[limit][concurrent_retries][errors]") {
    CHECK_THROWS_WITH(concurrent_retries({.ratio = -0.5}),
                      "bide::concurrent_retries: ratio must be from 0 to 1, got -0.5");
    CHECK_THROWS_WITH(concurrent_retries({.ratio = 1.5}),
                      "bide::concurrent_retries: ratio must be from 0 to 1, got 1.5");
    CHECK_THROWS_AS(concurrent_retries({.ratio = std::numeric_limits<double>::quiet_NaN()}),
                    std::invalid_argument);
    CHECK_THROWS_WITH(concurrent_retries({.least = (std::uint64_t{1} << 53U) + 1}),
                      "bide::concurrent_retries: least must be at most 2^53, got 9007199254740993");
    CHECK_NOTHROW(concurrent_retries({.ratio = 0, .least = 0}));
    CHECK_NOTHROW(concurrent_retries({.ratio = 1, .least = std::uint64_t{1} << 53U}));
}

TEST_CASE("concurrent_retries: a few are always allowed", "[limit][concurrent_retries]") {
    concurrent_retries c;
    std::array<budget_note, 4> notes{};
    CHECK(take(c, notes[0]));
    CHECK(take(c, notes[1]));
    CHECK(take(c, notes[2]));
    CHECK(c.retries() == 3);
    CHECK(std::string{c.take(notes[3], failed, now)} == "too many retries are under way");
    c.ended(notes[1], failed, now);
    CHECK(take(c, notes[3]));
    CHECK_FALSE(take(c, notes[1]));
    c.give_back(notes[0], now);
    CHECK(take(c, notes[1]));
    CHECK(c.retries() == 3);
}

TEST_CASE("concurrent_retries: beyond them a fraction of what is under way",
          "[limit][concurrent_retries]") {
    concurrent_retries c({.ratio = 0.25, .least = 0});
    std::array<budget_note, 12> first{};
    std::array<budget_note, 12> retries{};
    CHECK_FALSE(take(c, retries[0]));
    for (auto& note : first) c.began(note, 1, now);
    // 12 tries and n retries allow one more while n < (12 + n) / 4.
    for (std::size_t i = 0; i < 4; ++i) CHECK(take(c, retries.at(i)));
    CHECK_FALSE(take(c, retries[4]));
    // That a retry begins changes nothing.
    c.began(retries[0], 2, now);
    CHECK_FALSE(take(c, retries[4]));
    c.ended(first[0], failed, now);
    c.ended(retries[0], failed, now);
    CHECK(c.retries() == 3);
    CHECK(take(c, retries[4]));  // 3 < (11 + 3) / 4
    CHECK_FALSE(take(c, retries[5]));
}

TEST_CASE("concurrent_retries: at rest nothing is under way", "[limit][concurrent_retries]") {
    bide::virtual_clock clock;
    concurrent_retries c({.ratio = 1, .least = 0});
    constexpr auto rules = bide::policy(bide::constant(1s), bide::max_attempts(3));
    const auto fails = [&c](const bide::this_try& t) {
        CHECK(c.retries() == (t.number > 1 ? 1 : 0));
        throw std::runtime_error{"down"};
    };
    // By itself an operation that has failed is no longer under way.
    CHECK(bide::retry(bide::with(clock, c, rules), fails).attempts() == 1);
    budget_note other;
    c.began(other, 1, now);
    CHECK(bide::retry(bide::with(clock, c, rules), fails).attempts() == 3);
    std::stop_source source;
    clock.at(500ms, [&] {
        CHECK(c.retries() == 1);
        source.request_stop();
    });
    (void)bide::retry(bide::with(clock, source.get_token(), c, rules), fails);
    CHECK(c.retries() == 0);
    c.ended(other, bide::succeeded, now);
    budget_note note;
    CHECK_FALSE(take(c, note));
}

TEST_CASE("concurrent_retries: many threads balance", "[limit][concurrent_retries][threads]") {
    concurrent_retries c({.ratio = 0.2, .least = 3});
    std::vector<std::thread> crowd;
    for (auto i = 0; i < 64; ++i)
        crowd.emplace_back([&c] {
            for (auto n = 0; n < 50; ++n) {
                budget_note note;
                c.began(note, 1, now);
                c.ended(note, failed, now);
                if (!take(c, note)) continue;
                if (n % 2 == 0) {
                    c.give_back(note, now);
                } else {
                    c.began(note, 2, now);
                    c.ended(note, bide::succeeded, now);
                }
            }
        });
    for (auto& t : crowd) t.join();
    CHECK(c.retries() == 0);
    std::array<budget_note, 4> notes{};
    CHECK((take(c, notes[0]) && take(c, notes[1]) && take(c, notes[2]) && !take(c, notes[3])));
}
