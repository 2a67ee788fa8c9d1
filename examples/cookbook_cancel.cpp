// SPDX-License-Identifier: MIT
#include <bide/stop_token.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;

namespace {

int query() { throw std::runtime_error{"down"}; }

// README: begin
void worker(const std::stop_token& stop) {
    const auto policy = bide::policy(bide::constant(1min), bide::max_attempts(10));
    const auto rows = bide::retry(bide::with(stop, policy), query);
    if (rows.ended() == bide::end::cancelled) std::cout << "stopped, nothing was done\n";
}
// README: end

}  // namespace

int main() {
    std::jthread thread{worker};
    std::this_thread::sleep_for(20ms);
    thread.request_stop();  // ends the minute at once
}
