// SPDX-License-Identifier: MIT
#include <bide/http/profiles.hpp>

#include "http/profiles/facts.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <set>
#include <string_view>

using bide::certainty;
using bide::verdict;
namespace profiles = bide::http::profiles;

static_assert(profiles::find("generic") == &profiles::generic);
static_assert(profiles::find("vonage") == &profiles::vonage);
static_assert(profiles::find("vonage-sms") == &profiles::vonage_sms);
static_assert(profiles::find("Vonage") == nullptr);
static_assert(profiles::find("") == nullptr);
static_assert(profiles::all.size() == 13);
static_assert(facts::messaging.size() + 3 == profiles::all.size());

TEST_CASE("profiles: each has a name of its own", "[http][profiles]") {
    std::set<std::string_view> names;
    for (const auto* p : profiles::all) {
        CHECK_FALSE(p->name.empty());
        CHECK(names.insert(p->name).second);
        CHECK(profiles::find(p->name) == p);
    }
}

TEST_CASE("profiles: generic is HTTP alone", "[http][profiles]") {
    CHECK(profiles::generic.key_header.empty());
    CHECK_FALSE(profiles::generic.told_by_body);
    for (int status = 0; status < 700; ++status)
        CHECK(find_rule(profiles::generic.rules, status, {true, true, true, true}) == nullptr);
}

TEST_CASE("profiles: what goes together is there together", "[http][profiles]") {
    for (const auto* p : profiles::all) {
        CAPTURE(p->name);
        CHECK(p->key_header.empty() == (p->key_life.get() == bide::duration::zero()));
        CHECK((p->key_header.empty() ? p->replay_header : "").empty());
        CHECK((p->rate.requests == 0 || p->rate.per.get() > bide::duration::zero()));
        const auto tells_success = std::ranges::any_of(p->body_rules, [](const auto& rule) {
            return rule.first <= rule.last && rule.verdict == verdict::success;
        });
        CHECK(p->told_by_body == tells_success);
    }
}

TEST_CASE("profiles: beyond HTTP, few say that nothing was done", "[http][profiles]") {
    std::set<std::string_view> saying;
    for (const auto* p : profiles::all) {
        for (const auto& rule : p->rules)
            if (rule.first <= rule.last && rule.certainty == certainty::rejected)
                saying.insert(p->name);
        for (const auto& rule : p->body_rules)
            if (rule.first <= rule.last && rule.certainty == certainty::rejected)
                saying.insert(p->name);
    }
    CHECK(saying == std::set<std::string_view>{"bandwidth", "github", "sinch", "vonage-sms"});
}
