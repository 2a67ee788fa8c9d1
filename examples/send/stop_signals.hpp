// SPDX-License-Identifier: MIT
#ifndef SENDER_STOP_SIGNALS_HPP
#define SENDER_STOP_SIGNALS_HPP

#include <csignal>

#include <atomic>
#include <stop_token>
#include <thread>

namespace sender {

/// Turns Ctrl-C (SIGINT) and SIGTERM into a stop request; the second one ends the program at once
/// with 128 + its number.
///
/// To be made before any other thread, because threads inherit that these signals are blocked: only
/// the one in here sees them.
class stop_signals {
public:
    stop_signals();
    stop_signals(const stop_signals&) = delete;
    stop_signals& operator=(const stop_signals&) = delete;
    ~stop_signals();

    [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

private:
    void listen();

    sigset_t signals_{};
    sigset_t before_{};
    std::stop_source source_;
    std::atomic<bool> over_{false};
    std::thread listener_;
};

}  // namespace sender

#endif  // SENDER_STOP_SIGNALS_HPP
