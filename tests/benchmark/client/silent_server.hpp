// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_CLIENT_SILENT_SERVER_HPP
#define BIDE_TESTS_BENCHMARK_CLIENT_SILENT_SERVER_HPP

#include "subject.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <new>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/// Accepts connections on loopback and says nothing, in a process of its own: the limit of open
/// files is per process. To be started before there are threads.
class silent_server {
public:
    silent_server() {
        auto* const shared = mmap(nullptr, sizeof *accepted_, PROT_READ | PROT_WRITE,
                                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        const auto listening = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        if (shared == MAP_FAILED || pipe(ends_.data()) != 0 ||
            bind(listening, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
            listen(listening, 4096) != 0 ||
            getsockname(listening, reinterpret_cast<sockaddr*>(&here), &size) != 0)
            give_up("no silent server");
        accepted_ = new (shared) std::atomic<std::size_t>{0};
        url_ = "http://127.0.0.1:" + std::to_string(ntohs(here.sin_port)) + "/";
        child_ = fork();
        if (child_ == 0) serve(listening);
        close(listening);
        close(ends_[0]);
    }
    silent_server(const silent_server&) = delete;
    silent_server& operator=(const silent_server&) = delete;
    ~silent_server() {
        close(ends_[1]);
        waitpid(child_, nullptr, 0);
    }

    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    [[nodiscard]] std::size_t accepted() const noexcept { return *accepted_; }

private:
    /// Until the parent is gone.
    [[noreturn]] void serve(int listening) {
        close(ends_[1]);
        std::array<pollfd, 2> both{{{listening, POLLIN, 0}, {ends_[0], POLLIN, 0}}};
        while (poll(both.data(), both.size(), -1) > 0 && both[1].revents == 0)
            if (accept(listening, nullptr, nullptr) >= 0) ++*accepted_;
        _exit(0);
    }

    std::array<int, 2> ends_{-1, -1};
    std::atomic<std::size_t>* accepted_ = nullptr;
    std::string url_{};
    pid_t child_ = -1;
};

#endif  // BIDE_TESTS_BENCHMARK_CLIENT_SILENT_SERVER_HPP
