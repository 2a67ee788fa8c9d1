// SPDX-License-Identifier: MIT
#include <bide/json/read.hpp>  // first, to prove that the header stands alone

#include <bide/http/field.hpp>
#include <bide/http/profiles.hpp>

#include "support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace std::chrono_literals;
using bide::certainty;
using bide::verdict;
using bide::http::field;
using bide::http::profile;
using bide::http::reading;
using bide::http::request_traits;

namespace {

constexpr bide::http::reader reader = &bide::json::read;  // it is one
constexpr bide::wall_time now = std::chrono::sys_days{2026y / 11 / 21} + 22h + 20min;
constexpr request_traits post{.method = "POST"};
constexpr profile generic{.name = "generic"};

// Vonage's SMS API as its documentation has it, in short: 200 for everything, a reply for each
// part of a long message, "1" for throttled, "10" for too many connections, "5" for an error of
// theirs. The wait is told in English, in milliseconds.
constexpr profile sms{
    .name = "sms",
    .body_rules = {{
        {200, 299, "/messages/*/status", "0", verdict::success, certainty::answered},
        {200, 299, "/messages/*/status", "1", verdict::throttled, certainty::rejected},
        {200, 299, "/messages/*/status", "10", verdict::throttled, certainty::rejected},
        {200, 299, "/messages/*/status", "5", verdict::overloaded, certainty::ambiguous},
        {200, 299, "/messages/*/status", "", verdict::permanent, certainty::answered},
    }},
    .body_waits = {{{"/messages/*/error-text", "please wait [",
                     bide::http::reset_unit::milliseconds}}},
    .told_by_body = true,
    .least_wait = 1s,
};

// A provider whose statuses say too little.
constexpr profile coded{
    .name = "coded",
    .body_rules = {{
        {200, 200, "/ok", "false", verdict::throttled, certainty::rejected},
        {302, 302, "/ok", "false", verdict::throttled, certainty::rejected},
        {400, 599, "/code", "busy", verdict::throttled, certainty::rejected},
        {400, 599, "/code", "never", verdict::permanent, certainty::answered},
        {400, 599, "/code", "done", verdict::success, certainty::answered},
        {400, 599, "/code", "who knows", verdict::transient, certainty::ambiguous},
    }},
    .least_wait = 60s,
    .client_error_settles = true,
    .key_header = "Idempotency-Key",
    .key_life = 24h,
    .replay_header = "Idempotent-Replayed",
};

reading read_body(int status, std::string_view body, const profile& provider,
                  const std::vector<field>& fields = {}) {
    return reader({.status = status, .fields = fields, .body = body}, post, provider, now);
}

/// Milliseconds, -1 for none.
std::int64_t hint_in(const reading& r) { return r.hint ? r.hint->count() : -1; }

bide::finding coded_as(int status, std::string_view code, const std::vector<field>& fields = {}) {
    return read_body(status, R"({"code":")" + std::string{code} + R"("})", coded, fields).finding;
}

bool same(const reading& a, const reading& b) {
    return a.finding.verdict == b.finding.verdict && a.finding.certainty == b.finding.certainty &&
           a.finding.hint == b.finding.hint && a.finding.settles == b.finding.settles &&
           a.finding.status == b.finding.status && a.hint == b.hint && a.advice == b.advice &&
           a.date == b.date && a.quotas.size() == b.quotas.size();
}

}  // namespace

