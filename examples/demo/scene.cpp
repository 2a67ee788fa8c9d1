// SPDX-License-Identifier: MIT
#include "demo/scene.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace demo {

using namespace std::chrono_literals;

gateway::options gateway_options(std::uint64_t seed) {
    gateway::options o;
    o.limit = limit_per_s;
    o.faults = gateway::parse_fault_spec(faults);
    o.seed = seed;
    o.stall = 4s;
    o.latency = {2ms, 20ms};
    return o;
}

sender::options sender_options(const std::string& url) {
    sender::options o;
    o.gateway = url;
    o.profile = &stand_in;
    o.speed = {};  // most of the 429s come by chance, so that a pacer would slow down for nothing
    // Shorter than a stall, so that one is seen for what it is; a deadline far beyond the usual 12
    // s keeps a machine that can hardly breathe from going on for ever.
    o.per_message.try_timeout = 2s;
    o.deadline = 25s;
    return o;
}

}  // namespace demo
