// SPDX-License-Identifier: MIT
#include "gateway/wait_headers.hpp"

#include "gateway/provider.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace gateway {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

/// A second that equals that of the answer's Date would read as "now".
std::chrono::sys_seconds whole_instant(nanoseconds wait, system_clock::time_point now) {
    const auto next = std::chrono::floor<seconds>(now) + seconds{1};
    return std::max(next, std::chrono::ceil<seconds>(now + wait));
}

/// The numbers of a quota as the fields write them.
struct told_quota {
    std::string limit;
    std::string remaining;
    std::string reset;
    std::string window;
};

void add_draft6(http_reply& reply, const told_quota& q) {
    reply.fields.emplace_back("RateLimit-Limit", q.limit);
    reply.fields.emplace_back("RateLimit-Remaining", q.remaining);
    reply.fields.emplace_back("RateLimit-Reset", q.reset);
    reply.fields.emplace_back("RateLimit-Policy", q.limit + ";w=" + q.window);
}

void add_draft7(http_reply& reply, const told_quota& q) {
    reply.fields.emplace_back(
        "RateLimit", "limit=" + q.limit + ", remaining=" + q.remaining + ", reset=" + q.reset);
    reply.fields.emplace_back("RateLimit-Policy", q.limit + ";w=" + q.window);
}

/// Requests in flight have neither window nor reset; the draft has a unit for them.
void add_draft8(http_reply& reply, const told_quota& q, bool in_flight) {
    reply.fields.emplace_back("RateLimit-Policy",
                              "\"default\";q=" + q.limit +
                                  (in_flight ? ";qu=\"concurrent-requests\"" : ";w=" + q.window));
    reply.fields.emplace_back("RateLimit", "\"default\";r=" + q.remaining +
                                               (in_flight ? std::string{} : ";t=" + q.reset));
}

}  // namespace

seconds whole_seconds(nanoseconds wait) {
    return std::max(seconds{1}, std::chrono::ceil<seconds>(wait));
}

nanoseconds add_retry_after(http_reply& reply, header_style style, nanoseconds wait,
                            system_clock::time_point now) {
    switch (style) {
        case header_style::none:
        case header_style::x_delta:
        case header_style::x_epoch:
            return {};
        case header_style::retry_after_date: {
            const auto when = whole_instant(wait, now);
            reply.fields.emplace_back("Retry-After", imf_fixdate(when));
            return when - now;
        }
        case header_style::retry_after:
        case header_style::draft6:
        case header_style::draft7:
        case header_style::draft8:
            break;
    }
    const auto told = whole_seconds(wait);
    reply.fields.emplace_back("Retry-After", std::to_string(told.count()));
    return told;
}

nanoseconds add_quota(http_reply& reply, const options& opts, const quota& room,
                      system_clock::time_point now) {
    if (room.limit == 0) return {};
    const auto reset = whole_seconds(room.more_in);
    const told_quota q{std::to_string(room.limit), std::to_string(room.remaining),
                       std::to_string(reset.count()),
                       std::to_string(whole_seconds(opts.window).count())};
    switch (headers_of(opts)) {
        case header_style::none:
        case header_style::retry_after:
        case header_style::retry_after_date:
            return {};
        case header_style::draft6:
            add_draft6(reply, q);
            break;
        case header_style::draft7:
            add_draft7(reply, q);
            break;
        case header_style::draft8: {
            const bool in_flight = opts.how == algorithm::concurrency;
            add_draft8(reply, q, in_flight);
            if (in_flight) return {};
            break;
        }
        case header_style::x_delta:
            reply.fields.emplace_back("x-ratelimit-limit", q.limit);
            reply.fields.emplace_back("x-ratelimit-remaining", q.remaining);
            reply.fields.emplace_back("x-ratelimit-reset", q.reset);
            break;
        case header_style::x_epoch: {
            const auto when = whole_instant(room.more_in, now);
            reply.fields.emplace_back("X-RateLimit-Limit", q.limit);
            reply.fields.emplace_back("X-RateLimit-Remaining", q.remaining);
            reply.fields.emplace_back("X-RateLimit-Reset",
                                      std::to_string(when.time_since_epoch().count()));
            return when - now;
        }
    }
    return reset;
}

}  // namespace gateway
