// SPDX-License-Identifier: MIT
#include "gateway/wait_headers.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>
#include <string_view>

using namespace std::chrono_literals;
using gateway::header_style;

namespace {

// 1994-11-06 08:49:37 UTC, the example of RFC 9110.
constexpr std::chrono::sys_seconds example{784111777s};

struct told {
    std::string text;  ///< All fields, "name: value" and a line end each.
    std::chrono::nanoseconds wait;
};

std::string text_of(const gateway::http_reply& reply) {
    std::string text;
    for (const auto& [name, value] : reply.fields) text += name + ": " + value + "\n";
    return text;
}

told asked(header_style style, std::chrono::nanoseconds wait,
           std::chrono::system_clock::time_point now) {
    gateway::http_reply reply;
    const auto wait_told = gateway::add_retry_after(reply, style, wait, now);
    return {text_of(reply), wait_told};
}

/// A quota of 50 in 1.5 s of which 49 are left, more in 200 ms.
told quota(header_style style, gateway::algorithm how = gateway::algorithm::sliding) {
    gateway::options opts;
    opts.window = 1500ms;
    opts.how = how;
    opts.headers = style;
    gateway::http_reply reply;
    const auto reset = gateway::add_quota(
        reply, opts, {.accepted = true, .remaining = 49, .more_in = 200ms, .limit = 50},
        example + 900ms);
    return {text_of(reply), reset};
}

}  // namespace

TEST_CASE("imf_fixdate: prints the example of RFC 9110", "[gateway][http]") {
    CHECK(gateway::imf_fixdate(example) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("add_retry_after: seconds are rounded up, at least 1", "[gateway][headers]") {
    using enum header_style;
    CHECK(asked(retry_after, 0ns, example).text == "Retry-After: 1\n");
    CHECK(asked(retry_after, 1s, example).text == "Retry-After: 1\n");
    CHECK(asked(retry_after, 1s + 1ns, example).wait == 2s);
    for (const auto style : {draft6, draft7, draft8})
        CHECK(asked(style, 3s, example).text == "Retry-After: 3\n");
    for (const auto style : {none, x_delta, x_epoch}) {
        CHECK(asked(style, 5s, example).text.empty());
        CHECK(asked(style, 5s, example).wait == 0s);
    }
}

TEST_CASE("add_retry_after: dates are rounded up and later than Date", "[gateway][headers]") {
    const auto style = header_style::retry_after_date;
    const auto date = [](std::string_view time) {
        return "Retry-After: Sun, 06 Nov 1994 " + std::string{time} + " GMT\n";
    };
    CHECK(asked(style, 2s, example).text == date("08:49:39"));
    CHECK(asked(style, 2s, example).wait == 2s);
    CHECK(asked(style, 2s, example + 1ms).text == date("08:49:40"));
    CHECK(asked(style, 2s, example + 1ms).wait == 2999ms);
    CHECK(asked(style, 0ns, example).text == date("08:49:38"));
}

TEST_CASE("add_quota: speaks every dialect", "[gateway][headers]") {
    CHECK(quota(header_style::draft6).text ==
          "RateLimit-Limit: 50\nRateLimit-Remaining: 49\nRateLimit-Reset: 1\n"
          "RateLimit-Policy: 50;w=2\n");
    CHECK(quota(header_style::draft7).text ==
          "RateLimit: limit=50, remaining=49, reset=1\nRateLimit-Policy: 50;w=2\n");
    CHECK(quota(header_style::draft8).text ==
          "RateLimit-Policy: \"default\";q=50;w=2\nRateLimit: \"default\";r=49;t=1\n");
    CHECK(quota(header_style::x_delta).text ==
          "x-ratelimit-limit: 50\nx-ratelimit-remaining: 49\nx-ratelimit-reset: 1\n");
    // 37.9 s and 200 ms are 38.1 s, upward.
    CHECK(quota(header_style::x_epoch).text ==
          "X-RateLimit-Limit: 50\nX-RateLimit-Remaining: 49\nX-RateLimit-Reset: 784111779\n");
    CHECK(quota(header_style::x_epoch).wait == 1100ms);
    CHECK(quota(header_style::draft8).wait == 1s);
    for (const auto silent :
         {header_style::none, header_style::retry_after, header_style::retry_after_date})
        CHECK(quota(silent).text.empty());
}

TEST_CASE("add_quota: requests in flight have no reset, and no limit has nothing to tell",
          "[gateway][headers]") {
    const auto flying = quota(header_style::draft8, gateway::algorithm::concurrency);
    CHECK(flying.text ==
          "RateLimit-Policy: \"default\";q=50;qu=\"concurrent-requests\"\n"
          "RateLimit: \"default\";r=49\n");
    CHECK(flying.wait == 0s);
    gateway::http_reply reply;
    gateway::options opts;
    opts.headers = header_style::draft7;
    CHECK(gateway::add_quota(reply, opts, {}, example) == 0s);
    CHECK(reply.fields.empty());
}
