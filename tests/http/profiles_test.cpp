// SPDX-License-Identifier: MIT
#include <bide/http/profiles.hpp>

#include "support/catch.hpp"

#include <set>
#include <string_view>

namespace profiles = bide::http::profiles;

static_assert(profiles::find("generic") == &profiles::generic);
static_assert(profiles::find("vonage") == &profiles::vonage);
static_assert(profiles::find("Vonage") == nullptr);
static_assert(profiles::find("") == nullptr);

TEST_CASE("profiles: each has a name of its own", "[http][profiles]") {
    std::set<std::string_view> names;
    for (const auto* p : profiles::all) {
        CHECK_FALSE(p->name.empty());
        CHECK(names.insert(p->name).second);
        CHECK(profiles::find(p->name) == p);
    }
}

TEST_CASE("profiles: what is not documented is not assumed", "[http][profiles]") {
    for (const auto* p : {&profiles::generic, &profiles::vonage}) {
        CAPTURE(p->name);
        CHECK(p->key_header.empty());
        CHECK_FALSE(p->client_error_settles);
        CHECK(find_rule(p->rules, 503, {.retry_after = true}) == nullptr);
    }
}
