// SPDX-License-Identifier: MIT
#include "gateway/provider.hpp"

#include "gateway/raw_client.hpp"
#include "gateway/server.hpp"
#include "gateway/shapes/form_body.hpp"
#include "gateway/shapes/parts.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using gateway::shape;
using nlohmann::json;
using test::raw_client;

namespace {

/// A message as its provider takes it.
struct sample {
    shape looks;
    std::string_view method;
    std::string_view path;
    std::string_view type;
    std::string body;
    int accepted;
    std::string_view headers;  ///< A field that the provider sends by itself with every answer.
};

constexpr std::string_view as_json = "application/json";
constexpr std::string_view as_form = "application/x-www-form-urlencoded";

const sample vonage_sms{shape::vonage_sms,
                        "POST",
                        "/sms/json",
                        as_form,
                        "from=ACME&to=15550100&text=Hi%2C+you&client-ref=m-1",
                        200,
                        ""};
const sample twilio{shape::twilio,
                    "POST",
                    "/2010-04-01/Accounts/AC1/Messages.json",
                    as_form,
                    "To=%2B15550100&From=ACME&Body=Hi&StatusCallback="
                    "https%3A%2F%2Fexample.org%2F%3Fref%3Dm-1",
                    201,
                    "Twilio-Concurrent-Requests"};
const sample plivo{shape::plivo,
                   "POST",
                   "/v1/Account/MA1/Message/",
                   as_json,
                   R"({"src":"ACME","dst":"15550100","text":"Hi","url":"http://a/?ref=m-1"})",
                   202,
                   ""};
const sample telnyx{shape::telnyx,
                    "POST",
                    "/v2/messages",
                    as_json,
                    R"({"from":"ACME","to":"+15550100","text":"Hi","tags":["m-1"]})",
                    200,
                    "x-ratelimit-remaining"};
const sample audian{
    shape::audian,
    "PUT",
    "/v2/accounts/a1/sms",
    as_json,
    R"({"data":{"from":"ACME","to":"+15550100","body":"Hi","custom_vars":{"ref":"m-1"}}})",
    201,
    "RateLimit-Remaining"};

std::string request(const sample& s, std::string_view body, std::string_view fields = "") {
    const auto type = "Content-Type: " + std::string{s.type} + "\r\n" + std::string{fields};
    auto text = test::post(body, s.path, type);
    return std::string{s.method} + text.substr(text.find(' '));
}

gateway::options one_an_hour(shape looks) {
    gateway::options opts;
    opts.looks = looks;
    opts.limit = 1;
    opts.window = 1h;
    return opts;
}

gateway::options with_faults(shape looks, const std::string& spec) {
    gateway::options opts;
    opts.looks = looks;
    opts.faults = gateway::parse_fault_spec(spec);
    return opts;
}

}  // namespace

TEST_CASE("shapes: a message is accepted once, then throttled, and counted by its id",
          "[gateway][shapes]") {
    const auto& s = GENERATE_COPY(values({&vonage_sms, &twilio, &plivo, &telnyx, &audian}));
    CAPTURE(gateway::provider_of(s->looks).name);
    gateway::server server{one_an_hour(s->looks)};
    const raw_client client{server.port()};
    const auto ok = client.ask(request(*s, s->body));
    CHECK(ok.status() == s->accepted);
    const auto full = client.ask(request(*s, s->body));
    CHECK(full.status() == (s->looks == shape::vonage_sms ? 200 : 429));
    for (const auto* const answer : {&ok, &full})
        if (!s->headers.empty()) CHECK_FALSE(answer->field(s->headers).empty());
    CHECK(full.field("Retry-After") == (s->looks == shape::audian ? "3600" : ""));

    CHECK(client.ask(request(*s, "")).status() == (s->looks == shape::vonage_sms ? 200 : 400));
    auto elsewhere = *s;
    elsewhere.path = "/";
    CHECK(client.ask(request(elsewhere, s->body)).status() == 404);
    auto otherwise = *s;
    otherwise.method = "PATCH";
    CHECK(client.ask(request(otherwise, s->body)).field("Allow") == s->method);
    server.stop();
    const auto book = server.ledger();
    REQUIRE(book.messages == 1);
    CHECK(book.messages_list[0].id == "m-1");
    CHECK(book.deliveries == 1);
    CHECK(book.rejected == 1);
    CHECK(book.malformed == 3);
}

