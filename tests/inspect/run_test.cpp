// SPDX-License-Identifier: MIT
#include "inspect/run.hpp"

#include "inspect/inspection.hpp"
#include "inspect/meaning.hpp"
#include "inspect/unread.hpp"
#include "support/catch.hpp"

#include <bide/http/field.hpp>
#include <bide/http/response.hpp>
#include <bide/http/status.hpp>
#include <bide/time.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using Catch::Matchers::ContainsSubstring;
using inspector::form;
using inspector::request;

namespace {

constexpr bide::wall_time arrival{std::chrono::seconds{1'795'299'600}};

std::string answer(const std::string& response, const request& wanted = {}) {
    std::istringstream in{response};
    std::ostringstream out;
    if (inspector::run(wanted, in, out, arrival) != 0) FAIL("a bad line where there are none");
    return out.str();
}

/// What follows a label, with its broken lines put together again.
std::string paragraph(const std::string& answer, const std::string& label) {
    std::string found;
    std::istringstream lines{answer};
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(' ')) inside = line.starts_with(label + " ");
        if (inside && line.size() > 11) found += (found.empty() ? "" : " ") + line.substr(11);
    }
    return found;
}

}  // namespace

TEST_CASE("run: the whole answer in words, as README shows it", "[inspect]") {
    std::ifstream file{std::string{BIDE_TESTS_DIR} + "/inspect/readme.txt"};
    std::ostringstream shown;
    shown << file.rdbuf();
    CHECK("$ curl -si https://api.example.com/messages -d @message | bide-inspect\n" +
              answer("HTTP/1.1 429 Too Many Requests\r\nDate: Sat, 21 Nov 2026 22:20:00 GMT\r\n"
                     "X-RateLimit-Limit: 2\r\nX-RateLimit-Remaining: 0\r\n"
                     "X-RateLimit-Reset: 1795299607\r\nX-RateLimit-Bucket: sms\r\n"
                     "Retry-After: 6\r\n\r\nslow down\n") ==
          shown.str());
}

TEST_CASE("run: one object has all of it", "[inspect][json]") {
    CHECK(
        answer("HTTP/2 429 \nretry-after: soon\nratelimit: \"a\";r=1, \"b\";r=0;t=7\n"
               "x-should-retry: true\n\n",
               {.form = form::json}) ==
        R"({"delay_ms":7000,"limit":null,"remaining":0,"reset_ms":7000,"window_ms":null,)"
        R"("verdict":"throttled","certainty":"rejected","why":"429: too many requests; this one )"
        R"(was turned away without being acted on (RFC 6585 4); it asks to be tried again; wait: )"
        R"(7s, until its quota \"b\", which is used up, is reset, by ratelimit: \"a\";r=1, )"
        R"(\"b\";r=0;t=7","status":429,"method":"POST","idempotent":false,"profile":"generic",)"
        R"("profile_guessed":false,"repeat":"Yes, with any method, for nothing was done.",)"
        R"("delay_from":"quotas","quotas":[{"name":"a","unit":"","limit":null,"remaining":1,)"
        R"("reset_ms":null,"window_ms":null,"binds":false},{"name":"b","unit":"","limit":null,)"
        R"("remaining":0,"reset_ms":7000,"window_ms":null,"binds":true}],"advice":"again",)"
        R"("not_used":[{"name":"retry-after","value":"soon","why":"its value is not )"
        R"(understood"}],"next":{"again":true,"wait_min_ms":7000,"wait_max_ms":7700,)"
        R"("ended":null,"retry_in_ms":null}})"
        "\n");
    const auto ended =
        nlohmann::json::parse(answer("HTTP/2 503 \nretry-after: 90\nretry-after-x: \xff\n\n",
                                     {.form = form::json, .method = "GET"}));
    CHECK(ended["idempotent"] == true);
    CHECK(ended["not_used"][0]["value"] == "\xef\xbf\xbd");
    CHECK(ended["next"].dump() == R"({"again":false,"ended":"unknown","retry_in_ms":90000,)"
                                  R"("wait_max_ms":null,"wait_min_ms":null})");
}

