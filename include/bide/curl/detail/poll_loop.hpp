// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_POLL_LOOP_HPP
#define BIDE_CURL_DETAIL_POLL_LOOP_HPP

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <vector>

#include <curl/curl.h>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace bide::inline v1::curl::detail {

/// poll and a pipe.
class poll_loop {
public:
    poll_loop() {
        if (::pipe(pipe_.data()) != 0)
            throw std::system_error{errno, std::generic_category(), "bide::curl: pipe"};
        for (const auto end : pipe_) {
            ::fcntl(end, F_SETFL, O_NONBLOCK);
            ::fcntl(end, F_SETFD, FD_CLOEXEC);
        }
        watched_.push_back({pipe_[0], POLLIN, 0});
    }
    poll_loop(const poll_loop&) = delete;
    poll_loop& operator=(const poll_loop&) = delete;
    ~poll_loop() {
        for (const auto end : pipe_) ::close(end);
    }

    void watch(curl_socket_t socket, int what) {
        const auto its = std::find_if(watched_.begin() + 1, watched_.end(),
                                      [socket](const pollfd& p) { return p.fd == socket; });
        if (what == CURL_POLL_REMOVE) {
            if (its != watched_.end()) watched_.erase(its);
            return;
        }
        const auto events = static_cast<short>(((what & CURL_POLL_IN) != 0 ? POLLIN : 0) |
                                               ((what & CURL_POLL_OUT) != 0 ? POLLOUT : 0));
        if (its != watched_.end())
            its->events = events;
        else
            watched_.push_back({socket, events, 0});
    }

    void wake() const noexcept {
        const char one = 0;
        // It only fails if it was woken so often that the pipe is full.
        [[maybe_unused]] const auto n = ::write(pipe_[1], &one, 1);
    }

    template <class Ready>
    void wait(int ms, Ready ready) {
        found_ = watched_;
        if (::poll(found_.data(), static_cast<nfds_t>(found_.size()), ms) <= 0) return;
        if (found_.front().revents != 0) {
            std::array<char, 64> all{};
            while (::read(pipe_[0], all.data(), all.size()) > 0) {
            }
        }
        for (std::size_t i = 1; i != found_.size(); ++i)
            if (found_[i].revents != 0) ready(found_[i].fd, as_select(found_[i].revents));
    }

private:
    static int as_select(short events) noexcept {
        return ((events & POLLIN) != 0 ? CURL_CSELECT_IN : 0) |
               ((events & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
               ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0 ? CURL_CSELECT_ERR : 0);
    }

    std::array<int, 2> pipe_{-1, -1};
    std::vector<pollfd> watched_;  // the pipe is the first
    std::vector<pollfd> found_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_POLL_LOOP_HPP