TEST_CASE("shapes: vonage-sms says everything in a 200", "[gateway][shapes]") {
    auto opts = one_an_hour(shape::vonage_sms);
    opts.limit = 2;
    opts.faults = gateway::parse_fault_spec("@2:500-acted,@5:429-bare,@6:502");
    gateway::server server{opts};
    const raw_client client{server.port()};
    const auto part = [&](std::string_view body) {
        const auto a = client.ask(request(vonage_sms, body));
        CHECK(a.status() == 200);
        const auto all = json::parse(a.body());
        CHECK(all.at("message-count") == "1");
        REQUIRE(all.at("messages").size() == 1);
        return all.at("messages").at(0);
    };
    const auto ok = part(vonage_sms.body);
    CHECK(ok.at("status") == "0");
    CHECK(ok.at("to") == "15550100");
    CHECK(ok.at("client-ref") == "m-1");
    CHECK(ok.at("message-id").get<std::string>().size() == 16);
    CHECK(part(vonage_sms.body) == json{{"status", "5"}, {"error-text", "Internal Error"}});
    CHECK(server.ledger().early == 0);

    const auto full = part(vonage_sms.body);
    CHECK(full.at("status") == "1");
    const auto text = full.at("error-text").get<std::string>();
    const std::string before = "Throughput Rate Exceeded - please wait [ ";
    REQUIRE(text.starts_with(before));
    CHECK(text.ends_with(" ] and retry"));
    const auto wait = std::stol(text.substr(before.size()));  // milliseconds of the hour
    CHECK(wait > 3'500'000);
    CHECK(wait <= 3'600'000);

    CHECK(part("from=A&to=1&client-ref=m-1") ==
          json{{"status", "2"}, {"error-text", "Missing text param"}});
    CHECK(part(vonage_sms.body) == json{{"status", "1"}, {"error-text", "Throttled"}});
    CHECK(client.ask(request(vonage_sms, vonage_sms.body)).status() == 502);
    server.stop();
    const auto m = server.ledger().messages_list.at(0);
    CHECK(m.ambiguous == 2);
    CHECK(m.rejected == 2);
    CHECK(m.early == 2);  // neither came after the hour
}

TEST_CASE("shapes: answers look like the provider's", "[gateway][shapes]") {
    const auto bodies = [](const sample& s) {
        gateway::server server{one_an_hour(s.looks)};
        const raw_client client{server.port()};
        const auto ok = json::parse(client.ask(request(s, s.body)).body());
        const auto full = json::parse(client.ask(request(s, s.body)).body());
        const auto bad = json::parse(client.ask(request(s, "x")).body());
        return json{ok, full, bad};
    };
    const auto t = bodies(twilio);
    CHECK(t[0].at("sid").get<std::string>().substr(0, 2) == "SM");
    CHECK(t[0].at("sid").get<std::string>().size() == 34);
    CHECK(t[0].at("account_sid") == "AC1");
    CHECK(t[0].at("to") == "+15550100");
    CHECK(t[0].at("body") == "Hi");
    CHECK(t[1] == json{{"code", 20429},
                       {"message", "Too Many Requests"},
                       {"more_info", "https://www.twilio.com/docs/errors/20429"},
                       {"status", 429}});
    CHECK(t[2].at("code") == 21604);

    const auto p = bodies(plivo);
    CHECK(p[0].at("message") == "message(s) queued");
    CHECK(p[0].at("message_uuid").at(0).get<std::string>().size() == 36);
    CHECK(p[1].at("error") == "Too Many Requests");
    CHECK(p[2].at("error") == "the body must be a JSON object");

    const auto x = bodies(telnyx);
    CHECK(x[0].at("data").at("to").at(0).at("phone_number") == "+15550100");
    CHECK(x[0].at("data").at("tags") == json{"m-1"});
    CHECK(x[1].at("errors").at(0).at("code") == "10011");
    CHECK(x[2].at("errors").at(0).at("detail") == "the body must be a JSON object");

    const auto a = bodies(audian);
    CHECK(a[0].at("status") == "success");
    CHECK(a[0].at("data").at("custom_vars").at("ref") == "m-1");
    CHECK(a[1].at("error") == "429");
    CHECK(a[1].at("status") == "error");
    CHECK(a[2].at("data").at("message") == "the body must be a JSON object with an object data");
}

