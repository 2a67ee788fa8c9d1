// SPDX-License-Identifier: MIT
#include <bide/gate/detail/call_window.hpp>

#include "support/catch.hpp"

#include <bide/random.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

using bide::breaker_counts;
using bide::duration;
using bide::time_point;
using bide::detail::call_window;
using namespace std::chrono_literals;

namespace {

struct call {
    std::int64_t step;
    bool failed;
    bool slow;
};

breaker_counts& operator+=(breaker_counts& sum, const call& c) {
    ++sum.calls;
    sum.failures += c.failed ? 1U : 0U;
    sum.slow += c.slow ? 1U : 0U;
    return sum;
}

}  // namespace

TEST_CASE("call_window: holds what a list of all calls holds", "[gate][circuit_breaker]") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        bide::splitmix64 random{seed};
        const auto by_time = seed % 2 == 0;
        const auto size = 1 + random() % 9;
        const auto steps = static_cast<std::int64_t>(size);
        auto window = by_time ? call_window(10ms * steps, size) : call_window(size);
        const time_point start{5s};
        auto now = start;
        auto origin = start;
        std::vector<call> all;
        for (auto i = 0; i < 120; ++i) {
            now +=
                duration{1ms} * static_cast<std::int64_t>(random() % (random() % 8 == 0 ? 150 : 6));
            if (all.empty() && origin == start) origin = now;
            if (random() % 50 == 0) {
                window.clear(now);
                all.clear();
                origin = now;
            }
            const call c{(now - origin) / 10ms, random() % 3 == 0, random() % 4 == 0};
            window.add(c.failed, c.slow, now);
            all.push_back(c);

            const auto later = now + duration{1ms} * static_cast<std::int64_t>(random() % 60);
            breaker_counts expected;
            for (std::size_t k = 0; k < all.size(); ++k)
                if (by_time ? all[k].step + steps > (later - origin) / 10ms
                            : k + size >= all.size())
                    expected += all[k];
            REQUIRE(window.counts(later) == expected);
        }
    }
}

TEST_CASE("call_window: absurd times", "[gate][circuit_breaker]") {
    call_window window(duration::max(), 1);
    CHECK(window.counts(bide::never) == breaker_counts{});
    window.add(true, false, time_point{});
    window.add(true, false, bide::never - 1ns);
    CHECK(window.counts(bide::never - 1ns) == breaker_counts{2, 2, 0});
    window.add(true, false, time_point::min());
    CHECK(window.counts(time_point::min()) == breaker_counts{3, 3, 0});
    call_window tiny(1ns, 1000);  // no step is shorter than a nanosecond
    tiny.add(false, true, time_point{});
    CHECK(tiny.counts(time_point{999ns}) == breaker_counts{1, 0, 1});
    CHECK(tiny.counts(time_point{1000ns}) == breaker_counts{});
    CHECK(tiny.counts(bide::never) == breaker_counts{});
}