TEST_CASE("run: may it be repeated, and what comes next", "[inspect]") {
    struct row {
        const char* response;
        request how;
        std::string repeat;
        std::string next;
    };
    const std::string drawn =
        " (drawn by chance, so that clients do not come back together), then "
        "tries again (try 2 of 4)";
    const std::vector<row> rows{
        {"HTTP/2 200\n\n", {}, "It need not be: it worked.", "takes it as done"},
        {"HTTP/2 404\n\n",
         {},
         "No: the same request would fail again.",
         "does not send it again and ends as permanent"},
        {"HTTP/2 404\nretry-after: 90\n\n",
         {},
         "No: the same request would fail again.",
         "does not send it again and ends as permanent; the server wants to be left alone for 90s"},
        {"HTTP/2 500\n\n",
         {},
         "POST: no, because the server may have acted on it and a second one could act twice. GET, "
         "HEAD, PUT, DELETE: yes. A key would not help: profile generic knows of none that is "
         "honoured.",
         "does not send it again and ends as unknown: find out whether it was acted on before you "
         "send it again"},
        {"HTTP/2 500\n\n",
         {.has_key = true},
         "POST with its key: no, because the server may have acted on it and a second one could "
         "act twice. GET, HEAD, PUT, DELETE: yes. The idempotency key does not help: profile "
         "generic knows of none that is honoured.",
         "does not send it again and ends as unknown: find out whether it was acted on before you "
         "send it again"},
        {"HTTP/2 500\n\n",
         {.profile = "telnyx"},
         "POST: no, because the server may have acted on it and a second one could act twice. GET, "
         "HEAD, PUT, DELETE: yes. With an idempotency key (Idempotency-Key) telnyx lets it be sent "
         "again for 86400s (1d).",
         "does not send it again and ends as unknown: find out whether it was acted on before you "
         "send it again"},
        {"HTTP/2 500\n\n",
         {.has_key = true, .profile = "telnyx"},
         "POST with its key: yes, although the server may have acted on it, for several have the "
         "effect of one.",
         "waits 0s to 500ms" + drawn},
        {"HTTP/2 500\n\n",
         {.method = "PUT"},
         "PUT: yes, although the server may have acted on it, for several have the effect of one.",
         "waits 0s to 500ms" + drawn},
        {"HTTP/2 409\nx-should-retry: true\n\n",
         {},
         "POST: no, because it was answered and a second one could act twice. GET, HEAD, PUT, "
         "DELETE: yes. A key would not help: profile generic knows of none that is honoured.",
         "does not send it again and ends as permanent"},
        {"HTTP/2 500\nx-should-retry: false\n\n",
         {.method = "GET"},
         "No: it may have been acted on already, and asking again cannot help.",
         "does not send it again and ends as unknown: find out whether it was acted on before you "
         "send it again"},
        {"HTTP/2 429\nretry-after: 60\n\n",
         {},
         "Yes, with any method, for nothing was done.",
         "does not wait that long (at most 60s, and 30s in all) and ends as deferred, to be sent "
         "again in 60s"},
    };
    for (const auto& r : rows) {
        INFO(r.response << r.how.method << r.how.profile);
        const auto a = answer(r.response, r.how);
        CHECK(paragraph(a, "repeat") == r.repeat);
        CHECK(paragraph(a, "next") == "http::sender() " + r.next);
    }
}

