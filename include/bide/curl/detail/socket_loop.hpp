// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_SOCKET_LOOP_HPP
#define BIDE_CURL_DETAIL_SOCKET_LOOP_HPP

#include <bide/time.hpp>

#include <algorithm>
#include <chrono>
#include <limits>

#if defined(__linux__)
#include <bide/curl/detail/epoll_loop.hpp>
#elif !defined(_WIN32)
#include <bide/curl/detail/poll_loop.hpp>
#endif

/// The event loop of a client that has a thread, or `run()`, to itself. Windows has none: there the
/// client takes part in a loop of yours.
namespace bide::inline v1::curl::detail {

#if defined(__linux__)
using socket_loop = epoll_loop;
#elif !defined(_WIN32)
using socket_loop = poll_loop;
#endif

/// How long a wait may take in milliseconds, rounded up, so that it never ends early; -1 for ever.
inline int wait_ms(time_point now, time_point until) noexcept {
    if (until == never) return -1;
    if (until <= now) return 0;
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    return static_cast<int>((std::min<long long>)(ms, (std::numeric_limits<int>::max)()));
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_SOCKET_LOOP_HPP
