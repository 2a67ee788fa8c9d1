// SPDX-License-Identifier: MIT
#include "gateway/net.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <system_error>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gateway {
namespace {

constexpr int backlog = 512;

/// poll() counts in milliseconds; rounded up, so that no wait ends early.
int poll_timeout(std::chrono::nanoseconds timeout) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
    return static_cast<int>(std::clamp<std::int64_t>(ms, 0, 86'400'000));
}

[[noreturn]] void throw_errno(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

void set_flags(int fd) noexcept {
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/// What the result of recv() means; to be asked before errno changes.
receipt receipt_of(ssize_t got) noexcept {
    if (got > 0) return receipt::bytes;
    if (got == 0) return receipt::closed;
    const bool nobody = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return nobody ? receipt::nothing : receipt::reset;
}

/// A socket that owns a port of 127.0.0.1, but does not listen yet.
file bound_socket(std::uint16_t port) {
    file socket{::socket(AF_INET, SOCK_STREAM, 0)};
    if (!socket) throw_errno("cannot make a socket");
    set_flags(socket.fd());
    const int on = 1;
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const plain = reinterpret_cast<const sockaddr*>(&address);
    if (::bind(socket.fd(), plain, sizeof address) != 0)
        throw_errno("cannot listen on 127.0.0.1:" + std::to_string(port));
    return socket;
}

}  // namespace

file& file::operator=(file&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void file::close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

signal_pipe::signal_pipe() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw_errno("cannot make a pipe");
    read_ = file{ends[0]};
    write_ = file{ends[1]};
    set_flags(ends[0]);
    set_flags(ends[1]);
}

void signal_pipe::raise() noexcept {
    // A full pipe is raised already, so the result does not matter.
    [[maybe_unused]] const auto written = ::write(write_.fd(), "!", 1);
}

bool signal_pipe::is_raised() const noexcept {
    pollfd entry{fd(), POLLIN, 0};
    return ::poll(&entry, 1, 0) > 0;
}

void signal_pipe::clear() const noexcept {
    std::array<char, 64> sink{};
    while (::read(fd(), sink.data(), sink.size()) > 0) {
    }
}

int wait_readable(std::initializer_list<int> fds, std::chrono::nanoseconds timeout) {
    const auto until = std::chrono::steady_clock::now() + timeout;
    std::array<pollfd, 4> entries{};
    std::size_t count = 0;
    for (const auto fd : fds) entries.at(count++) = {fd, POLLIN, 0};
    for (;;) {
        const auto left = until - std::chrono::steady_clock::now();
        const auto ready = ::poll(entries.data(), static_cast<nfds_t>(count), poll_timeout(left));
        if (ready == 0 && left <= std::chrono::nanoseconds::zero()) return -1;
        for (std::size_t i = 0; ready > 0 && i < count; ++i)
            if (entries.at(i).revents != 0) return static_cast<int>(i);
    }
}

received receive(int fd, char* buffer, std::size_t size) noexcept {
    const auto got = ::recv(fd, buffer, size, MSG_DONTWAIT);
    return {receipt_of(got), got > 0 ? static_cast<std::size_t>(got) : 0};
}

bool send_all(int fd, const signal_pipe& stop, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
        std::array<pollfd, 2> entries{pollfd{fd, POLLOUT, 0}, pollfd{stop.fd(), POLLIN, 0}};
        if (::poll(entries.data(), entries.size(), 10'000) <= 0) return false;
        if (entries[1].revents != 0) return false;
    }
    return true;
}

void close_sending_side(int fd) noexcept { ::shutdown(fd, SHUT_WR); }

void reset_on_close(int fd) noexcept {
    const linger at_once{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool was_reset_by_peer(int fd) {
    // Without requested events poll() reports errors only; on loopback the answer is there at once,
    // the milliseconds are for a loaded machine.
    pollfd entry{fd, 0, 0};
    return ::poll(&entry, 1, 20) > 0 && (entry.revents & POLLERR) != 0;
}

receipt peek(int fd) noexcept {
    char byte = 0;
    return receipt_of(::recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK));
}

file listen_on_loopback(std::uint16_t port) {
    auto listener = bound_socket(port);
    // Linux gives a port that it chose itself away as soon as the socket stops listening, but not
    // one that was asked for. So it is asked for, while the first socket still holds it.
    if (port == 0) listener = bound_socket(port_of(listener.fd()));
    if (::listen(listener.fd(), backlog) != 0) throw_errno("cannot listen on 127.0.0.1");
    return listener;
}

std::uint16_t port_of(int fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw_errno("cannot read the port");
    return ntohs(address.sin_port);
}

void stop_listening(int fd) noexcept { ::shutdown(fd, SHUT_RDWR); }

void listen_again(file& listener, std::uint16_t port) {
    if (::listen(listener.fd(), backlog) == 0) return;
    // Systems other than Linux do not let a shut socket listen once more.
    listener.close();
    listener = listen_on_loopback(port);
}

file accept_from(int listener) noexcept {
    file client{::accept(listener, nullptr, nullptr)};
    if (client) {
        set_flags(client.fd());
        const int on = 1;
        ::setsockopt(client.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return client;
}

}  // namespace gateway
