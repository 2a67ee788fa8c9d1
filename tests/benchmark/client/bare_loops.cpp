// SPDX-License-Identifier: MIT
#include "measure.hpp"
#include "message.hpp"
#include "slot.hpp"
#include "subject.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

// What one would write by hand with libcurl, as its documentation has it, in both of its ways.

namespace {

/// What both ways have in common; `turn` lets libcurl work once.
class bare_loop : public subject {
public:
    explicit bare_loop(const load& l)
        : load_{l}, multi_{curl_multi_init(), &curl_multi_cleanup}, in_flight_{l.in_flight} {
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                          static_cast<long>(l.in_flight + l.stalled));
    }
    ~bare_loop() override {
        for (const auto* all : {&stalled_, &slots_})
            for (const auto& s : *all) curl_multi_remove_handle(multi_.get(), s->get());
    }

    std::size_t run(seconds time) override {
        std::size_t done = 0;
        begin();
        const auto end = steady::now() + std::chrono::duration_cast<steady::duration>(time);
        while (active_ != 0) {
            turn();
            done += collect(end);
        }
        return done;
    }

    void set_in_flight(std::size_t n) override { in_flight_ = n; }

protected:
    virtual void turn() = 0;

    void stall() {
        for (std::size_t i = 0; i != load_.stalled; ++i) {
            stalled_.push_back(std::make_unique<slot>());
            stalled_.back()->prepare(message(load_.silent_url), 3'600'000);
            curl_multi_add_handle(multi_.get(), stalled_.back()->get());
        }
    }
    [[nodiscard]] CURLM* multi() const noexcept { return multi_.get(); }
    /// A transfer was added since the last turn.
    [[nodiscard]] bool has_new() noexcept { return std::exchange(added_, false); }

private:
    void begin() {
        while (slots_.size() < in_flight_) slots_.push_back(std::make_unique<slot>());
        for (active_ = 0; active_ != in_flight_; ++active_) add(*slots_[active_]);
    }

    void add(slot& s) {
        s.prepare(message(load_.url), 10'000);
        curl_multi_add_handle(multi_.get(), s.get());
        added_ = true;
    }

    std::size_t collect(steady::time_point end) {
        std::size_t done = 0;
        auto left = 0;
        while (const auto* m = curl_multi_info_read(multi_.get(), &left)) {
            auto* const easy = m->easy_handle;
            if (m->data.result != CURLE_OK) give_up(curl_easy_strerror(m->data.result));
            long status = 0;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            if (status != 202) give_up("the server says " + std::to_string(status));
            char* its = nullptr;
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &its);
            curl_multi_remove_handle(multi_.get(), easy);
            ++done;
            if (steady::now() < end)
                add(*static_cast<slot*>(static_cast<void*>(its)));
            else
                --active_;
        }
        return done;
    }

    load load_;
    std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
    std::vector<std::unique_ptr<slot>> stalled_{};
    std::vector<std::unique_ptr<slot>> slots_{};
    std::size_t in_flight_;
    std::size_t active_ = 0;
    bool added_ = false;
};

/// curl_multi_perform and curl_multi_poll.
class perform_loop final : public bare_loop {
public:
    explicit perform_loop(const load& l) : bare_loop{l} { stall(); }

private:
    void turn() override {
        auto running = 0;
        if (!has_new()) curl_multi_poll(multi(), nullptr, 0, 1000, nullptr);
        curl_multi_perform(multi(), &running);
    }
};

/// curl_multi_socket_action and epoll.
class socket_loop final : public bare_loop {
public:
    explicit socket_loop(const load& l) : bare_loop{l}, epoll_{epoll_create1(EPOLL_CLOEXEC)} {
        curl_multi_setopt(multi(), CURLMOPT_SOCKETFUNCTION, &socket_loop::on_socket);
        curl_multi_setopt(multi(), CURLMOPT_SOCKETDATA, this);
        curl_multi_setopt(multi(), CURLMOPT_TIMERFUNCTION, &socket_loop::on_timer);
        curl_multi_setopt(multi(), CURLMOPT_TIMERDATA, this);
        stall();
    }
    ~socket_loop() override {
        curl_multi_setopt(multi(), CURLMOPT_SOCKETFUNCTION, nullptr);
        curl_multi_setopt(multi(), CURLMOPT_TIMERFUNCTION, nullptr);
        ::close(epoll_);
    }

private:
    static int on_socket(CURL*, curl_socket_t s, int what, void* self, void* known) {
        auto& its = *static_cast<socket_loop*>(self);
        epoll_event e{};
        e.data.fd = s;
        if ((what & CURL_POLL_IN) != 0) e.events |= EPOLLIN;
        if ((what & CURL_POLL_OUT) != 0) e.events |= EPOLLOUT;
        if (what == CURL_POLL_REMOVE) {
            epoll_ctl(its.epoll_, EPOLL_CTL_DEL, s, &e);
        } else {
            epoll_ctl(its.epoll_, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, s, &e);
            if (known == nullptr) curl_multi_assign(its.multi(), s, self);
        }
        return 0;
    }
    static int on_timer(CURLM*, long ms, void* self) {
        auto& its = *static_cast<socket_loop*>(self);
        its.has_timer_ = ms >= 0;
        if (its.has_timer_) its.due_ = steady::now() + std::chrono::milliseconds{ms};
        return 0;
    }

    void turn() override {
        std::array<epoll_event, 128> found{};
        const auto n =
            epoll_wait(epoll_, found.data(), static_cast<int>(found.size()), milliseconds_left());
        auto running = 0;
        for (auto i = 0; i < n; ++i) {
            const auto& e = found[static_cast<std::size_t>(i)];
            const auto what = ((e.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                              ((e.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                              ((e.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
            curl_multi_socket_action(multi(), e.data.fd, what, &running);
        }
        if (has_timer_ && due_ <= steady::now()) {
            has_timer_ = false;
            curl_multi_socket_action(multi(), CURL_SOCKET_TIMEOUT, 0, &running);
        }
    }

    [[nodiscard]] int milliseconds_left() const {
        if (!has_timer_) return -1;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_ - steady::now());
        return static_cast<int>(std::max<long long>(left.count(), 0));
    }

    int epoll_;
    bool has_timer_ = false;
    steady::time_point due_{};
};

}  // namespace

std::unique_ptr<subject> make_perform_loop(const subject::load& l) {
    return std::make_unique<perform_loop>(l);
}
std::unique_ptr<subject> make_socket_loop(const subject::load& l) {
    return std::make_unique<socket_loop>(l);
}
