// SPDX-License-Identifier: MIT
#include "send/options.hpp"

#include <bide/http/request.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace sender {
namespace {

/// A profile that knows nothing of a PUT that makes a message each time would send it twice.
void check_method(const options& opts) {
    const auto method = method_of(opts.looks);
    const auto& profile = profile_for(opts);
    if (bide::http::is_idempotent({.method = method}, profile))
        throw std::invalid_argument{"--profile must be one that is put_creates with --shape " +
                                    std::string{name_of(opts.looks)} +
                                    ", which makes messages with " + std::string{method} +
                                    ", got " + std::string{profile.name}};
}

}  // namespace

const bide::http::profile& profile_for(const options& opts) noexcept {
    return opts.profile != nullptr ? *opts.profile : profile_of(opts.looks);
}

pace speed_for(const options& opts) {
    auto speed = opts.speed;
    if (speed.how == pace::kind::found && has_pace(gates_of(opts.per_message))) return {};
    const auto& published = profile_for(opts).rate;
    if (speed.how == pace::kind::found && published.requests > 0)
        speed.per_s =
            published.requests / std::chrono::duration<double>{published.per.get()}.count();
    return speed;
}

void check(const options& opts) {
    if (opts.gateway.empty())
        throw std::invalid_argument{"--gateway is required, for example http://127.0.0.1:8080"};
    check_method(opts);
    (void)url_of(opts.looks, opts.who, opts.gateway);
    if (opts.concurrency < 1 || opts.concurrency > most_in_flight)
        throw std::invalid_argument{"--concurrency must be from 1 to " +
                                    std::to_string(most_in_flight) + ", got " +
                                    std::to_string(opts.concurrency)};
}

}  // namespace sender
