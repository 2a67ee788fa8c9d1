// SPDX-License-Identifier: MIT
#include "send/options.hpp"

#include <stdexcept>
#include <string>

namespace sender {

void check(const options& opts) {
    if (opts.gateway.empty())
        throw std::invalid_argument{"--gateway is required, for example http://127.0.0.1:8080"};
    (void)url_of(opts.looks, opts.gateway);
    if (opts.concurrency < 1 || opts.concurrency > most_workers)
        throw std::invalid_argument{"--concurrency must be from 1 to " +
                                    std::to_string(most_workers) + ", got " +
                                    std::to_string(opts.concurrency)};
}

}  // namespace sender