TEST_CASE("json::read: one HTTP API that tells all in its 200s", "[json][read]") {
    struct row {
        std::string_view body;
        verdict v;
        certainty c;
        std::int64_t hint;
    };
    const auto [body, v, c, hint] = GENERATE(values<row>({
        {R"({"message-count":"1","messages":[{"to":"44","status":"0"}]})", verdict::success,
         certainty::answered, -1},
        {R"({"messages":[{"status":"1",
            "error-text":"Throughput Rate Exceeded - please wait [ 250 ] and retry"}]})",
         verdict::throttled, certainty::rejected, 250},
        {R"({"messages":[{"status":"1","error-text":"please wait [ 250 ] and retry"},
                         {"status":"1","error-text":"please wait [ 978 ] and retry"}]})",
         verdict::throttled, certainty::rejected, 978},
        {R"({"messages":[{"status":"1","error-text":"Throttled"}]})", verdict::throttled,
         certainty::rejected, -1},
        {R"({"messages":[{"status":"10"}]})", verdict::throttled, certainty::rejected, -1},
        {R"({"messages":[{"status":"5"}]})", verdict::overloaded, certainty::ambiguous, -1},
        {R"({"messages":[{"status":"4"},{"status":"9"}]})", verdict::permanent, certainty::answered,
         -1},
        // A part was sent, so it is never blindly sent again.
        {R"({"messages":[{"status":"0"},{"status":"1","error-text":"please wait [ 250 ]"}]})",
         verdict::permanent, certainty::ambiguous, 250},
        {R"({"messages":[{"status":"1"},{"status":"0"}]})", verdict::permanent,
         certainty::ambiguous, -1},
        {R"({"messages":[{"status":"4"},{"status":"0"}]})", verdict::permanent,
         certainty::ambiguous, -1},
        {R"({"messages":[{"status":"0"},{}]})", verdict::permanent, certainty::ambiguous, -1},
        // Nothing that says what became of it.
        {R"({"messages":[]})", verdict::transient, certainty::ambiguous, -1},
        {R"({"messages":[{}]})", verdict::transient, certainty::ambiguous, -1},
        {R"({"messages":[{"status":"0"}])", verdict::transient, certainty::ambiguous, -1},
        {"", verdict::transient, certainty::ambiguous, -1},
        {"<html>Sign in to use this network</html>", verdict::transient, certainty::ambiguous, -1},
    }));
    CAPTURE(body);
    const auto found = read_body(200, body, sms);
    CHECK(found.finding.verdict == v);
    CHECK(found.finding.certainty == c);
    CHECK(hint_in(found) == hint);
    CHECK(found.finding.status == 200);
    const auto documented =
        v == verdict::throttled ? std::optional<bide::duration>{1s} : std::nullopt;
    const auto expected =
        hint < 0 ? documented : std::optional<bide::duration>{std::chrono::milliseconds{hint}};
    CHECK(std::optional<bide::duration>{found.finding.hint} == expected);
}

TEST_CASE("json::read: without a body that tells, it is http::read", "[json][read]") {
    const std::vector<field> fields = {{"Retry-After", "30"}, {"X-RateLimit-Remaining", "4"}};
    const auto body = GENERATE(R"({"fine":true})", "", "<html>", R"({"retry_after":)");
    for (int status = -1; status < 1000; ++status)
        for (const auto* provider : {&generic, &coded, &sms}) {
            CAPTURE(status, provider->name, body);
            CHECK(
                same(read_body(status, body, *provider, fields),
                     bide::http::read({.status = status, .fields = fields}, post, *provider, now)));
        }
}

TEST_CASE("json::read: only candidates are parsed", "[json][read]") {
    constexpr std::string_view body = R"({"retry_after":5,"ok":true})";
    for (int status = -1; status < 1000; ++status) {
        CAPTURE(status);
        CHECK(hint_in(read_body(status, body, generic)) == (status >= 400 ? 5000 : -1));
        CHECK(hint_in(read_body(status, body, sms)) == (status >= 400 ? 5000 : -1));
    }
    // Below 400 a body has to match a rule, or nothing says that it is a refusal.
    CHECK(hint_in(read_body(200, body, coded)) == -1);
    CHECK(hint_in(read_body(302, body, coded)) == -1);
    CHECK(hint_in(read_body(302, R"({"retry_after":5,"ok":false})", coded)) == 5000);
    CHECK(hint_in(read_body(301, R"({"retry_after":5,"ok":false})", coded)) == -1);
}

TEST_CASE("json::read: fields come before the body", "[json][read][wait]") {
    constexpr std::string_view body = R"({"retry_after":5})";
    CHECK(hint_in(read_body(429, body, generic, {{"Retry-After", "0"}})) == 0);
    CHECK(hint_in(read_body(429, body, generic, {{"Retry-After", "soon"}})) == 5000);
    CHECK(hint_in(read_body(429, body, generic,
                            {{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "9"}})) == 9000);
    CHECK(hint_in(read_body(429, body, generic, {{"X-RateLimit-Remaining", "0"}})) == 5000);
    const auto found = read_body(429, body, generic);
    CHECK(found.finding.hint == bide::duration{5s});
    CHECK(found.finding.verdict == verdict::throttled);
}

TEST_CASE("json::read: a 2xx that is a refusal says by its fields when", "[json][read][wait]") {
    constexpr std::string_view refused = R"({"ok":false,"retry_after":5})";
    const std::vector<field> asks = {{"Retry-After", "7"}};
    CHECK(hint_in(read_body(200, refused, coded, asks)) == 7000);
    CHECK(hint_in(read_body(200, refused, coded)) == 5000);
    CHECK(hint_in(read_body(200, refused, coded,
                            {{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "9"}})) == 9000);
    CHECK(hint_in(read_body(200, R"({"ok":true})", coded, asks)) == -1);
    // As everywhere, quotas of a 3xx are not about it.
    CHECK(hint_in(read_body(302, refused, coded,
                            {{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "9"}})) == 5000);
}

