// SPDX-License-Identifier: MIT
#ifndef TESTS_GATEWAY_RAW_CLIENT_HPP
#define TESTS_GATEWAY_RAW_CLIENT_HPP

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace test {

/// How reading an answer ended.
enum class end { complete, fin, reset, timeout };

struct answer {
    end how = end::timeout;
    std::string bytes;

    /// The status of the first line, or 0.
    [[nodiscard]] int status() const {
        return bytes.starts_with("HTTP/1.1 ") ? std::atoi(bytes.c_str() + 9) : 0;
    }
    [[nodiscard]] std::string body() const {
        const auto at = bytes.find("\r\n\r\n");
        return at == std::string::npos ? "" : bytes.substr(at + 4);
    }
    [[nodiscard]] std::string field(std::string_view name) const {
        const auto at = bytes.find("\r\n" + std::string{name} + ": ");
        if (at == std::string::npos) return "";
        const auto begin = at + name.size() + 4;
        return bytes.substr(begin, bytes.find("\r\n", begin) - begin);
    }
};

/// A client that shows the wire as it is: no resends, no pool, no patience of its own.
class raw_client {
public:
    explicit raw_client(std::uint16_t port) : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* const plain = reinterpret_cast<const sockaddr*>(&address);
        error_ = ::connect(fd_, plain, sizeof address) == 0 ? 0 : errno;
    }
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;
    ~raw_client() { close(); }

    /// 0, or the errno of connect().
    [[nodiscard]] int connect_error() const { return error_; }

    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }
    void shut_writing() const { ::shutdown(fd_, SHUT_WR); }

    bool send(std::string_view bytes) const {
        return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
    }

    /// Reads until the answer is complete by its Content-Length, or the connection ends.
    [[nodiscard]] answer read(std::chrono::milliseconds patience = std::chrono::seconds{5}) const {
        answer a;
        while (!is_complete(a.bytes)) {
            pollfd entry{fd_, POLLIN, 0};
            if (::poll(&entry, 1, static_cast<int>(patience.count())) == 0) return a;
            std::array<char, 4096> buffer{};
            const auto got = ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (got <= 0) {
                a.how = got == 0 ? end::fin : end::reset;
                return a;
            }
            a.bytes.append(buffer.data(), static_cast<std::size_t>(got));
        }
        a.how = end::complete;
        return a;
    }

    /// Reads what comes after an answer; `fin` with no bytes if the server has closed.
    [[nodiscard]] answer ask(std::string_view request) const {
        (void)send(request);
        return read();
    }

private:
    static bool is_complete(const std::string& bytes) {
        const auto head = bytes.find("\r\n\r\n");
        const auto at = bytes.find("\r\nContent-Length: ");
        if (head == std::string::npos || at > head) return false;
        const auto length = std::strtoul(bytes.c_str() + at + 18, nullptr, 10);
        return bytes.size() >= head + 4 + length;
    }

    int fd_;
    int error_ = 0;
};

/// POST of a JSON body, with Content-Length.
inline std::string post(std::string_view body, std::string_view path = "/sms",
                        std::string_view fields = "") {
    return "POST " + std::string{path} + " HTTP/1.1\r\nHost: x\r\n" + std::string{fields} +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

inline std::string message(std::string_view id) {
    return R"({"id":")" + std::string{id} + R"(","to":"+15550100","text":"hello"})";
}

}  // namespace test

#endif  // TESTS_GATEWAY_RAW_CLIENT_HPP
