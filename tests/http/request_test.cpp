// SPDX-License-Identifier: MIT
#include <bide/http/request.hpp>

#include "support/catch.hpp"

#include <array>
#include <chrono>

using namespace std::chrono_literals;
using bide::http::carries_key;
using bide::http::field;
using bide::http::is_idempotent;
using bide::http::is_protected;
using bide::http::profile;
using bide::http::request_traits;

namespace {

constexpr profile generic{.name = "generic"};
constexpr profile keyed{.name = "keyed", .key_header = "Idempotency-Key", .key_life = 24h};
constexpr profile headless{.name = "headless", .key_life = 24h};
constexpr profile forgetful{.name = "forgetful", .key_header = "Idempotency-Key"};

}  // namespace

TEST_CASE("is_idempotent: method, word or key", "[http][request]") {
    struct row {
        request_traits request;
        bool generic;
        bool keyed;
    };
    const auto r = GENERATE(values<row>({
        {{.method = "GET"}, true, true},
        {{.method = "DELETE"}, true, true},
        {{.method = "POST"}, false, false},
        {{.method = "post"}, false, false},
        {{.method = ""}, false, false},
        {{.method = "POST", .idempotent = true}, true, true},
        {{.method = "POST", .has_key = true}, false, true},
        {{.method = "POST", .has_key = true, .key_age = 24h - 1ns}, false, true},
        {{.method = "POST", .has_key = true, .key_age = 24h}, false, false},
        {{.method = "POST", .has_key = true, .key_age = 25h}, false, false},
        {{.method = "PUT", .has_key = true, .key_age = 25h}, true, true},
        {{.method = "POST", .key_age = 1h}, false, false},
    }));
    CAPTURE(r.request.method, r.request.idempotent, r.request.has_key,
            r.request.key_age.get().count());
    CHECK(is_idempotent(r.request, generic) == r.generic);
    CHECK(is_idempotent(r.request, keyed) == r.keyed);
}

TEST_CASE("is_idempotent: not a PUT that makes something new each time", "[http][request]") {
    constexpr profile creating{
        .name = "creating", .put_creates = true, .key_header = "Idempotency-Key", .key_life = 24h};
    CHECK_FALSE(is_idempotent(request_traits{.method = "PUT"}, creating));
    CHECK(is_idempotent(request_traits{.method = "PUT", .has_key = true}, creating));
    CHECK(is_idempotent(request_traits{.method = "PUT", .idempotent = true}, creating));
    CHECK(is_idempotent(request_traits{.method = "DELETE"}, creating));
    CHECK_FALSE(is_idempotent(request_traits{.method = "POST"}, creating));
}

TEST_CASE("is_protected: only by a key that is known to live", "[http][request]") {
    CHECK(is_protected({.method = "POST", .has_key = true}, keyed));
    CHECK_FALSE(is_protected({.method = "POST"}, keyed));
    CHECK_FALSE(is_protected({.method = "GET"}, keyed));
    CHECK_FALSE(is_protected({.method = "POST", .has_key = true}, generic));
    CHECK_FALSE(is_protected({.method = "POST", .has_key = true}, forgetful));
    CHECK_FALSE(is_protected({.method = "POST", .has_key = true}, headless));
}

TEST_CASE("carries_key: in the provider's header, not empty", "[http][request]") {
    constexpr std::array key = {field{"Accept", "*/*"}, field{"idempotency-key", " k1 "}};
    constexpr std::array blank = {field{"Idempotency-Key", " "}};
    constexpr std::array nameless = {field{"", "k1"}};
    CHECK(carries_key(key, keyed));
    CHECK_FALSE(carries_key(key, generic));
    CHECK_FALSE(carries_key(blank, keyed));
    CHECK_FALSE(carries_key({}, keyed));
    CHECK_FALSE(carries_key(nameless, generic));
}