TEST_CASE("json::read: instants count from the Date, else from now", "[json][read][wait]") {
    constexpr std::string_view body =
        R"({"metadata":{"recommendedRetryTime":"2026-11-21T22:21:00Z"}})";
    CHECK(hint_in(read_body(429, body, generic)) == 60'000);
    CHECK(hint_in(read_body(429, body, generic, {{"Date", "Sat, 21 Nov 2026 22:20:50 GMT"}})) ==
          10'000);
    CHECK(hint_in(reader({.status = 429, .body = body}, post, generic, std::nullopt)) == -1);
    CHECK(hint_in(reader({.status = 429, .body = body}, post, generic, now + 999ms)) == 60'000);
}

TEST_CASE("json::read: what the body says comes before the status", "[json][read][rule]") {
    for (const int status : {400, 403, 429, 500, 503}) {
        CAPTURE(status);
        CHECK(coded_as(status, "busy").verdict == verdict::throttled);
        CHECK(coded_as(status, "busy").certainty == certainty::rejected);
        CHECK(coded_as(status, "never").verdict == verdict::permanent);
        CHECK(coded_as(status, "never").certainty == certainty::answered);
        CHECK(coded_as(status, "done").verdict == verdict::success);
        CHECK(coded_as(status, "who knows").certainty == certainty::ambiguous);
    }
    CHECK(coded_as(403, "other").verdict == verdict::permanent);
    CHECK(coded_as(503, "other").certainty == certainty::ambiguous);
}

TEST_CASE("json::read: the documented wait is of what is throttled", "[json][read][wait]") {
    CHECK(coded_as(429, "busy").hint == bide::duration{60s});
    CHECK(coded_as(403, "busy").hint == bide::duration{60s});
    CHECK_FALSE(coded_as(429, "never").hint);
    CHECK_FALSE(coded_as(429, "done").hint);
    CHECK(coded_as(403, "busy", {{"Retry-After", "5"}}).hint == bide::duration{5s});
    CHECK(coded_as(429, "never", {{"Retry-After", "5"}}).hint == bide::duration{5s});
    CHECK_FALSE(coded_as(429, "done", {{"Retry-After", "5"}}).hint);
}

TEST_CASE("json::read: a wait that the provider cuts off is lengthened", "[json][read][wait]") {
    constexpr profile cuts{.name = "cuts", .truncates_to = 1s};
    CHECK(hint_in(read_body(429, R"({"retry_after":5})", cuts)) == 6000);
    CHECK(hint_in(read_body(429, "{}", cuts, {{"Retry-After", "5"}})) == 6000);
    CHECK(hint_in(read_body(429, R"({"retry_after":5})", cuts, {{"Retry-After", "7"}})) == 8000);
    CHECK(hint_in(read_body(429, "{}", cuts)) == -1);
}

TEST_CASE("json::read: settles, advice and replays keep their meaning", "[json][read][rule]") {
    CHECK(coded_as(400, "never").settles);
    CHECK_FALSE(coded_as(500, "never").settles);
    CHECK_FALSE(coded_as(400, "busy").settles);
    CHECK_FALSE(coded_as(400, "who knows").settles);
    CHECK(coded_as(400, "other").settles);

    const std::vector<field> stop = {{"x-should-retry", "false"}};
    const std::vector<field> again = {{"x-should-retry", "true"}};
    CHECK(coded_as(429, "busy", stop).verdict == verdict::permanent);
    CHECK(coded_as(429, "busy", stop).certainty == certainty::rejected);
    CHECK(coded_as(429, "done", stop).verdict == verdict::success);
    CHECK(coded_as(400, "never", again).verdict == verdict::transient);
    CHECK(coded_as(400, "never", again).certainty == certainty::answered);

    const std::vector<field> saved = {{"x-should-retry", "true"}, {"Idempotent-Replayed", "true"}};
    CHECK(coded_as(400, "never", saved).verdict == verdict::permanent);
}

TEST_CASE("json::read: a saved answer is served again, whatever it says", "[json][read][rule]") {
    const std::vector<field> saved = {{"Idempotent-Replayed", "true"}};
    CHECK(coded_as(503, "busy", saved).verdict == verdict::permanent);
    CHECK(coded_as(503, "busy", saved).certainty == certainty::rejected);
    CHECK(coded_as(503, "other", saved).verdict == verdict::permanent);
    CHECK(coded_as(503, "other", saved).certainty == certainty::ambiguous);
    CHECK(coded_as(400, "done", saved).verdict == verdict::success);
}
