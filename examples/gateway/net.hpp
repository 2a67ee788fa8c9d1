// SPDX-License-Identifier: MIT
#ifndef GATEWAY_NET_HPP
#define GATEWAY_NET_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace gateway {

/// Owns a file descriptor.
class file {
public:
    file() noexcept = default;
    explicit file(int fd) noexcept : fd_{fd} {}
    file(file&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    file& operator=(file&& other) noexcept;
    ~file() { close(); }

    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }
    void close() noexcept;

private:
    int fd_ = -1;
};

/// An event that wakes every thread that polls it, and stays raised. A pipe, since poll() cannot
/// wait for a condition variable.
class signal_pipe {
public:
    signal_pipe();
    void raise() noexcept;
    [[nodiscard]] int fd() const noexcept { return read_.fd(); }
    [[nodiscard]] bool is_raised() const noexcept;

    /// Lowers the event again; for pipes with a single reader.
    void clear() const noexcept;

private:
    file read_;
    file write_;
};

enum class receipt : std::uint8_t { bytes, closed, reset, nothing };

struct received {
    receipt what = receipt::nothing;
    std::size_t size = 0;
};

/// Waits until one of the descriptors is readable or the time is up; answers the first one's index,
/// or -1 at the timeout. The caller lists them in the order of importance.
[[nodiscard]] int wait_readable(std::initializer_list<int> fds, std::chrono::nanoseconds timeout);

/// Reads what has arrived; never waits.
[[nodiscard]] received receive(int fd, char* buffer, std::size_t size) noexcept;

/// Sends all bytes unless the peer leaves, `stop` is raised or the peer reads nothing for 10 s.
[[nodiscard]] bool send_all(int fd, const signal_pipe& stop, std::string_view bytes);

/// Tells the peer that no more bytes will come (FIN), while ours can still be read.
void close_sending_side(int fd) noexcept;

/// Makes the next close send RST instead of FIN.
void reset_on_close(int fd) noexcept;

/// The kernel learnt that bytes sent earlier met a closed socket; waits for that news a moment.
[[nodiscard]] bool was_reset_by_peer(int fd);

/// What `receive` would find; takes nothing.
[[nodiscard]] receipt peek(int fd) noexcept;

/// A listening socket on 127.0.0.1. @throws std::system_error that names the address.
[[nodiscard]] file listen_on_loopback(std::uint16_t port);
[[nodiscard]] std::uint16_t port_of(int fd);

/// Turns the listener off, so that connecting is refused; its port stays ours meanwhile.
void stop_listening(int fd) noexcept;

/// Turns it on again. @throws std::system_error if somebody else has taken the port.
void listen_again(file& listener, std::uint16_t port);

/// Accepts without waiting and prepares the socket; an empty file if there is nobody.
[[nodiscard]] file accept_from(int listener) noexcept;

}  // namespace gateway

#endif  // GATEWAY_NET_HPP