TEST_CASE("run: how long to wait, and who says so", "[inspect]") {
    const std::string first = ", but the most exact field that asks for a wait comes first";
    const std::string outright = ", but what asks for a wait outright comes first";
    struct row {
        std::string response;
        std::string wait;
        const char* profile = "";
    };
    const std::vector<row> rows{
        {"HTTP/2 429\n\n", "the response does not say how long to wait"},
        {"HTTP/2 200\nratelimit: \"a\";r=0;t=7\n\n", "no wait follows from a success"},
        {"HTTP/2 302\nratelimit: \"a\";r=0;t=7\n\n",
         "no wait follows from the quotas of such a status"},
        {"HTTP/2 429\nratelimit: \"a\";r=1;t=7\n\n",
         "no wait follows from quotas of which something is left, for this answer was about "
         "something else"},
        {"HTTP/2 503\nratelimit-reset: 7\n\n",
         "no wait follows from a quota that does not say what remains, except after a 429"},
        {"HTTP/2 429\nratelimit-reset: 7\n\n",
         "7s, until its quota is reset, by ratelimit-reset: 7"},
        {"HTTP/2 429\nRetry-After: 6\nretry-after: 7\nretry-after-ms: 6000\nx-retry-in: 6s\n\n",
         "6s, by Retry-After: 6, retry-after-ms: 6000 and x-retry-in: 6s retry-after: 7 asks for "
         "7s" +
             first},
        {"HTTP/2 429\nratelimit-remaining: 0\nratelimit-reset: 7200\nretry-after: 120\n\n",
         "120s (2m), by retry-after: 120 ratelimit-reset: 7200 means 7200s (2h)" + outright},
        {"HTTP/2 429\nratelimit: \"a\";r=1;t=7, \"b\";r=0;t=7\n\n",
         "7s, until its quota \"b\", which is used up, is reset, by ratelimit: "
         "\"a\";r=1;t=7, \"b\";r=0;t=7"},
        {"HTTP/2 200\nretry-after: 5\n\n{\"messages\":[{\"status\":\"1\"}]}",
         "5s, by retry-after: 5", "vonage-sms"},
        {"HTTP/2 429\nretry-after: 1.25\n\n", "1.25s, by retry-after: 1.25"},
        {"HTTP/2 429\nretry-after: 0\n\n", "0s, by retry-after: 0"},
        {"HTTP/2 429\nretry-after-ms: 999\n\n", "999ms, by retry-after-ms: 999"},
        {"HTTP/2 429\nretry-after: 183661\n\n", "183661s (2d 3h 1m), by retry-after: 183661"},
        {"HTTP/2 429\nretry-after: 9999999999999999999\n\n",
         "for ever, by retry-after: 9999999999999999999"},
        {"HTTP/2 429\n\n{\"code\":5,\"retry_after\":2,\"zone\":5}",
         "2s, by /retry_after in its body"},
        {"HTTP/2 200\n\n{\"messages\":[{\"status\":\"1\",\"error-text\":\"please wait [ 250 ]\"}]}",
         "250ms, by /messages/0/error-text and /messages/0/status in its body", "vonage-sms"},
        {"HTTP/2 429\n\n",
         "60s, which the documentation of github asks for where a response does not say it",
         "github"},
    };
    for (const auto& r : rows) {
        INFO(r.response);
        CHECK(paragraph(answer(r.response, {.profile = r.profile}), "wait") == r.wait);
    }
}

TEST_CASE("run: quotas and the one that binds", "[inspect]") {
    const auto quotas = [](const std::string& fields) {
        return paragraph(answer("HTTP/2 200\n" + fields + "\n"), "quotas");
    };
    CHECK(quotas("") == "none told");
    CHECK(quotas("ratelimit-limit: 5\nratelimit-remaining: 4\n") == "limit 5, remaining 4");
    CHECK(quotas("ratelimit-policy: \"a\";q=9;w=60;qu=\"bytes\", \"b\";q=5\n"
                 "ratelimit: \"a\";r=3;t=7, \"b\";r=2\n") ==
          "\"a\": limit 9, remaining 3, reset in 7s, window 60s, counted in \"bytes\" "
          "\"b\": limit 5, remaining 2  <- binds");
}

TEST_CASE("run: what looks like a limit but is not used, and why", "[inspect]") {
    struct row {
        const char* name;
        const char* value;
        const char* why;
    };
    const std::vector<row> rows{
        {"retry-after", "5", ""},
        {"ratelimit-policy", "5;w=1", ""},
        {"x-should-retry", "true", ""},
        {"content-type", "retry", ""},
        {"retry-after", "soon", "its value is not understood"},
        {"retry-after-ms", "5s", "its value is not understood"},
        {"x-retry-in", "5", "its value is not understood"},
        {"ratelimit", "\"a\"", "its value is not understood"},
        {"x-ratelimit-reset", "soon", "its value is not understood"},
        {"x-should-retry", "maybe", "its value is not understood"},
        {"retry-after", "Sat, 21 Nov 2026 22:20:45 GMT",
         "an instant, and neither a Date nor --now says what time it is"},
        {"x-ratelimit-reset", "1795299607",
         "an instant, and neither a Date nor --now says what time it is"},
        {"x-ratelimit-bucket", "sms", "no name of a wait or a quota that we know"},
        {"X-Quota-Left", "5", "no name of a wait or a quota that we know"},
        {"Throttle-Wait", "5", "no name of a wait or a quota that we know"},
        {"date", "today", "no valid date; the time of arrival is used instead"},
    };
    for (const auto& [name, value, why] : rows) {
        INFO(name << ": " << value);
        // Where no clock is trusted, as in a line that says so.
        const bide::http::field field{name, value};
        const bide::http::response_view response{.status = 429, .fields = {&field, 1}};
        const auto all = inspector::unread_fields(inspector::inspect(response, {}), response, {});
        REQUIRE(all.size() == (std::string_view{why}.empty() ? 0 : 1));
        if (!all.empty()) CHECK(all[0].why == why);
        if (!all.empty()) CHECK(all[0].field == &field);
    }
    CHECK(paragraph(answer("HTTP/2 200\nRetry-After: 5\nAge: 9\nX-RateLimit-Remaining: 0\n\n"),
                    "not used") ==
          "Retry-After: 5 (on a success it means nothing: several servers send it all the time) "
          "X-RateLimit-Remaining: 0 (from a cache (Age), so it was said to somebody else)");
}

