// SPDX-License-Identifier: MIT
#include <bide/retry/runtime.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <type_traits>

using bide::clock_need;
using bide::system_runtime;
using bide::time_point;
using bide::wall_time;
using bide::detail::begin_on;
using namespace std::chrono_literals;

namespace {

static_assert(bide::runtime<system_runtime>);
static_assert(std::is_empty_v<system_runtime>);
static_assert(!bide::runtime<int>);

struct no_random {
    [[nodiscard]] static time_point now() { return {}; }
    [[nodiscard]] static wall_time wall() { return {}; }
    static void sleep_until(time_point) {}
};
static_assert(!bide::runtime<no_random>);

/// Counts which clock is read.
struct counting {
    int now_reads = 0;
    int wall_reads = 0;
    time_point now() {
        ++now_reads;
        return time_point{5s};
    }
    wall_time wall() {
        ++wall_reads;
        return wall_time{7s};
    }
};

}  // namespace

TEST_CASE("system_runtime: never goes back, and a wait that is over returns", "[retry][runtime]") {
    system_runtime r;
    const auto before = r.now();
    r.sleep_until(before - 1h);
    r.sleep_until(before);
    CHECK(r.now() >= before);
    CHECK(r.wall().time_since_epoch() > 0s);
}

TEST_CASE("system_runtime: returns at the instant or later", "[retry][runtime]") {
    system_runtime r;
    const auto until = r.now() + 50us;
    r.sleep_until(until);
    CHECK(r.now() >= until);
}

TEST_CASE("system_runtime: each operation gets a sequence of its own", "[retry][runtime]") {
    auto a = system_runtime::random();
    auto b = system_runtime::random();
    CHECK(a() != b());
}

TEST_CASE("runtime: only the clocks that are needed are read", "[retry][runtime]") {
    counting r;
    const auto none = begin_on<clock_need::none>(r);
    CHECK(none.steady == time_point{});
    CHECK(r.now_reads == 0);
    CHECK(r.wall_reads == 0);

    const auto steady = begin_on<clock_need::steady>(r);
    CHECK(steady.steady == time_point{5s});
    CHECK(steady.wall == wall_time{});
    CHECK(r.now_reads == 1);
    CHECK(r.wall_reads == 0);

    const auto both = begin_on<clock_need::wall>(r);
    CHECK(both.steady == time_point{5s});
    CHECK(both.wall == wall_time{7s});
    CHECK(r.now_reads == 2);
    CHECK(r.wall_reads == 1);
}
