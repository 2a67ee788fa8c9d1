// SPDX-License-Identifier: MIT
#include "send/places.hpp"

#include <bide/time.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <stop_token>
#include <vector>

namespace sender {

places::places(std::size_t count) : free_{std::greater<>{}, std::vector<bide::time_point>(count)} {}

bool places::take(const std::stop_token& token) {
    std::unique_lock lock{mutex_};
    while (!token.stop_requested() && (!free_.empty() || taken_ > 0)) {
        const auto opens = free_.empty() ? bide::never : free_.top();
        if (opens <= std::chrono::steady_clock::now()) {
            free_.pop();
            ++taken_;
            return true;
        }
        // One that opens earlier may be given back meanwhile.
        const auto before = taken_;
        (void)changed_.wait_until(lock, token, opens, [&] { return taken_ != before; });
    }
    return false;
}

void places::give_back(bide::time_point from) noexcept {
    const std::lock_guard lock{mutex_};
    --taken_;
    if (from != bide::never) free_.push(from);  // there is memory for as many as there were
    changed_.notify_one();
}

bool places::wait_for_all(const std::stop_token& token, bide::time_point until) {
    std::unique_lock lock{mutex_};
    return changed_.wait_until(lock, token, until, [this] { return taken_ == 0; });
}

}  // namespace sender