TEST_CASE("run: the meaning names its source", "[inspect]") {
    for (const auto& rule : bide::http::status_table) {
        INFO(rule.first << " to " << rule.last);
        CHECK_FALSE(inspector::words_of(rule).empty());
    }
    CHECK(inspector::words_of(bide::http::status_rule{}).empty());

    const auto meaning = [](const std::string& response, const request& how = {}) {
        return paragraph(answer(response, how), "meaning");
    };
    CHECK(meaning("HTTP/2 403\nretry-after: 9\n\n", {.profile = "github"}) ==
          "throttled (we are too fast, the service is healthy): the provider says so of a 403 with "
          "a Retry-After (profile github)");
    CHECK(meaning("HTTP/2 500\nx-should-retry: false\n\n") ==
          "permanent (the same request will fail again): the server has trouble and does not say "
          "how far it got with the request (RFC 9110 15.6); it asks not to be tried again");
    CHECK(meaning("HTTP/2 200\nx-should-retry: false\n\n") ==
          "success: the request worked (RFC 9110 15.3)");
    CHECK(meaning("HTTP/2 409\n\n", {.has_key = true, .profile = "stripe"}) ==
          "transient (it tends to pass): the first request with this idempotency key still runs "
          "(draft-ietf-httpapi-idempotency-key-header)");
}

TEST_CASE("run: a refusal inside a success is recognised, unless the profile is named",
          "[inspect]") {
    const std::string throttled =
        "HTTP/2 200\n\n{\"messages\":[{\"status\":\"1\",\"error-text\":\"please wait [ 250 ]\"}]}";
    const auto guessed = answer(throttled);
    CHECK_THAT(guessed, ContainsSubstring("200 in answer to POST, profile vonage-sms (guessed from "
                                          "the body; --profile generic reads it as anybody's)\n"));
    CHECK(paragraph(guessed, "meaning") ==
          "throttled (we are too fast, the service is healthy): the body says so: "
          "/messages/*/status is \"1\" (profile vonage-sms)");
    CHECK_THAT(answer(throttled, {.profile = "generic"}),
               ContainsSubstring("200 in answer to POST, profile generic\n"));
    const std::string in_part =
        "HTTP/2 200\n\n{\"messages\":[{\"status\":\"1\"},{\"status\":\"0\"}]}";
    CHECK_THAT(answer(in_part), ContainsSubstring("profile generic\n"));
    CHECK(paragraph(answer(in_part, {.profile = "vonage-sms"}), "meaning") ==
          "permanent (the same request will fail again): the body says so: /messages/*/status is "
          "\"0\" in one part of the reply but not in all, so something may have been done (profile "
          "vonage-sms)");
    CHECK(paragraph(answer("HTTP/2 200\n\nok", {.profile = "vonage-sms"}), "meaning") ==
          "transient (it tends to pass): only a body tells whether the provider accepted the "
          "request, and this one does not (profile vonage-sms)");
}

TEST_CASE("run: a profile from a file, the time of arrival, and what is refused", "[inspect]") {
    const std::string file = "bide_inspect_run_test.json";
    std::ofstream{file} << R"({"name":"koa","truncates_to":"1s"})";
    const request by_file{.profile = "@" + file};
    CHECK(paragraph(answer("HTTP/2 429\nretry-after: 3\n\n", by_file), "wait") ==
          "4s, by retry-after: 3, lengthened because koa cuts off what is less than 1s");
    std::ofstream{file} << "{}";
    CHECK_THROWS_AS(answer("HTTP/2 429\n\n", by_file), std::invalid_argument);
    CHECK(std::remove(file.c_str()) == 0);

    const std::string until = "HTTP/2 429\nretry-after: Sat, 21 Nov 2026 22:20:45 GMT\n\n";
    CHECK(paragraph(answer(until), "wait").starts_with("45s, by "));
    CHECK(paragraph(answer(until, {.now = arrival + std::chrono::seconds{5}}), "wait")
              .starts_with("40s, by "));
    CHECK_THROWS_WITH(answer("no response"),
                      "standard input: line 1 must be a status line such as \"HTTP/1.1 429 Too "
                      "Many Requests\", as curl -i prints it, got \"no response\"");
}
