// SPDX-License-Identifier: MIT
#include <bide/quota.hpp>

#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <cstddef>

using bide::binds_more;
using bide::quota;
using bide::quotas;
using namespace std::chrono_literals;

TEST_CASE("binds_more: exhausted with the latest reset, then the lowest remaining", "[quota]") {
    // Each binds more than all that follow.
    static constexpr std::array in_order = {
        quota{.remaining = 0, .reset = 60s}, quota{.remaining = 0, .reset = 6s},
        quota{.remaining = 0, .reset = 0s},  quota{.limit = 9, .remaining = 0},
        quota{.remaining = 1, .reset = 1s},  quota{.remaining = 5, .reset = 90s},
        quota{.limit = 1, .reset = 90s},
    };
    for (std::size_t i = 0; i < in_order.size(); ++i)
        for (std::size_t j = 0; j < in_order.size(); ++j) {
            CAPTURE(i, j);
            CHECK(binds_more(in_order[i], in_order[j]) == (i < j));
        }
    CHECK_FALSE(binds_more({.limit = 1}, {.limit = 2}));
}

TEST_CASE("quotas: the binding one is the first of equals", "[quota]") {
    quotas all;
    CHECK(all.binding() == nullptr);
    CHECK(all.empty());
    all.keep({.name = "a", .remaining = 7});
    all.keep({.name = "b", .remaining = 3});
    all.keep({.name = "c", .remaining = 3});
    all.keep({.name = "d"});
    CHECK(all.size() == 4);
    CHECK_FALSE(all.empty());
    CHECK(all.binding() == &all[1]);
    CHECK(all.end() - all.begin() == 4);
}

TEST_CASE("quotas: of many those that bind most are kept", "[quota]") {
    quotas all;
    for (int i = 100; i > 0; --i) all.keep({.remaining = i});
    REQUIRE(all.size() == quotas::max);
    long sum = 0;
    for (const auto& q : all) sum += static_cast<long>(q.remaining.value());
    CHECK(sum == 36);  // 1 to 8
    all.keep({.limit = 1});
    all.keep({.remaining = 9});
    CHECK(all.binding()->remaining == 1);
    all.keep({.remaining = 0, .reset = 5s});
    all.keep({.remaining = 0, .reset = 6s});
    CHECK(all.binding()->reset == 6s);
    CHECK(all.size() == quotas::max);
}
