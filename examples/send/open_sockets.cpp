// SPDX-License-Identifier: MIT
#include "send/open_sockets.hpp"

#include <mutex>
#include <stop_token>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace sender {

open_sockets::open_sockets(std::stop_token token)
    : token_{std::move(token)}, on_stop_{token_, [this] { shut_down(); }} {}

void open_sockets::watch(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_sockets::open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &open_sockets::close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
    // For the time before there is a socket, while a name is looked up.
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &open_sockets::progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
}

curl_socket_t open_sockets::open(void* self, curlsocktype, curl_sockaddr* address) noexcept {
    auto& all = *static_cast<open_sockets*>(self);
    const std::lock_guard lock{all.mutex_};
    if (all.token_.stop_requested()) return CURL_SOCKET_BAD;
    const auto socket =
        ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (socket >= 0) all.sockets_.insert(socket);
    return socket;
}

int open_sockets::close(void* self, curl_socket_t socket) noexcept {
    auto& all = *static_cast<open_sockets*>(self);
    const std::lock_guard lock{
        all.mutex_};  // so that no number is shut down that is another's by now
    all.sockets_.erase(socket);
    return ::close(socket);
}

/// Only before anything was sent: later, the answer may have been read by now.
int open_sockets::progress(void* self, curl_off_t, curl_off_t received, curl_off_t,
                           curl_off_t sent) noexcept {
    const auto stops = static_cast<open_sockets*>(self)->token_.stop_requested();
    return stops && received == 0 && sent == 0 ? 1 : 0;
}

void open_sockets::shut_down() {
    const std::lock_guard lock{mutex_};
    // Only the reading side: an answer that has arrived is still read, and one that comes later is
    // refused with RST, which tells the server that nobody knows of it. A FIN would look like a
    // polite goodbye.
    for (const auto socket : sockets_) ::shutdown(socket, SHUT_RD);
}

}  // namespace sender
