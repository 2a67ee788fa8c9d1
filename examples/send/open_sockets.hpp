// SPDX-License-Identifier: MIT
#ifndef SENDER_OPEN_SOCKETS_HPP
#define SENDER_OPEN_SOCKETS_HPP

#include <curl/curl.h>

#include <functional>
#include <mutex>
#include <stop_token>
#include <unordered_set>

namespace sender {

/// Ends running transfers at once when asked to: libcurl looks at its progress callback only once a
/// second while nothing arrives, so the connections are shut down under it.
///
/// A transfer that has not sent its request ends as not sent. One that has still reads an answer
/// that has arrived; without one it may have been acted on, and the library says so. Must outlive
/// the connections, so it is made before their pool.
class open_sockets {
public:
    explicit open_sockets(std::stop_token token);
    open_sockets(const open_sockets&) = delete;
    open_sockets& operator=(const open_sockets&) = delete;
    ~open_sockets() = default;

    /// Makes the handle's connections known here; the options last until its next reset.
    void watch(CURL* easy);

private:
    static curl_socket_t open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
    static int close(void* self, curl_socket_t socket) noexcept;
    static int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept;
    void shut_down();

    std::stop_token token_;
    std::mutex mutex_;
    std::unordered_set<curl_socket_t> sockets_;
    std::stop_callback<std::function<void()>> on_stop_;  // last: may be called at once
};

}  // namespace sender

#endif  // SENDER_OPEN_SOCKETS_HPP
