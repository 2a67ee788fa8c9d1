// SPDX-License-Identifier: MIT
#include "gateway/wait_headers.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using gateway::header_style;

namespace {

// 1994-11-06 08:49:37 UTC, the example of RFC 9110.
constexpr std::chrono::sys_seconds example{784111777s};

std::string retry_after(header_style style, std::chrono::nanoseconds wait,
                        std::chrono::system_clock::time_point now) {
    gateway::http_reply reply;
    gateway::add_retry_after(reply, style, wait, now);
    return reply.fields.empty() ? "" : reply.fields.at(0).second;
}

}  // namespace

TEST_CASE("imf_fixdate: prints the example of RFC 9110", "[gateway][http]") {
    CHECK(gateway::imf_fixdate(example) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("add_retry_after: seconds are rounded up, at least 1", "[gateway][headers]") {
    CHECK(retry_after(header_style::none, 5s, example).empty());
    CHECK(retry_after(header_style::retry_after, 0ns, example) == "1");
    CHECK(retry_after(header_style::retry_after, 1s, example) == "1");
    CHECK(retry_after(header_style::retry_after, 1s + 1ns, example) == "2");
    CHECK(retry_after(header_style::draft7, 3s, example) == "3");
}

TEST_CASE("add_retry_after: dates are rounded up and later than Date", "[gateway][headers]") {
    const auto style = header_style::retry_after_date;
    CHECK(retry_after(style, 2s, example) == "Sun, 06 Nov 1994 08:49:39 GMT");
    CHECK(retry_after(style, 2s, example + 1ms) == "Sun, 06 Nov 1994 08:49:40 GMT");
    CHECK(retry_after(style, 0ns, example) == "Sun, 06 Nov 1994 08:49:38 GMT");
}

TEST_CASE("add_quota: speaks draft 7", "[gateway][headers]") {
    gateway::options opts;
    opts.limit = 50;
    opts.window = 1500ms;
    opts.headers = header_style::draft7;
    gateway::http_reply reply;
    gateway::add_quota(reply, opts, {true, 49, 200ms});
    REQUIRE(reply.fields.size() == 2);
    CHECK(reply.fields[0].first == "RateLimit");
    CHECK(reply.fields[0].second == "limit=50, remaining=49, reset=1");
    CHECK(reply.fields[1].first == "RateLimit-Policy");
    CHECK(reply.fields[1].second == "50;w=2");
    opts.headers = header_style::retry_after;
    gateway::http_reply bare;
    gateway::add_quota(bare, opts, {true, 49, 200ms});
    CHECK(bare.fields.empty());
}
