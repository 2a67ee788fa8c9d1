// SPDX-License-Identifier: MIT
#ifndef SENDER_OPEN_SOCKETS_HPP
#define SENDER_OPEN_SOCKETS_HPP

#include <mutex>
#include <unordered_set>

#include <curl/curl.h>

namespace sender {

/// Ends running transfers so that what is known of them stays true: one whose answer has arrived
/// still reads it, which cutting it off would not. One that was sent and has no answer may have
/// been acted on, and the library says so. Must outlive the connections. Thread-safe.
class open_sockets {
public:
    open_sockets() = default;
    open_sockets(const open_sockets&) = delete;
    open_sockets& operator=(const open_sockets&) = delete;
    ~open_sockets() = default;

    /// Makes the handle's connections known here; the options last until its next reset.
    void watch(CURL* easy);

    /// Nothing more is read from what is connected now.
    void shut_down();

private:
    static curl_socket_t open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
    static int close(void* self, curl_socket_t socket) noexcept;

    std::mutex mutex_;
    std::unordered_set<curl_socket_t> sockets_;
};

}  // namespace sender

#endif  // SENDER_OPEN_SOCKETS_HPP
