// SPDX-License-Identifier: MIT
#include <bide/http/hint.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

using bide::quota;
using bide::quotas;
using bide::http::asked_wait;
using bide::http::field;
using bide::http::hint_of;
using bide::http::quota_wait;
using bide::http::read_asked_wait;
using std::chrono::milliseconds;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

namespace {

constexpr sys_seconds now{1'795'299'600s};
constexpr auto none = std::nullopt;

std::optional<milliseconds> asked(const std::vector<field>& fields) {
    return read_asked_wait(fields, now).wait;
}

quotas these(std::initializer_list<quota> all) {
    quotas q;
    for (const auto& one : all) q.keep(one);
    return q;
}

}  // namespace

static_assert(noexcept(read_asked_wait({}, none)));
static_assert(noexcept(hint_of({}, {}, 0)));

TEST_CASE("read_asked_wait: every name in its unit", "[http][hint][unit]") {
    struct row {
        std::string_view name;
        std::string_view value;
        std::optional<milliseconds> expected;
    };
    const auto [name, value, expected] = GENERATE(values<row>({
        {"Retry-After", "2", 2s},
        {"Retry-After", "Sat, 21 Nov 2026 22:20:30 GMT", 30s},
        {"retry-after-ms", "1500", 1500ms},
        {"Retry-After-Ms", "1500.2", 1501ms},
        {"retry-after-ms", " 7, 9 ", 9ms},
        {"retry-after-ms", "-1", none},
        {"retry-after-ms", "soon", none},
        {"retry-after-ms", "99999999999999999999", milliseconds::max()},
        {"x-ms-retry-after-ms", "1500", 1500ms},
        {"x-amz-retry-after", "1500", 1500ms},
        {"x-amz-retry-after", "1500.0", none},
        {"x-amz-retry-after", "-1", none},
        {"X-RateLimit-Retry-After", "8", 8s},
        {"RetryAfter", "8", 8s},
        {"x-retry-after-seconds", "8", 8s},
        {"X-Retry-In", "1m30s", 90s},
        {"X-Retry-In", "30", none},
        {"grpc-retry-pushback-ms", "250", 250ms},
        {"grpc-retry-pushback-ms", "-1", none},
        // Its unit is not documented.
        {"X-RateLimit-RetryAfter", "8", none},
        {"X-Retry-After", "8", none},
    }));
    CAPTURE(name, value);
    CHECK(asked({{name, value}}) == expected);
}

TEST_CASE("read_asked_wait: the first that can be read", "[http][hint][precedence]") {
    // In the order in which they are believed; the values tell them apart.
    const std::vector<field> in_order = {{"retry-after-ms", "1"},
                                         {"x-ms-retry-after-ms", "2"},
                                         {"Retry-After", "3"},
                                         {"x-amz-retry-after", "4"},
                                         {"X-RateLimit-Retry-After", "5"},
                                         {"RetryAfter", "6"},
                                         {"x-retry-after-seconds", "7"},
                                         {"x-retry-in", "8s"},
                                         {"grpc-retry-pushback-ms", "9"}};
    for (std::size_t first = 0; first < in_order.size(); ++first) {
        CAPTURE(first);
        const auto begin = in_order.begin() + static_cast<std::ptrdiff_t>(first);
        std::vector<field> fields{begin, in_order.end()};
        const auto alone = asked({fields.front()});
        CHECK(alone != none);
        CHECK(asked(fields) == alone);
        CHECK(asked({fields.rbegin(), fields.rend()}) == alone);
        if (fields.size() == 1) continue;
        fields.front().value = "soon";
        CHECK(asked(fields) == asked({fields[1]}));
    }
    CHECK(asked({}) == none);
}

TEST_CASE("read_asked_wait: several of a name, and whether it was Retry-After", "[http][hint]") {
    CHECK(asked({{"Retry-After", "5"}, {"retry-after", "60"}, {"RETRY-AFTER", "9"}}) == 60s);
    const auto by_name = [](const std::vector<field>& fields) {
        return read_asked_wait(fields, now).by_retry_after;
    };
    CHECK(by_name({{"Retry-After", "5"}}));
    CHECK(by_name({{"Retry-After", "5"}, {"retry-after-ms", "1"}}));
    CHECK(by_name({{"Retry-After", "5"}, {"Retry-After", "soon"}}));
    CHECK_FALSE(by_name({{"Retry-After", "soon"}}));
    CHECK_FALSE(by_name({{"retry-after-ms", "1"}}));
    CHECK_FALSE(by_name({{"x-amz-retry-after", "1"}, {"Retry-After", ""}}));
}

TEST_CASE("quota_wait: until what is exhausted is back", "[http][hint][quota]") {
    const quota empty = {.remaining = 0, .reset = 30s};
    const quota later = {.remaining = 0, .reset = 60s};
    const quota some = {.remaining = 1, .reset = 90s};
    const quota untold = {.limit = 5, .reset = 17s};
    const quota endless = {.remaining = 0};
    CHECK(quota_wait(these({empty}), 429) == 30s);
    CHECK(quota_wait(these({empty}), 403) == 30s);
    CHECK(quota_wait(these({empty}), 400) == 30s);
    CHECK(quota_wait(these({empty}), 503) == 30s);
    CHECK(quota_wait(these({empty}), 399) == none);
    CHECK(quota_wait(these({empty}), 200) == none);
    CHECK(quota_wait(these({later, empty}), 429) == 60s);
    CHECK(quota_wait(these({empty, later, some, untold}), 429) == 60s);
    CHECK(quota_wait(these({some}), 429) == none);
    CHECK(quota_wait(these({untold}), 429) == 17s);
    CHECK(quota_wait(these({untold}), 503) == none);
    CHECK(quota_wait(these({endless}), 429) == none);
    CHECK(quota_wait(these({endless, untold}), 429) == 17s);
    CHECK(quota_wait(these({endless, untold}), 403) == none);
    CHECK(quota_wait({}, 429) == none);
}

TEST_CASE("hint_of: what is asked for is never combined with the quotas", "[http][hint]") {
    const auto all = these({{.remaining = 0, .reset = 60s}});
    const asked_wait nothing{};
    const asked_wait zero{.wait = 0ms};
    const asked_wait long_one{.wait = 2min};
    CHECK(hint_of(zero, all, 429) == 0s);
    CHECK(hint_of(long_one, all, 429) == 2min);
    CHECK(hint_of(nothing, all, 429) == 60s);
    CHECK(hint_of(nothing, {}, 429) == none);
    for (int status = -1; status < 1000; ++status) {
        CAPTURE(status);
        CHECK(hint_of(long_one, all, status).has_value() == (status >= 300));
        CHECK(hint_of(nothing, all, status).has_value() == (status >= 400));
    }
}
