// SPDX-License-Identifier: MIT
#include "send/provider.hpp"

#include "support/catch.hpp"

#include <bide/http/profiles.hpp>
#include <bide/http/request.hpp>

#include <stdexcept>
#include <string>

using sender::shape;

namespace {

const sender::identity who{.account = "AC1"};

std::string url_of(shape looks, const char* gateway) { return sender::url_of(looks, who, gateway); }

}  // namespace

TEST_CASE("provider: adds its path to a URL without one", "[send][provider]") {
    CHECK(url_of(shape::vonage, "http://a:8080") == "http://a:8080/v1/messages");
    CHECK(url_of(shape::vonage, "https://a/") == "https://a/v1/messages");
    CHECK(url_of(shape::vonage, "https://a/v2/x?y=z") == "https://a/v2/x?y=z");
    CHECK(url_of(shape::plivo, "https://a") == "https://a/v1/Account/AC1/Message/");
    CHECK(url_of(shape::generic, "http://a:8080") == "http://a:8080/");
    CHECK(url_of(shape::generic, "http://[::1]/send") == "http://[::1]/send");
}

TEST_CASE("provider: knows what needs no proxy", "[send][provider]") {
    CHECK(sender::is_loopback("http://127.0.0.1:8080/x"));
    CHECK(sender::is_loopback("http://localhost"));
    CHECK(sender::is_loopback("http://[::1]:8080"));
    CHECK_FALSE(sender::is_loopback("http://127.example.org"));
    CHECK_FALSE(sender::is_loopback("https://api.nexmo.com"));
    CHECK_FALSE(sender::is_loopback(""));
}

TEST_CASE("provider: other URLs are refused", "[send][provider][errors]") {
    const auto* const url = GENERATE(as<const char*>{}, "", "gateway", "localhost:80", "file:///x",
                                     "http://", "http://a b/", "://a");
    CAPTURE(url);
    CHECK_THROWS_AS(url_of(shape::generic, url), std::invalid_argument);
}

TEST_CASE("provider: only a key makes a send repeatable", "[send][provider]") {
    for (const auto name : sender::shape_names()) {
        CAPTURE(name);
        const auto looks = sender::shape_of(name);
        const auto& profile = sender::profile_of(looks);
        CHECK(profile.name == name);
        CHECK(sender::honours_key(profile) == (looks == shape::telnyx));
        // Among them a PUT that makes a message each time.
        CHECK_FALSE(bide::http::is_idempotent({.method = sender::method_of(looks)}, profile));
    }
    CHECK_FALSE(sender::honours_key({.name = "half", .key_header = "Key"}));
    CHECK(sender::honours_key(bide::http::profiles::stripe));
}
