// SPDX-License-Identifier: MIT
#include "inspect/raw_response.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using inspector::parse_response;

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

std::string with_crlf(std::string_view head) {
    std::string out;
    for (const char c : head) out.append(c == '\n' ? "\r" : "").append(1, c);
    return out;
}

struct sample {
    const char* head;
    int status;
    const char* reason;
    headers fields;
    std::string body;
};

const std::vector<sample> samples{
    {"HTTP/1.1 429 Too Many Requests\nRetry-After: 5\nContent-Type: text/plain\n\n",
     429,
     "Too Many Requests",
     {{"Retry-After", "5"}, {"Content-Type", "text/plain"}},
     "slow down\n"},
    {"HTTP/2 503 \nretry-after:\t7 \n\n", 503, "", {{"retry-after", "7"}}, ""},
    {"HTTP/3 204\n\n", 204, "", {}, ""},
    {"HTTP/1.0 200 OK\nX-Empty:\n\n", 200, "OK", {{"X-Empty", ""}}, "\n\n"},
    // The last of several blocks: interim, a proxy's, redirects.
    {"HTTP/1.1 200 Connection established\n\nHTTP/1.1 100 Continue\n\n"
     "HTTP/1.1 302 Found\nLocation: /b\nRetry-After: 1\n\n"
     "HTTP/2 429 \nretry-after: 2\n\n",
     429,
     "",
     {{"retry-after", "2"}},
     "{}"},
    {"HTTP/1.1 100 Continue\n\n", 100, "Continue", {}, ""},
    // Obsolete line folding, also of an empty value.
    {"HTTP/1.1 200 OK\nA: one\n  two\n\t three\nB:\n four\n\n",
     200,
     "OK",
     {{"A", "one two three"}, {"B", "four"}},
     ""},
    {"HTTP/1.1 429 no\nA: b:c\nA: \"d\"\nx-!#$%&'*+.^_`|~9: 1\n\n",
     429,
     "no",
     {{"A", "b:c"}, {"A", "\"d\""}, {"x-!#$%&'*+.^_`|~9", "1"}},
     "HTTP/ is no status line"},
};

void check(const std::string& text, const sample& expected) {
    INFO(text);
    const auto r = parse_response(text);
    CHECK(r.status == expected.status);
    CHECK(r.reason == expected.reason);
    CHECK(r.headers == expected.fields);
    CHECK(r.body == expected.body);
}

}  // namespace

TEST_CASE("raw_response: what curl -i prints", "[inspect][raw_response]") {
    for (const auto& s : samples) {
        check(s.head + s.body, s);
        check(with_crlf(s.head) + s.body, s);
    }
    SECTION("a body may be anything") {
        const std::string body{"\0\r\n\xff: \nHTTP", 12};
        CHECK(parse_response("HTTP/1.1 200 OK\r\n\r\n" + body).body == body);
    }
    SECTION("nothing behind the fields, as it comes out of a ticket") {
        const auto r = parse_response("\n\nHTTP/1.1 429 no\nRetry-After: 5");
        CHECK(r.headers == headers{{"Retry-After", "5"}});
        CHECK(r.body.empty());
    }
    SECTION("fields are views in order") {
        const auto r = parse_response(samples[0].head);
        const auto fields = fields_of(r);
        REQUIRE(fields.size() == 2);
        CHECK(fields[0].name == "Retry-After");
        CHECK(fields[1].value == "text/plain");
        CHECK(fields[1].value.data() == r.headers[1].second.data());
    }
}

TEST_CASE("raw_response: what is none is refused with its line", "[inspect][raw_response]") {
    const std::string status_line =
        " must be a status line such as \"HTTP/1.1 429 Too Many Requests\", as curl -i prints it, "
        "got ";
    const std::string field =
        " must be a header field such as \"Retry-After: 5\", or empty between the header and the "
        "body, got ";
    const std::vector<std::pair<std::string, std::string>> rows{
        {"", "it must be a response as curl -i prints it, got nothing"},
        {"\r\n\n", "it must be a response as curl -i prints it, got nothing"},
        {"{\"ok\":true}", "line 1" + status_line + "\"{\"ok\":true}\""},
        {"\nHTTP/1.1 42\n", "line 2" + status_line + "\"HTTP/1.1 42\""},
        {"HTTP/1.1 42x no", "line 1" + status_line + "\"HTTP/1.1 42x no\""},
        {"HTTP/1.1 4290\n", "line 1" + status_line + "\"HTTP/1.1 4290\""},
        {"HTTP/1.1\t429", "line 1" + status_line + "\"HTTP/1.1\\x09429\""},
        {"HTTP/11 429", "line 1" + status_line + "\"HTTP/11 429\""},
        {"HTTP/1.10 429", "line 1" + status_line + "\"HTTP/1.10 429\""},
        {"HTTP/x 429", "line 1" + status_line + "\"HTTP/x 429\""},
        {"HTTP/1,1 429", "line 1" + status_line + "\"HTTP/1,1 429\""},
        {"HTTP/1.x 429", "line 1" + status_line + "\"HTTP/1.x 429\""},
        {"HTTP/ 429", "line 1" + status_line + "\"HTTP/ 429\""},
        {"http/1.1 429", "line 1" + status_line + "\"http/1.1 429\""},
        {"HTTP/1.1 200 OK\nRetry-After\n", "line 2" + field + "\"Retry-After\""},
        {"HTTP/1.1 200 OK\r\nA: b\r\nRetry-After : 5\r\n\r\n",
         "line 3" + field + "\"Retry-After : 5\""},
        {"HTTP/1.1 200 OK\n: 5\n", "line 2" + field + "\": 5\""},
        {"HTTP/1.1 200 OK\n folded\n", "line 2" + field + "\" folded\""},
        {"HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\n\x1b[2Jb\xc3\xa9: 5\n",
         "line 4" + field + "\"\\x1b[2Jb\\xc3\\xa9: 5\""},
        {std::string(61, 'x'), "line 1" + status_line + "\"" + std::string(60, 'x') + "...\""},
        {std::string(60, 'x'), "line 1" + status_line + "\"" + std::string(60, 'x') + "\""},
    };
    for (const auto& [text, message] : rows) CHECK_THROWS_WITH(parse_response(text), message);
}

TEST_CASE("raw_response: cut anywhere it is read or refused", "[inspect][raw_response]") {
    std::size_t read = 0;
    std::size_t refused = 0;
    for (const auto& s : samples) {
        const auto whole = with_crlf(s.head) + s.body;
        for (std::size_t size = 0; size <= whole.size(); ++size) try {
                const auto r = parse_response(std::string{whole, 0, size});
                CHECK(r.status >= 100);
                ++read;
            } catch (const std::invalid_argument&) {
                ++refused;
            }
    }
    CHECK(read > 100);
    CHECK(refused > 100);
}
