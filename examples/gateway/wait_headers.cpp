// SPDX-License-Identifier: MIT
#include "gateway/wait_headers.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace gateway {

using std::chrono::seconds;

seconds whole_seconds(std::chrono::nanoseconds wait) {
    return std::max(seconds{1}, std::chrono::ceil<seconds>(wait));
}

void add_retry_after(http_reply& reply, header_style style, std::chrono::nanoseconds wait,
                     std::chrono::system_clock::time_point now) {
    if (style == header_style::none) return;
    if (style != header_style::retry_after_date) {
        reply.fields.emplace_back("Retry-After", std::to_string(whole_seconds(wait).count()));
        return;
    }
    // A date that equals the Date of the answer would read as "now".
    const auto next = std::chrono::floor<seconds>(now) + seconds{1};
    const auto when = std::max(next, std::chrono::ceil<seconds>(now + wait));
    reply.fields.emplace_back("Retry-After", imf_fixdate(when));
}

void add_quota(http_reply& reply, const options& opts, const quota& now) {
    if (opts.headers != header_style::draft7 || opts.limit == 0) return;
    const auto limit = std::to_string(opts.limit);
    reply.fields.emplace_back("RateLimit",
                              "limit=" + limit + ", remaining=" + std::to_string(now.remaining) +
                                  ", reset=" + std::to_string(whole_seconds(now.more_in).count()));
    reply.fields.emplace_back("RateLimit-Policy",
                              limit + ";w=" + std::to_string(whole_seconds(opts.window).count()));
}

}  // namespace gateway
