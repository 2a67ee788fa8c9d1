// SPDX-License-Identifier: MIT
#include <bide/http/status.hpp>

#include "support/catch.hpp"

#include <array>
#include <limits>
#include <utility>

using bide::certainty;
using bide::verdict;
using bide::http::circumstances;
using bide::http::find_rule;
using bide::http::given;
using bide::http::status_rule;
using bide::http::status_table;

namespace {

using meaning = std::pair<verdict, certainty>;

constexpr meaning means(int status, circumstances c = {}) {
    const auto* rule = find_rule(status_table, status, c);
    return {rule->verdict, rule->certainty};
}

}  // namespace

static_assert(means(200) == meaning{verdict::success, certainty::answered});
static_assert(means(429) == meaning{verdict::throttled, certainty::rejected});
static_assert(find_rule({}, 200, {}) == nullptr);
static_assert(!status_rule{}.matches(0, {}), "a rule that was not filled in matches nothing");

TEST_CASE("status_table: each status", "[http][status]") {
    struct row {
        int first;
        int last;
        verdict v;
        certainty c;
    };
    const auto [first, last, v, c] = GENERATE(values<row>({
        {std::numeric_limits<int>::min(), std::numeric_limits<int>::min(), verdict::transient,
         certainty::ambiguous},
        {-1, 0, verdict::transient, certainty::ambiguous},
        {1, 99, verdict::overloaded, certainty::ambiguous},
        {100, 199, verdict::transient, certainty::ambiguous},
        {200, 299, verdict::success, certainty::answered},
        {300, 399, verdict::permanent, certainty::answered},
        {400, 407, verdict::permanent, certainty::answered},
        {408, 408, verdict::transient, certainty::rejected},
        {409, 420, verdict::permanent, certainty::answered},
        {421, 421, verdict::transient, certainty::rejected},
        {422, 424, verdict::permanent, certainty::answered},
        {425, 425, verdict::transient, certainty::rejected},
        {426, 428, verdict::permanent, certainty::answered},
        {429, 429, verdict::throttled, certainty::rejected},
        {430, 499, verdict::permanent, certainty::answered},
        {500, 500, verdict::overloaded, certainty::ambiguous},
        {501, 501, verdict::permanent, certainty::answered},
        {502, 504, verdict::overloaded, certainty::ambiguous},
        {505, 505, verdict::permanent, certainty::answered},
        {506, 506, verdict::overloaded, certainty::ambiguous},
        {507, 507, verdict::permanent, certainty::answered},
        {508, 510, verdict::overloaded, certainty::ambiguous},
        {511, 511, verdict::permanent, certainty::rejected},
        {512, 599, verdict::overloaded, certainty::ambiguous},
        {600, 1000, verdict::overloaded, certainty::ambiguous},
        {std::numeric_limits<int>::max() - 1, std::numeric_limits<int>::max() - 1,
         verdict::overloaded, certainty::ambiguous},
    }));
    for (int status = first; status <= last; ++status) {
        CAPTURE(status);
        CHECK(means(status) == meaning{v, c});
    }
}

TEST_CASE("status_table: what changes the meaning", "[http][status]") {
    struct row {
        int status;
        circumstances when;
        verdict v;
        certainty c;
    };
    const auto [status, when, v, c] = GENERATE(values<row>({
        {413, {.retry_after = true}, verdict::transient, certainty::rejected},
        {503, {.retry_after = true}, verdict::overloaded, certainty::ambiguous},
        {403, {.retry_after = true}, verdict::permanent, certainty::answered},
        {429, {.retry_after = true}, verdict::throttled, certainty::rejected},
        {409, {.own_key = true}, verdict::transient, certainty::ambiguous},
        {409, {.retry_after = true}, verdict::permanent, certainty::answered},
        {413, {.own_key = true}, verdict::permanent, certainty::answered},
        {422, {.own_key = true}, verdict::permanent, certainty::answered},
        {499, {.replayed = true}, verdict::permanent, certainty::answered},
        {500, {.replayed = true}, verdict::permanent, certainty::ambiguous},
        {503, {.replayed = true}, verdict::permanent, certainty::ambiguous},
        {599, {.replayed = true}, verdict::permanent, certainty::ambiguous},
        {600, {.replayed = true}, verdict::overloaded, certainty::ambiguous},
        {200, {.replayed = true}, verdict::success, certainty::answered},
    }));
    CAPTURE(status, when.retry_after, when.own_key, when.replayed);
    CHECK(means(status, when) == meaning{v, c});
}

TEST_CASE("find_rule: the first that matches", "[http][status]") {
    static constexpr std::array rules = {
        status_rule{},
        status_rule{503, 504, given::retry_after, verdict::throttled, certainty::rejected},
        status_rule{500, 503, given::always, verdict::permanent, certainty::ambiguous},
    };
    CHECK(find_rule(rules, 503, {.retry_after = true}) == &rules[1]);
    CHECK(find_rule(rules, 503, {}) == &rules[2]);
    CHECK(find_rule(rules, 504, {}) == nullptr);
    CHECK(find_rule(rules, 504, {.retry_after = true}) == &rules[1]);
    CHECK(find_rule(rules, 499, {}) == nullptr);
    CHECK(find_rule(rules, 0, {}) == nullptr);
}

TEST_CASE("circumstances: each answers for itself", "[http][status]") {
    static constexpr std::array all = {given::retry_after, given::exhausted, given::own_key,
                                       given::replayed};
    static constexpr std::array<circumstances, 4> one = {
        {{.retry_after = true}, {.exhausted = true}, {.own_key = true}, {.replayed = true}}};
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < all.size(); ++j) CHECK(one[i].hold(all[j]) == (i == j));
    CHECK(circumstances{}.hold(given::always));
}
