// SPDX-License-Identifier: MIT
#include "send/form.hpp"

#include "support/catch.hpp"

#include <bide/http/profiles.hpp>

#include <string>

using sender::body_of;
using sender::shape;

namespace {

const sender::identity who{.from = "ACME", .account = "AC1", .callback = "https://example.org/cb"};
const sender::message sample{"m-1", "+49123", "Gr\xc3\xbc\xc3\x9f\x65, \"you\"\n"};
const sender::message plain{"m-1", "+49123", "a b&c=d~"};

}  // namespace

TEST_CASE("form: bodies are as the provider takes them", "[send][form]") {
    CHECK(body_of(shape::generic, who, sample) ==
          "{\"id\":\"m-1\",\"text\":\"Gr\xc3\xbc\xc3\x9f\x65, \\\"you\\\"\\n\",\"to\":\"+49123\"}");
    CHECK(body_of(shape::vonage, who, plain) ==
          R"({"channel":"sms","client_ref":"m-1","from":"ACME","message_type":"text",)"
          R"("text":"a b&c=d~","to":"49123"})");
    CHECK(body_of(shape::vonage_sms, who, plain) ==
          "from=ACME&to=49123&text=a%20b%26c%3Dd~&type=text&client-ref=m-1");
    CHECK(body_of(shape::vonage_sms, who, sample) ==
          "from=ACME&to=49123&text=Gr%C3%BC%C3%9Fe%2C%20%22you%22%0A&type=unicode&client-ref=m-1");
    CHECK(body_of(shape::twilio, who, plain) ==
          "To=%2B49123&From=ACME&Body=a%20b%26c%3Dd~&"
          "StatusCallback=https%3A%2F%2Fexample.org%2Fcb%3Fref%3Dm-1");
    CHECK(
        body_of(shape::plivo, who, plain) ==
        R"({"dst":"+49123","src":"ACME","text":"a b&c=d~","url":"https://example.org/cb?ref=m-1"})");
    CHECK(body_of(shape::telnyx, who, plain) ==
          R"({"from":"ACME","tags":["m-1"],"text":"a b&c=d~","to":"+49123"})");
    CHECK(
        body_of(shape::audian, who, plain) ==
        R"({"data":{"body":"a b&c=d~","custom_vars":{"ref":"m-1"},"from":"ACME","to":"+49123"}})");
}

TEST_CASE("form: a message may name its sender", "[send][form]") {
    const sender::message own{"m-1", "1", "x", "+15550100"};
    CHECK(sender::sender_of(who, own) == "+15550100");
    CHECK(sender::sender_of(who, plain) == "ACME");
    CHECK(body_of(shape::generic, who, own) ==
          R"({"from":"+15550100","id":"m-1","text":"x","to":"1"})");
    for (const auto name : sender::shape_names()) {
        CAPTURE(name);
        const auto body = body_of(sender::shape_of(name), who, own);
        CHECK(body.find("15550100") != std::string::npos);
        CHECK(body.find("ACME") == std::string::npos);
    }
}

TEST_CASE("form: method, type and path", "[send][form]") {
    struct row {
        shape looks;
        const char* method;
        const char* type;
        const char* path;
    };
    constexpr auto json = "application/json";
    constexpr auto form = "application/x-www-form-urlencoded";
    const auto r = GENERATE_COPY(values<row>({
        {shape::generic, "POST", json, "/"},
        {shape::vonage, "POST", json, "/v1/messages"},
        {shape::vonage_sms, "POST", form, "/sms/json"},
        {shape::twilio, "POST", form, "/2010-04-01/Accounts/AC1/Messages.json"},
        {shape::plivo, "POST", json, "/v1/Account/AC1/Message/"},
        {shape::telnyx, "POST", json, "/v2/messages"},
        {shape::audian, "PUT", json, "/v2/accounts/AC1/sms"},
    }));
    CAPTURE(r.path);
    CHECK(sender::method_of(r.looks) == r.method);
    CHECK(sender::type_of(r.looks) == r.type);
    CHECK(sender::path_of(r.looks, who) == r.path);
}

TEST_CASE("form: every shape is that of a profile", "[send][form]") {
    CHECK(sender::shape_names().size() == 7);
    for (const auto name : sender::shape_names()) {
        CAPTURE(name);
        CHECK(sender::name_of(sender::shape_of(name)) == name);
        CHECK(bide::http::profiles::find(name) != nullptr);
    }
    CHECK(sender::shape_of("sinch") == shape::generic);
}
