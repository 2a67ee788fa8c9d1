// SPDX-License-Identifier: MIT
#include <bide/http/idempotency_key.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using bide::http::is_valid_key;
using bide::http::key_value;
using bide::http::profile;

namespace {

constexpr profile bare{.name = "bare", .key_header = "Idempotency-Key", .key_life = 24h};
constexpr profile quoted{
    .name = "quoted", .key_header = "Idempotency-Key", .key_is_quoted = true, .key_life = 24h};
constexpr profile none{.name = "none"};
constexpr profile few{
    .name = "few", .key_header = "Idempotency-Key", .key_punctuation = "_:-", .key_life = 24h};

}  // namespace

static_assert(key_value::make("a:b_c-1", bare)->view() == "a:b_c-1");
static_assert(key_value::make("a:b_c-1", quoted)->view() == "\"a:b_c-1\"");
static_assert(!key_value::make("a:b_c-1", none));
static_assert(!key_value::make("a b", bare));

TEST_CASE("is_valid_key: visible ASCII without quote and backslash", "[http][key]") {
    for (int c = 0; c < 256; ++c) {
        const std::string key = {'a', static_cast<char>(c), 'b'};
        const bool expected = c > 0x20 && c < 0x7f && c != '"' && c != '\\';
        CAPTURE(c);
        CHECK(is_valid_key(key) == expected);
        CHECK(key_value::make(key, quoted).has_value() == expected);
    }
}

TEST_CASE("is_valid_key: a provider may take fewer characters", "[http][key]") {
    for (int c = 0; c < 256; ++c) {
        const std::string key = {'a', static_cast<char>(c), '9'};
        const bool expected = (c >= '0' && c <= ':') || (c >= 'A' && c <= 'Z') || c == '_' ||
                              (c >= 'a' && c <= 'z') || c == '-';
        CAPTURE(c);
        CHECK(is_valid_key(key, few) == expected);
        CHECK(key_value::make(key, few).has_value() == expected);
        CHECK(is_valid_key(key, bare) == is_valid_key(key));
    }
    CHECK_FALSE(is_valid_key("", few));
    CHECK_FALSE(is_valid_key(std::string(256, 'k'), few));
}

TEST_CASE("is_valid_key: 1 to 255 characters", "[http][key]") {
    CHECK_FALSE(is_valid_key(""));
    CHECK(is_valid_key("k"));
    CHECK(is_valid_key(std::string(255, 'k')));
    CHECK_FALSE(is_valid_key(std::string(256, 'k')));
}

TEST_CASE("key_value: holds the longest key with its quotes", "[http][key]") {
    const std::string key(255, 'k');
    const auto value = key_value::make(key, quoted);
    REQUIRE(value);
    CHECK(value->view() == "\"" + key + "\"");
    const auto copy = value;  // its storage is its own
    CHECK(copy->view().data() != value->view().data());
    CHECK(copy->view() == value->view());
    CHECK_FALSE(key_value::make(key + "k", quoted));
}
