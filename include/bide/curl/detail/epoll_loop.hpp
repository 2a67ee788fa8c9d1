// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_EPOLL_LOOP_HPP
#define BIDE_CURL_DETAIL_EPOLL_LOOP_HPP

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <vector>

#include <curl/curl.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace bide::inline v1::curl::detail {

/// epoll and an eventfd. Wishes of libcurl reach the kernel only before a wait, so that a
/// connection that ends one request and begins the next at once, as most do, costs one call.
///
/// libcurl drops its wish both for a connection that it keeps and for one that it closes. The
/// number of the latter may be that of another thread's file a moment later, so what is not wanted
/// any more stays with the kernel until it reports something: then it is open and ours.
class epoll_loop {
public:
    epoll_loop()
        : epoll_{epoll_create1(EPOLL_CLOEXEC)}, event_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
        if (epoll_ < 0 || event_ < 0) {
            close_all();
            throw std::system_error{errno, std::generic_category(), "bide::curl: epoll"};
        }
        epoll_event e{};
        e.events = EPOLLIN | EPOLLET;  // nobody has to read it
        e.data.fd = event_;
        if (epoll_ctl(epoll_, EPOLL_CTL_ADD, event_, &e) != 0) {
            close_all();
            throw std::system_error{errno, std::generic_category(), "bide::curl: epoll"};
        }
    }
    epoll_loop(const epoll_loop&) = delete;
    epoll_loop& operator=(const epoll_loop&) = delete;
    ~epoll_loop() { close_all(); }

    void watch(curl_socket_t socket, int what) {
        const auto at = static_cast<std::size_t>(socket);
        if (at >= known_.size()) known_.resize((std::max)(at + 1, 2 * known_.size()));
        auto& k = known_[at];
        if (what == CURL_POLL_REMOVE) {
            k.wanted = 0;
            k.sure = false;
            return;
        }
        k.wanted = as_events(what);
        if (!k.changed) changed_.push_back(socket);
        k.changed = true;
    }

    /// From any thread.
    void wake() const noexcept {
        const std::uint64_t one = 1;
        // It only fails after 2^64 of them.
        [[maybe_unused]] const auto n = ::write(event_, &one, sizeof one);
    }

    /// Waits until then, or until something happens, and calls `ready(socket, what)` for each.
    template <class Ready>
    void wait(int ms, Ready ready) {
        apply();
        std::array<epoll_event, 128> found{};
        const auto n = epoll_wait(epoll_, found.data(), static_cast<int>(found.size()), ms);
        const auto count = static_cast<std::size_t>((std::max)(n, 0));
        for (std::size_t i = 0; i != count; ++i)  // before libcurl closes any
            if (!is_wanted(found[i].data.fd)) forget(found[i].data.fd);
        for (std::size_t i = 0; i != count; ++i)
            if (is_wanted(found[i].data.fd)) ready(found[i].data.fd, as_select(found[i].events));
    }

private:
    struct interest {
        std::uint32_t wanted = 0;
        std::uint32_t set = 0;
        bool sure = false;  // that the kernel has it so
        bool changed = false;
    };

    static std::uint32_t as_events(int what) noexcept {
        return ((what & CURL_POLL_IN) != 0 ? std::uint32_t{EPOLLIN} : 0) |
               ((what & CURL_POLL_OUT) != 0 ? std::uint32_t{EPOLLOUT} : 0);
    }
    static int as_select(std::uint32_t events) noexcept {
        return ((events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
               ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
               ((events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    }

    void apply() {
        for (const auto socket : changed_) {
            auto& k = known_[static_cast<std::size_t>(socket)];
            k.changed = false;
            if (k.wanted != 0 && (!k.sure || k.wanted != k.set)) tell(socket, k);
        }
        changed_.clear();
    }

    void tell(curl_socket_t socket, interest& k) const {
        epoll_event e{};
        e.events = k.wanted;
        e.data.fd = socket;
        // The kernel forgets what was closed; this may be another under the same number.
        const auto call = k.set == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
        if (epoll_ctl(epoll_, call, socket, &e) != 0) {
            const auto other = call == EPOLL_CTL_ADD ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
            if (epoll_ctl(epoll_, other, socket, &e) != 0)
                throw std::system_error{errno, std::generic_category(), "bide::curl: epoll_ctl"};
        }
        k.set = k.wanted;
        k.sure = true;
    }

    [[nodiscard]] bool is_wanted(int fd) const noexcept {
        return fd != event_ && known_[static_cast<std::size_t>(fd)].wanted != 0;
    }
    void forget(int fd) noexcept {
        if (fd == event_) return;
        epoll_event e{};
        epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, &e);
        known_[static_cast<std::size_t>(fd)].set = 0;
    }

    void close_all() const noexcept {
        if (epoll_ >= 0) ::close(epoll_);
        if (event_ >= 0) ::close(event_);
    }

    int epoll_;
    int event_;
    std::vector<interest> known_;  // by number
    std::vector<curl_socket_t> changed_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_EPOLL_LOOP_HPP
