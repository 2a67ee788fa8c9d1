// SPDX-License-Identifier: MIT
#include "inspect/lines.hpp"

#include "support/catch.hpp"

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using inspector::answer_line;
using inspector::answer_lines;

TEST_CASE("lines: one object for one response", "[inspect][lines]") {
    CHECK(
        answer_line(
            R"({"now":1795299600,"status":429,"headers":[["RateLimit-Policy","\"a\";q=9;w=60"],)"
            R"(["RateLimit","\"a\";r=0;t=7"]],"body":null})",
            {}) ==
        R"({"delay_ms":7000,"limit":9,"remaining":0,"reset_ms":7000,"window_ms":60000,)"
        R"("verdict":"throttled","certainty":"rejected","why":"429: too many requests; this one )"
        R"(was turned away without being acted on (RFC 6585 4); wait: 7s, until its quota \"a\", )"
        R"(which is used up, is reset, by RateLimit: \"a\";r=0;t=7"})");
    CHECK(answer_line(R"({"status":200,"headers":[],"name":"other keys are passed over"})", {}) ==
          R"({"delay_ms":null,"limit":null,"remaining":null,"reset_ms":null,"window_ms":null,)"
          R"("verdict":"success","certainty":"answered","why":"200: the request worked )"
          R"((RFC 9110 15.3); wait: no wait follows from a success"})");
}

TEST_CASE("lines: the body is read, numbers end at 2^53-1, now is the line's", "[inspect][lines]") {
    using Catch::Matchers::ContainsSubstring;
    CHECK_THAT(
        answer_line(R"({"now":null,"status":429,"headers":[],"body":"{\"retry_after\":2}"})", {}),
        ContainsSubstring(R"("delay_ms":2000,)"));
    CHECK_THAT(answer_line(R"({"status":503,"headers":[["Retry-After","99999999999999999"]]})", {}),
               ContainsSubstring(R"("delay_ms":9007199254740991,)"));
    CHECK_THAT(
        answer_line(R"({"status":503,"headers":[["X-RateLimit-Limit","9007199254740992"]]})", {}),
        ContainsSubstring(R"("limit":9007199254740991,)"));
    const auto at = [](const std::string& now) {
        return answer_line(
            R"({"now":)" + now +
                R"(,"status":429,"headers":[["Retry-After","Sat, 21 Nov 2026 22:20:45 GMT"]]})",
            {.now = bide::wall_time{}});
    };
    CHECK_THAT(at("1795299600"), ContainsSubstring(R"("delay_ms":45000,)"));
    CHECK_THAT(at("1795299600.9"), ContainsSubstring(R"("delay_ms":45000,)"));
    CHECK_THAT(at("null"), ContainsSubstring(R"("delay_ms":null,)"));
    CHECK_THAT(at("9223372036"), ContainsSubstring(R"("delay_ms":0,)"));
}

TEST_CASE("lines: a bad line says what is wrong with it", "[inspect][lines][errors]") {
    const std::vector<std::pair<std::string, std::string>> rows{
        {"", "it must be JSON, got a mistake at byte 1"},
        {"{\"status\":200,}", "it must be JSON, got a mistake at byte 15"},
        {std::string{"{}\0x", 4}, "it must be JSON, got a mistake at byte 3"},
        {"{\"status\":1e999}", "it must have numbers that fit a double, got a larger one"},
        {"[1]", "it must be an object, got [1]"},
        {"{}", "/status must be a whole number from 0 to 999, got nothing"},
        {"{\"status\":\"200\"}", "/status must be a whole number from 0 to 999, got \"200\""},
        {"{\"status\":1000}", "/status must be a whole number from 0 to 999, got 1000"},
        {"{\"status\":-1}", "/status must be a whole number from 0 to 999, got -1"},
        {"{\"status\":200}", "/headers must be an array of [\"name\", \"value\"], got nothing"},
        {"{\"status\":200,\"headers\":{}}",
         "/headers must be an array of [\"name\", \"value\"], got {}"},
        {"{\"status\":200,\"headers\":[[\"a\",\"b\"],[\"c\"]]}",
         "/headers/1 must be [\"name\", \"value\"], got [\"c\"]"},
        {"{\"status\":200,\"headers\":[[\"a\",5]]}",
         "/headers/0 must be [\"name\", \"value\"], got [\"a\",5]"},
        {"{\"status\":200,\"headers\":[[5,\"a\"]]}",
         "/headers/0 must be [\"name\", \"value\"], got [5,\"a\"]"},
        {"{\"status\":200,\"headers\":[\"" + std::string(60, 'x') + "\"]}",
         "/headers/0 must be [\"name\", \"value\"], got \"" + std::string(59, 'x') + "..."},
        {"{\"status\":200,\"headers\":[],\"body\":{}}", "/body must be null or a string, got {}"},
        {"{\"now\":-1,\"status\":200,\"headers\":[]}",
         "/now must be null or seconds since 1970 from 0 to 9223372036, got -1"},
        {"{\"now\":9223372037,\"status\":200,\"headers\":[]}",
         "/now must be null or seconds since 1970 from 0 to 9223372036, got 9223372037"},
        {"{\"now\":\"1\",\"status\":200,\"headers\":[]}",
         "/now must be null or seconds since 1970 from 0 to 9223372036, got \"1\""},
    };
    for (const auto& [line, message] : rows) CHECK_THROWS_WITH(answer_line(line, {}), message);
}

TEST_CASE("lines: one answer for each line, in order, and the bad ones do not end it",
          "[inspect][lines]") {
    const std::string good = R"({"status":204,"headers":[]})";
    std::istringstream in{good + "\n\n" + good + "\r\nx\n" + good};
    std::ostringstream out;
    CHECK_FALSE(answer_lines(in, out, {}));
    const auto answer = answer_line(good, {}) + "\n";
    const std::string mistake = "must be JSON, got a mistake at byte 1\"}\n";
    CHECK(out.str() == answer + "{\"error\":\"line 2: it " + mistake + answer +
                           "{\"error\":\"line 4: it " + mistake + answer);

    std::istringstream all_good{good + "\n"};
    CHECK(answer_lines(all_good, out, {}));
    std::istringstream more{good + "\n"};
    out.setstate(std::ios::badbit);
    CHECK_THROWS_WITH(answer_lines(more, out, {}), "standard output cannot be written");
}
