// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_SCRIPTED_SERVER_HPP
#define BIDE_TESTS_SUPPORT_SCRIPTED_SERVER_HPP

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/// A server on loopback that does exactly what its scripts say, byte by byte: each accepted
/// connection plays the next script, those beyond the last one are closed at once.
///
///     scripted::server server{{{read_request(), send(ok("hi")), read_request(), reset()}}};
namespace scripted {

using namespace std::chrono_literals;

/// What was read of a request.
struct request {
    std::size_t connection = 0;  ///< From 0.
    std::string head{};          ///< With the empty line.
    std::string body{};

    /// The value of the first header field of that name (in lower case), empty if there is none.
    [[nodiscard]] std::string field(std::string_view name) const {
        std::size_t at = head.find("\r\n");
        while (at != std::string::npos && at + 2 < head.size()) {
            const auto end = head.find("\r\n", at + 2);
            const auto line = head.substr(at + 2, end - at - 2);
            const auto colon = line.find(':');
            auto key = line.substr(0, colon);
            std::ranges::transform(key, key.begin(),
                                   [](unsigned char c) { return std::tolower(c); });
            if (colon != std::string::npos && key == name)
                return line.substr((std::min)(line.find_first_not_of(' ', colon + 1), line.size()));
            at = end;
        }
        return {};
    }
};

class server;

/// One accepted connection, as the steps of a script see it.
class connection {
public:
    connection(server& owner, std::size_t number, int fd)
        : owner_{&owner}, number_{number}, fd_{fd} {}

    /// False if the peer has closed or the server stops; then the script is over.
    bool read_more();
    bool write_all(std::string_view data);
    bool wait(std::chrono::milliseconds time);

    server* owner_;
    std::size_t number_;
    int fd_;
    std::string unread_{};
};

using step = std::function<bool(connection&)>;
using script = std::vector<step>;

class server {
public:
    explicit server(std::vector<script> scripts) : scripts_{std::move(scripts)} {
        if (::pipe(stop_.data()) != 0) fail("pipe");
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (listener_ < 0 || ::bind(listener_, generic, size) != 0 ||
            ::listen(listener_, 64) != 0 || ::getsockname(listener_, generic, &size) != 0)
            fail("listen");
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread{[this] { accept_all(); }};
    }
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server() { stop(); }

    [[nodiscard]] std::string url(std::string_view path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
    }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// The requests read so far, in order.
    [[nodiscard]] std::vector<request> requests() const {
        const std::scoped_lock lock{mutex_};
        return requests_;
    }
    /// The same, once there are `count`; the tests' way to wait for what the client does not wait
    /// for.
    [[nodiscard]] std::vector<request> requests(std::size_t count) const {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, 5s, [&] { return requests_.size() >= count; });
        return requests_;
    }
    [[nodiscard]] std::size_t connections() const {
        const std::scoped_lock lock{mutex_};
        return accepted_;
    }

    /// From now on connections are refused.
    void refuse() const { ::shutdown(listener_, SHUT_RDWR); }

    /// Ends all scripts and closes all connections.
    void stop() {
        if (!acceptor_.joinable()) return;
        [[maybe_unused]] const auto written = ::write(stop_[1], "x", 1);
        acceptor_.join();
        for (auto& t : players_) t.join();
        ::close(listener_);
        ::close(stop_[0]);
        ::close(stop_[1]);
    }

    // What steps need.
    void log(request r) {
        const std::scoped_lock lock{mutex_};
        requests_.push_back(std::move(r));
        changed_.notify_all();
    }
    /// True as soon as `fd` is ready; false at the end of the time or of the server.
    [[nodiscard]] bool ready(int fd, short events, int timeout_ms) const {
        std::array<pollfd, 2> set{{{fd, events, 0}, {stop_[0], POLLIN, 0}}};
        while (::poll(set.data(), set.size(), timeout_ms) < 0 && errno == EINTR) {
        }
        return set[1].revents == 0 && set[0].revents != 0;
    }

private:
    [[noreturn]] static void fail(const char* what) {
        throw std::system_error{errno, std::generic_category(), what};
    }

    void accept_all() {
        while (ready(listener_, POLLIN, -1)) {
            const auto fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) {
                if (errno == EINVAL) return;  // refuse()
                continue;
            }
            const auto number = [&] {
                const std::scoped_lock lock{mutex_};
                return accepted_++;
            }();
            if (number >= scripts_.size())
                ::close(fd);
            else
                players_.emplace_back([this, number, fd] { play(number, fd); });
        }
    }

    void play(std::size_t number, int fd) {
        connection c{*this, number, fd};
        for (const auto& s : scripts_[number])
            if (!s(c)) break;
        if (c.fd_ >= 0) ::close(c.fd_);
    }

    std::vector<script> scripts_;
    std::array<int, 2> stop_{};
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<request> requests_;
    std::size_t accepted_ = 0;
    std::vector<std::thread> players_;  // touched by the acceptor, and by stop() after it
    std::thread acceptor_;
};

