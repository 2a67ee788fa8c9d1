// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>
#include <bide/curl/client.hpp>

#include "gateway/server.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <span>
#include <string>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

using std::chrono::steady_clock;

// There is an event loop already: the client takes part in it and needs no thread.
int main() {
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    const int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const auto control = [epoll](int how, int fd, std::uint32_t events) {
        epoll_event e{.events = events, .data = {.fd = fd}};
        return epoll_ctl(epoll, how, fd, &e) == 0;
    };
    const auto watch = [&](curl_socket_t fd, int what) {
        const std::uint32_t in = what != CURL_POLL_OUT ? std::uint32_t{EPOLLIN} : 0U;
        const std::uint32_t out = what != CURL_POLL_IN ? std::uint32_t{EPOLLOUT} : 0U;
        if (what == CURL_POLL_REMOVE)
            control(EPOLL_CTL_DEL, fd, 0);
        else if (!control(EPOLL_CTL_MOD, fd, in | out))
            control(EPOLL_CTL_ADD, fd, in | out);
    };
    control(EPOLL_CTL_ADD, event, EPOLLIN);
    bide::curl::client client({.in_flight = 4},
                              {.watch = watch, .wake = [event] { eventfd_write(event, 1); }});

    const gateway::server server{{}};
    int delivered = 0;
    for (int i = 0; i != 10; ++i)
        client
            .send({.url = server.url() + "/messages",
                   .method = "POST",
                   .headers = {{"Content-Type", "application/json"}},
                   .body =
                       R"({"to":"15550100","text":"Hello","id":"m-)" + std::to_string(i) + R"("})"},
                  bide::http::sender())
            .then([&](auto sent) { delivered += sent ? 1 : 0; });  // called in this loop

    while (client.held() != 0) {
        const std::chrono::duration<double, std::milli> left = client.next() - steady_clock::now();
        std::array<epoll_event, 16> found{};
        const int count = epoll_wait(epoll, found.data(), 16,
                                     static_cast<int>(std::clamp(left.count() + 1, 0., 1e3)));
        for (const auto& e : std::span{found}.first(static_cast<std::size_t>(std::max(count, 0)))) {
            const int fd = e.data.fd;
            eventfd_t woken = 0;
            if (fd == event)
                eventfd_read(event, &woken);
            else  // an error is both, so that libcurl looks
                client.ready(fd, ((e.events & ~EPOLLOUT) != 0 ? CURL_CSELECT_IN : 0) |
                                     ((e.events & ~EPOLLIN) != 0 ? CURL_CSELECT_OUT : 0));
        }
        client.advance();
    }
    client.shutdown();
    close(event);
    close(epoll);
    std::cout << delivered << " of 10 delivered without a thread\n";
    return delivered == 10 ? 0 : 1;
}
