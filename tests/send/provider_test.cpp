// SPDX-License-Identifier: MIT
#include "send/provider.hpp"

#include "support/catch.hpp"

#include <stdexcept>
#include <string>

using sender::shape;
using sender::url_of;

namespace {
const sender::message sample{"m-1", "+49123", "Gr\xc3\xbc\xc3\x9f\x65, \"you\"\n"};
}

TEST_CASE("provider: generic posts id, to and text", "[send][provider]") {
    CHECK(sender::body_of(shape::generic, "bide", sample) ==
          "{\"id\":\"m-1\",\"text\":\"Gr\xc3\xbc\xc3\x9f\x65, \\\"you\\\"\\n\",\"to\":\"+49123\"}");
}

TEST_CASE("provider: vonage posts the body of its Messages API", "[send][provider]") {
    CHECK(sender::body_of(shape::vonage, "ACME", {"m-1", "49123", "x"}) ==
          R"({"channel":"sms","client_ref":"m-1","from":"ACME","message_type":"text",)"
          R"("text":"x","to":"49123"})");
}

TEST_CASE("provider: vonage adds its path to a URL without one", "[send][provider]") {
    CHECK(url_of(shape::vonage, "http://a:8080") == "http://a:8080/v1/messages");
    CHECK(url_of(shape::vonage, "https://a/") == "https://a/v1/messages");
    CHECK(url_of(shape::vonage, "https://a/v2/x?y=z") == "https://a/v2/x?y=z");
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

TEST_CASE("provider: no idempotency key is relied on", "[send][provider]") {
    CHECK(sender::profile_of(shape::generic).key_header.empty());
    CHECK(sender::profile_of(shape::vonage).key_header.empty());
    CHECK(sender::profile_of(shape::vonage).name == "vonage");
}
