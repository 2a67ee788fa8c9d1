// SPDX-License-Identifier: MIT
#ifndef SENDER_PAUSE_HPP
#define SENDER_PAUSE_HPP

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace sender {

/// Blocks for that time; false if a stop request ended it before.
inline bool pause(const std::stop_token& token, std::chrono::nanoseconds time) {
    std::mutex mutex;
    std::condition_variable_any nothing;
    std::unique_lock lock{mutex};
    return !nothing.wait_for(lock, token, time, [&token] { return token.stop_requested(); });
}

}  // namespace sender

#endif  // SENDER_PAUSE_HPP
