// SPDX-License-Identifier: MIT
#include "gateway/http_request.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <string>
#include <string_view>

using gateway::request_parser;
using progress = gateway::request_parser::progress;

namespace {

/// Feeds the text in portions of `step` bytes and answers the last progress.
progress feed(request_parser& parser, std::string_view text, std::size_t step) {
    auto last = progress::need_more;
    for (std::size_t at = 0; at < text.size() && last == progress::need_more; at += step) {
        parser.feed(text.substr(at, step));
        last = parser.advance();
    }
    return last;
}

int status_of(std::string_view text) {
    request_parser parser;
    return feed(parser, text, text.size()) == progress::failed ? parser.failure().status : 0;
}

}  // namespace

TEST_CASE("request_parser: portions do not matter", "[gateway][http]") {
    const auto step = GENERATE(as<std::size_t>{}, 1, 2, 3, 7, 1000);
    request_parser parser;
    REQUIRE(feed(parser, "POST /a?b=c HTTP/1.1\r\nHost: x\r\ncontent-length:  5 \r\n\r\nhello",
                 step) == progress::complete);
    const auto request = parser.take();
    CHECK(request.method == "POST");
    CHECK(request.path() == "/a");
    CHECK(request.query() == "b=c");
    CHECK(request.field("Content-Length") == "5");
    CHECK(request.body == "hello");
    CHECK(request.keeps_alive());
    CHECK_FALSE(parser.has_begun());
}

TEST_CASE("request_parser: chunks with extensions and trailers", "[gateway][http]") {
    const auto step = GENERATE(as<std::size_t>{}, 1, 5, 1000);
    request_parser parser;
    REQUIRE(feed(parser,
                 "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "5;x=y\r\nhello\r\nA\r\n, my world\r\n0\r\nTrailer: z\r\n\r\n",
                 step) == progress::complete);
    CHECK(parser.take().body == "hello, my world");
}

TEST_CASE("request_parser: a second request waits behind the first", "[gateway][http]") {
    request_parser parser;
    parser.feed("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
    REQUIRE(parser.advance() == progress::complete);
    CHECK(parser.take().target == "/1");
    REQUIRE(parser.advance() == progress::complete);
    const auto second = parser.take();
    CHECK(second.target == "/2");
    CHECK_FALSE(second.keeps_alive());
    CHECK(parser.advance() == progress::need_more);
}

TEST_CASE("request_parser: knows when the client awaits 100", "[gateway][http]") {
    request_parser parser;
    parser.feed("POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
    REQUIRE(parser.advance() == progress::need_more);
    CHECK(parser.awaits_continue());
    parser.feed("o");
    REQUIRE(parser.advance() == progress::need_more);
    CHECK_FALSE(parser.awaits_continue());
}

TEST_CASE("request_parser: refuses what is malformed or too large", "[gateway][http]") {
    CHECK(status_of("hello\r\n\r\n") == 400);
    CHECK(status_of("GET /  HTTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/2.0\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nno colon\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\na: b\r\n folded\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n") ==
          400);
    CHECK(status_of("GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n") == 413);
    CHECK(status_of("GET / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n") == 413);
    CHECK(status_of("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n") == 413);
    CHECK(
        status_of("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n") ==
        413);
    CHECK(status_of("GET / HTTP/1.1\r\na: " + std::string(70'000, 'x')) == 431);
}