TEST_CASE("shapes: telnyx does a request with a key once", "[gateway][shapes]") {
    gateway::server server{with_faults(shape::telnyx, "@1:close-before-reply-acted")};
    const raw_client lost{server.port()};
    const auto keyed = request(telnyx, telnyx.body, "Idempotency-Key: k-1\r\n");
    CHECK(lost.ask(keyed).bytes.empty());
    const raw_client client{server.port()};
    const auto first = client.ask(keyed);
    CHECK(first.status() == 200);
    CHECK(client.ask(keyed).body() == first.body());
    const auto other = R"({"from":"A","to":"+1","text":"Hi","tags":["m-2"]})";
    CHECK(client.ask(request(telnyx, other, "Idempotency-Key: k-1\r\n")).status() == 422);
    CHECK(client.ask(request(telnyx, other, "Idempotency-Key: k 1\r\n")).status() == 400);
    CHECK(client.ask(request(telnyx, telnyx.body)).status() == 200);
    server.stop();
    const auto book = server.ledger();
    CHECK(book.messages_list.at(0).delivered == 2);  // once with the key, once without
    CHECK(book.messages_list.at(0).replayed == 2);
    CHECK(book.messages_list.at(1).delivered == 0);
}

TEST_CASE("shapes: the limit changes when it is said to", "[gateway][shapes]") {
    auto opts = one_an_hour(shape::generic);
    opts.limit = 3;
    opts.then = gateway::limit_change{.limit = 2, .after = 0s};
    opts.headers = gateway::header_style::draft8;
    gateway::server server{opts};
    const raw_client client{server.port()};
    const auto a = client.ask(test::post(test::message("a")));
    CHECK(a.field("RateLimit-Policy") == "\"default\";q=2;w=3600");
    CHECK(a.field("RateLimit") == "\"default\";r=1;t=3600");
    CHECK(client.ask(test::post(test::message("b"))).status() == 202);
    CHECK(client.ask(test::post(test::message("c"))).status() == 429);
}

TEST_CASE("form_body: decodes as a browser encodes", "[gateway][shapes]") {
    const gateway::shapes::form_body form{"a=1&&b=x%2By+z%&c&d=%C3%BC%4&=e&a=2&f=%zz"};
    CHECK(form.field("a") == "1");
    CHECK(form.field("b") == "x+y z%");
    CHECK(form.field("c").empty());
    CHECK(form.field("d") == "\xc3\xbc%4");
    CHECK(form.field("") == "e");
    CHECK(form.field("f") == "%zz");
    CHECK(form.field("g").empty());
    CHECK(gateway::shapes::reference_in("https://a/b?x=1&ref=m%2D7") == "m-7");
    CHECK(gateway::shapes::reference_in("https://a/b").empty());
    CHECK(gateway::shapes::account_in("/v1/x/y", "/v1/", "/y") == "x");
    for (const auto* const path : {"/v1//y", "/v1/y", "/v1/x/z/y", "/v2/x/y"})
        CHECK(gateway::shapes::account_in(path, "/v1/", "/y").empty());
}
