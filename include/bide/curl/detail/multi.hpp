// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_MULTI_HPP
#define BIDE_CURL_DETAIL_MULTI_HPP

#include <bide/curl/client_options.hpp>
#include <bide/curl/handle.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// A multi handle that is driven by sockets and time. For one thread at a time; does not move,
/// because libcurl points to it.
class multi {
public:
    /// `hooks` must outlive it.
    multi(const client_options& options, event_hooks& hooks)
        : hooks_{&hooks}, multi_{curl_multi_init(), &curl_multi_cleanup} {
        if (!multi_) throw std::bad_alloc{};
        set(CURLMOPT_SOCKETFUNCTION, &multi::on_socket);
        set(CURLMOPT_SOCKETDATA, this);
        set(CURLMOPT_TIMERFUNCTION, &multi::on_timer);
        set(CURLMOPT_TIMERDATA, this);
        set(CURLMOPT_MAX_HOST_CONNECTIONS, as_long(options.per_host));
    }

    /// @throws std::runtime_error
    void add(CURL* easy) {
        const auto code = curl_multi_add_handle(multi_.get(), easy);
        if (code != CURLM_OK)
            throw std::runtime_error{std::string{"bide::curl: libcurl does not take a request: "} +
                                     curl_multi_strerror(code)};
    }
    /// Closes all connections. Of no use any more; the rest does nothing.
    void close() noexcept {
        multi_.reset();
        due_ = never;
    }
    void remove(CURL* easy) noexcept { curl_multi_remove_handle(multi_.get(), easy); }

    void ready(curl_socket_t socket, int what) noexcept {
        auto running = 0;
        curl_multi_socket_action(multi_.get(), socket, what, &running);
    }

    /// When libcurl wants to be called; `never` if it waits for sockets alone.
    [[nodiscard]] time_point due() const noexcept { return due_; }

    /// Lets libcurl do what its time has come for; true if there was something.
    bool drive(time_point now) noexcept {
        if (due_ > now) return false;
        due_ = never;  // libcurl sets it again
        ready(CURL_SOCKET_TIMEOUT, 0);
        return true;
    }

    /// A transfer that is over, null if there is none.
    [[nodiscard]] CURL* finished(CURLcode& code) noexcept {
        auto left = 0;
        while (const auto* m = curl_multi_info_read(multi_.get(), &left))
            if (m->msg == CURLMSG_DONE) {
                code = m->data.result;
                return m->easy_handle;
            }
        return nullptr;
    }

private:
    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept {
        static_cast<multi*>(self)->hooks_->watch(socket, what);
        return 0;
    }
    static int on_timer(CURLM*, long ms, void* self) noexcept {
        auto& due = static_cast<multi*>(self)->due_;
        if (ms < 0)
            due = never;
        else if (ms == 0)
            due = time_point{};  // a new request begins in the same turn of the engine
        else
            due = bide::detail::saturating_add(bide::detail::steady_now(),
                                               std::chrono::milliseconds{ms});
        return 0;
    }

    static long as_long(std::size_t n) noexcept {
        constexpr auto most = static_cast<std::size_t>((std::numeric_limits<int>::max)());
        return static_cast<long>((std::min)(n, most));
    }

    template <class T>
    void set(CURLMoption option, T value) {
        if (curl_multi_setopt(multi_.get(), option, value) != CURLM_OK)
            throw std::logic_error{"bide::curl: libcurl refuses multi option " +
                                   std::to_string(static_cast<int>(option))};
    }

    event_hooks* hooks_;
    time_point due_ = never;
    std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_MULTI_HPP
