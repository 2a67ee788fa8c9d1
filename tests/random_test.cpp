// SPDX-License-Identifier: MIT
#include <bide/random.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <random>
#include <set>

using bide::duration;
using bide::splitmix64;
using bide::detail::draw;
using bide::detail::multiply_high;
using namespace std::chrono_literals;

namespace {

constexpr auto highest = std::numeric_limits<std::uint64_t>::max();

/// A source that always answers the same.
struct stuck {
    std::uint64_t bits;
    constexpr std::uint64_t operator()() const noexcept { return bits; }
};

constexpr duration draw_from(std::uint64_t bits, duration low, duration high) {
    const stuck g{bits};
    return draw(g, low, high);
}

constexpr std::uint64_t first_of(std::uint64_t seed) { return splitmix64{seed}(); }

static_assert(bide::random_source<splitmix64>);
static_assert(bide::random_source<std::mt19937_64>);
static_assert(bide::random_source<const stuck>);
static_assert(!bide::random_source<int>);
// 32 bits, in a type of 64 here, and of 32.
static_assert(!bide::random_source<std::mt19937>);
static_assert(!bide::random_source<std::minstd_rand>);
static_assert(!bide::random_source<std::random_device>);
static_assert(!bide::random_source<std::independent_bits_engine<std::mt19937, 48, std::uint64_t>>);
static_assert(bide::random_source<std::independent_bits_engine<std::mt19937, 64, std::uint64_t>>);

struct from_one {
    static constexpr std::uint64_t min() { return 1; }
    static constexpr std::uint64_t max() { return highest; }
    constexpr std::uint64_t operator()() const noexcept { return 1; }
};
struct a_number {
    constexpr int operator()() const noexcept { return 1; }
};
struct a_signed_number {
    constexpr std::int64_t operator()() const noexcept { return 1; }
};
static_assert(!bide::random_source<from_one>);
static_assert(!bide::random_source<a_number>);
static_assert(!bide::random_source<a_signed_number>);

static_assert(multiply_high(0, highest) == 0);
static_assert(multiply_high(1, highest) == 0);
static_assert(multiply_high(highest, highest) == highest - 1);
static_assert(multiply_high(std::uint64_t{1} << 63, 2) == 1);
static_assert(multiply_high(0x123456789abcdef0, 0xfedcba9876543210) == 0x121fa00ad77d7422);

static_assert(draw_from(0, 1s, 2s) == 1s);
static_assert(draw_from(highest, 1s, 2s) == 2s);
static_assert(draw_from(highest, 1s, 1s) == 1s);
static_assert(draw_from(0, 0s, duration::max()) == 0s);
static_assert(draw_from(highest, 0s, duration::max()) == duration::max());
static_assert(draw_from(highest, 0ns, 1ns) == 1ns);
static_assert(draw_from(highest / 2, 0ns, 1ns) == 0ns);
static_assert(draw_from(highest / 2 + 1, 0ns, 1ns) == 1ns);

// Constant expressions, so a simulation can be one.
static_assert(first_of(1) != first_of(2));

}  // namespace

// Reference values: S. Vigna, https://prng.di.unimi.it/splitmix64.c
TEST_CASE("splitmix64: gives the published sequence", "[random][splitmix64]") {
    splitmix64 random{1234567};
    CHECK(random() == 6457827717110365317U);
    CHECK(random() == 3203168211198807973U);
    CHECK(random() == 9817491932198370423U);
    CHECK(random() == 4593380528125082431U);
    CHECK(random() == 16408922859458223821U);
}

TEST_CASE("splitmix64: a copy goes on where the original was", "[random][splitmix64]") {
    splitmix64 a{7};
    a();
    auto b = a;
    CHECK(a() == b());
}

TEST_CASE("draw: every value of a small band comes up", "[random][draw]") {
    splitmix64 random{3};
    std::set<std::int64_t> seen;
    for (auto i = 0; i < 1000; ++i) {
        const auto d = draw(random, 10ns, 14ns);
        CHECK(d >= 10ns);
        CHECK(d <= 14ns);
        seen.insert(d.count());
    }
    CHECK(seen.size() == 5);
}