inline bool connection::read_more() {
    if (!owner_->ready(fd_, POLLIN, -1)) return false;
    std::array<char, 65536> buffer{};
    const auto n = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (n <= 0) return false;
    unread_.append(buffer.data(), static_cast<std::size_t>(n));
    return true;
}

inline bool connection::write_all(std::string_view data) {
    while (!data.empty()) {
        if (!owner_->ready(fd_, POLLOUT, -1)) return false;
        const auto n = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (n > 0) data.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

inline bool connection::wait(std::chrono::milliseconds time) {
    // A descriptor of -1 is never ready, so only the server's end cuts this short.
    (void)owner_->ready(-1, 0, static_cast<int>(time.count()));
    return true;
}

// --- steps
// ------------------------------------------------------------------------------------------

/// Reads one request with its body and logs it.
[[nodiscard]] inline step read_request() {
    return [](connection& c) {
        std::size_t end = 0;
        while ((end = c.unread_.find("\r\n\r\n")) == std::string::npos)
            if (!c.read_more()) return false;
        request r{.connection = c.number_, .head = c.unread_.substr(0, end + 4)};
        const auto length = r.field("content-length");
        const auto size =
            length.empty() ? std::size_t{0} : std::strtoull(length.c_str(), nullptr, 10);
        while (c.unread_.size() < end + 4 + size)
            if (!c.read_more()) return false;
        r.body = c.unread_.substr(end + 4, size);
        c.unread_.erase(0, end + 4 + size);
        c.owner_->log(std::move(r));
        return true;
    };
}

/// Answers every request the same, until the peer closes.
[[nodiscard]] inline step serve(std::string response) {
    return [read = read_request(), response = std::move(response)](connection& c) {
        while (read(c) && c.write_all(response)) {
        }
        return false;
    };
}

/// Reads at least `bytes` bytes of a request and no more than is there; logs nothing.
[[nodiscard]] inline step read_some(std::size_t bytes = 1) {
    return [bytes](connection& c) {
        while (c.unread_.size() < bytes)
            if (!c.read_more()) return false;
        c.unread_.clear();
        return true;
    };
}

[[nodiscard]] inline step send(std::string data) {
    return [data = std::move(data)](connection& c) { return c.write_all(data); };
}

/// Sends `count` times the same.
[[nodiscard]] inline step send_repeated(std::string data, std::size_t count) {
    return [data = std::move(data), count](connection& c) {
        for (std::size_t i = 0; i < count; ++i)
            if (!c.write_all(data)) return false;
        return true;
    };
}

[[nodiscard]] inline step wait(std::chrono::milliseconds time) {
    return [time](connection& c) { return c.wait(time); };
}

/// Keeps the connection open and silent until the peer closes it.
[[nodiscard]] inline step stall() {
    return [](connection& c) {
        while (c.read_more()) {
        }
        return false;
    };
}

/// Ends the connection properly; so does the end of a script.
[[nodiscard]] inline step finish() {
    return [](connection&) { return false; };
}

/// Ends the connection by RST; the script goes on.
[[nodiscard]] inline step reset_now() {
    return [](connection& c) {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(c.fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        ::close(std::exchange(c.fd_, -1));
        return true;
    };
}

/// Ends the connection by RST.
[[nodiscard]] inline step reset() {
    return [close = reset_now()](connection& c) {
        close(c);
        return false;
    };
}

/// No further connection is accepted.
[[nodiscard]] inline step refuse_others() {
    return [](connection& c) {
        c.owner_->refuse();
        return true;
    };
}

/// Anything else, for instance moving a test's clock.
[[nodiscard]] inline step run(std::function<void()> what) {
    return [what = std::move(what)](connection&) {
        what();
        return true;
    };
}

// --- responses
// --------------------------------------------------------------------------------------

/// A whole response; `fields` are lines that end in CRLF.
[[nodiscard]] inline std::string response(std::string_view status, std::string_view fields = "",
                                          std::string_view body = "") {
    return "HTTP/1.1 " + std::string{status} + "\r\n" + std::string{fields} +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}
[[nodiscard]] inline std::string ok(std::string_view body = "") {
    return response("200 OK", "", body);
}

// --- others
// -----------------------------------------------------------------------------------------

/// A port on loopback at which connections are refused, as long as the object lives.
class closed_port {
public:
    closed_port() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (fd_ < 0 || ::bind(fd_, generic, size) != 0 || ::getsockname(fd_, generic, &size) != 0)
            throw std::system_error{errno, std::generic_category(), "bind"};
        port_ = ntohs(address.sin_port);
    }
    closed_port(const closed_port&) = delete;
    closed_port& operator=(const closed_port&) = delete;
    ~closed_port() { ::close(fd_); }

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/";
    }

private:
    int fd_;
    std::uint16_t port_ = 0;
};

}  // namespace scripted

#endif  // BIDE_TESTS_SUPPORT_SCRIPTED_SERVER_HPP
