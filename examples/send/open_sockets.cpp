// SPDX-License-Identifier: MIT
#include "send/open_sockets.hpp"

#include <mutex>

#include <sys/socket.h>
#include <unistd.h>

namespace sender {

void open_sockets::watch(CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_sockets::open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &open_sockets::close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

curl_socket_t open_sockets::open(void* self, curlsocktype, curl_sockaddr* address) noexcept {
    auto& all = *static_cast<open_sockets*>(self);
    const std::lock_guard lock{all.mutex_};
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

void open_sockets::shut_down() {
    const std::lock_guard lock{mutex_};
    // Only the reading side: an answer that has arrived is still read, and one that comes later is
    // refused with RST, which tells the server that nobody knows of it. A FIN would look like a
    // polite goodbye.
    for (const auto socket : sockets_) ::shutdown(socket, SHUT_RD);
}

}  // namespace sender
