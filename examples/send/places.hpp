// SPDX-License-Identifier: MIT
#ifndef SENDER_PLACES_HPP
#define SENDER_PLACES_HPP

#include <bide/time.hpp>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <queue>
#include <stop_token>
#include <vector>

namespace sender {

/// How many messages may be under way: each takes a place, and gives it back when it has ended.
/// Thread-safe.
class places {
public:
    explicit places(std::size_t count);

    /// Waits for one; false if there will be none, or a stop request came first.
    [[nodiscard]] bool take(const std::stop_token& token);

    /// `from`: when the next one may have it; `never`: nobody will.
    void give_back(bide::time_point from) noexcept;

    /// Waits until all are given back; false if a stop request or that instant came first.
    [[nodiscard]] bool wait_for_all(const std::stop_token& token, bide::time_point until);

private:
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::size_t taken_ = 0;
    // When each may be had, the earliest on top.
    std::priority_queue<bide::time_point, std::vector<bide::time_point>, std::greater<>> free_;
};

}  // namespace sender

#endif  // SENDER_PLACES_HPP
