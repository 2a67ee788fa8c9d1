// SPDX-License-Identifier: MIT
#include "gateway/options.hpp"

#include "common/duration.hpp"
#include "gateway/option_text.hpp"
#include "gateway/provider.hpp"

#include <chrono>
#include <stdexcept>
#include <string>

namespace gateway {
namespace {

void check_duration(const std::string& name, std::chrono::nanoseconds value,
                    std::chrono::nanoseconds least) {
    if (value >= least && value <= common::longest_duration) return;
    throw std::invalid_argument{name + " must be from " + std::to_string(least.count()) +
                                "ns to 24h, got " + std::to_string(value.count()) + "ns"};
}

/// A reset that means nothing is worse than none.
constexpr bool needs_reset(header_style style) {
    using enum header_style;
    return style == draft6 || style == draft7 || style == x_delta || style == x_epoch;
}

void check_headers(const options& opts) {
    const auto style = headers_of(opts);
    const auto& looks = provider_of(opts.looks);
    if (looks.tells_wait_in_body && style != header_style::none)
        throw std::invalid_argument{
            "--headers must be none with --shape " + std::string{looks.name} +
            ", which throttles in the body of a 200, got " + name_of(style)};
    if (opts.how == algorithm::concurrency && needs_reset(style))
        throw std::invalid_argument{
            "--headers must be none, retry-after, retry-after-date or draft8 with --algorithm "
            "concurrency, which has no reset to tell, got " +
            name_of(style)};
    if (opts.headers && opts.limit == 0 &&
        (style == header_style::x_delta || style == header_style::x_epoch))
        throw std::invalid_argument{"--headers " + name_of(style) +
                                    " must come with a --limit, which is all that it tells"};
}

void check_limit(const options& opts) {
    if (opts.limit > largest_limit)
        throw std::invalid_argument{"--limit must be from 0 to " + std::to_string(largest_limit) +
                                    ", got " + std::to_string(opts.limit)};
    if (!opts.then) return;
    if (opts.limit == 0)
        throw std::invalid_argument{"--then-limit must come with a --limit, which it changes"};
    if (opts.then->limit < 1 || opts.then->limit > largest_limit)
        throw std::invalid_argument{"--then-limit must be from 1 to " +
                                    std::to_string(largest_limit) + ", got " +
                                    std::to_string(opts.then->limit)};
    check_duration("--then-limit", opts.then->after, std::chrono::nanoseconds{0});
}

}  // namespace

void check(const options& opts) {
    using std::chrono::nanoseconds;
    check_limit(opts);
    check_headers(opts);
    if (opts.max_connections == 0)
        throw std::invalid_argument{"max_connections must be at least 1, got 0"};
    check_duration("--window", opts.window, std::chrono::milliseconds{1});
    check_duration("--stall", opts.stall, nanoseconds{0});
    check_duration("--refuse-for", opts.refuse_for, nanoseconds{0});
    check_duration("--idle-for", opts.idle_for, nanoseconds{0});
    check_duration("--latency", opts.latency.low, nanoseconds{0});
    check_duration("--latency", opts.latency.high, opts.latency.low);
}

}  // namespace gateway
