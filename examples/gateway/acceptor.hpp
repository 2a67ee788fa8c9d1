// SPDX-License-Identifier: MIT
#ifndef GATEWAY_ACCEPTOR_HPP
#define GATEWAY_ACCEPTOR_HPP

#include "gateway/connection.hpp"
#include "gateway/limiter.hpp"
#include "gateway/net.hpp"
#include "gateway/options.hpp"
#include "gateway/service.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace gateway {

/// Owns the listening socket, the thread that accepts, and one thread for each connection.
class acceptor {
public:
    /// `opts` and `rules` must outlive the acceptor. @throws std::system_error if the port is
    /// taken.
    acceptor(const options& opts, service& rules);
    acceptor(const acceptor&) = delete;
    acceptor& operator=(const acceptor&) = delete;
    ~acceptor() { stop(); }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    void stop() noexcept;

private:
    struct worker {
        std::thread thread;
        std::atomic<bool> is_done = false;
    };

    enum class mode : std::uint8_t { accepting, full, closed };

    void run();
    [[nodiscard]] mode current_mode(instant& closed_until);
    void accept_one();
    void spawn(file client);
    void refuse();
    void reopen();
    void reap();

    const options& opts_;
    service& rules_;
    signal_pipe stop_;
    signal_pipe news_;  ///< For the accepting thread: a worker has ended, or the listener closed.
    surroundings around_;
    std::mutex log_mutex_;

    std::mutex mutex_;  ///< Guards what follows.
    file listener_;
    std::uint16_t port_;
    bool is_open_ = true;
    instant closed_until_{};
    std::shared_ptr<signal_pipe> era_ = std::make_shared<signal_pipe>();
    std::list<worker> workers_;

    std::once_flag stopped_;
    std::thread thread_;  ///< Last, so that it starts when everything else is there.
};

}  // namespace gateway

#endif  // GATEWAY_ACCEPTOR_HPP
