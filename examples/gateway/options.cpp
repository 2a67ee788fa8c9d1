// SPDX-License-Identifier: MIT
#include "gateway/options.hpp"

#include "common/duration.hpp"

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

}  // namespace

void check(const options& opts) {
    using std::chrono::nanoseconds;
    if (opts.limit > largest_limit)
        throw std::invalid_argument{"--limit must be from 0 to " + std::to_string(largest_limit) +
                                    ", got " + std::to_string(opts.limit)};
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
