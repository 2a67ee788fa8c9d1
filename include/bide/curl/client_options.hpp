// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_CLIENT_OPTIONS_HPP
#define BIDE_CURL_CLIENT_OPTIONS_HPP

#include <bide/detail/invalid.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/retry/progress.hpp>
#include <bide/time.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <stop_token>

#include <curl/curl.h>

namespace bide::inline v1::curl {

/// What happens to a request that comes while the client holds as many as it may.
enum class when_full : std::uint8_t {
    /// Whoever hands it over waits: the thread, or with `co_await` the coroutine alone. The thread
    /// that drives the client can't wait: in a callback it is as `refuse`; outside of one, in the
    /// thread that would call `run`, `poll` or `advance`, the wait would have no end.
    block,
    refuse  ///< It ends at once as `end::deferred`, unsent, in the calling thread.
};

/// What a client may use; the provider's limits are a matter of gates.
struct client_options {
    std::size_t in_flight = 64;  ///< Requests between sending and answer; >= 1.
    /// Connections to one host; 0: as many as are in flight. The time limit of a try runs while it
    /// waits for one, so where many share few a `concurrency_limit` is the better bound.
    std::size_t per_host = 0;
    std::size_t capacity = 100'000;  ///< Requests that it holds, those in flight included; >= 1.
    when_full full = when_full::block;
    /// Of retries, for plans that have none; see `pool`.
    std::optional<retry_budget::options> budget = retry_budget::for_http();
};

/// What may be said of one request besides its plan.
struct send_options {
    int priority = 0;  ///< Higher goes first; of seven that pass a lower one the eighth does not.
    /// When the request loses its sense, for instance when a code expires. A wall like
    /// `bide::deadline`: told at once, if it can't be met.
    time_point deadline = never;
    std::uint32_t cost = 1;   ///< At the gates, in their unit; >= 1.
    time_point not_before{};  ///< The first try waits for it.
    /// Goes on where another operation with the same request ended, see `progress_of`: its tries
    /// and its time count, its idempotency key ages, and what may have been acted on then is known.
    std::optional<progress> resume{};
    std::stop_token stop{};  ///< Cancels this request, and all others that have the same.
};

/// How a client takes part in an event loop of yours.
struct event_hooks {
    /// Watch the socket for CURL_POLL_IN, _OUT, _INOUT, or no more for CURL_POLL_REMOVE; called in
    /// the loop's thread. Tell the client by `ready`.
    std::function<void(curl_socket_t, int)> watch;
    /// Call `advance` soon, in the loop's thread; called from any thread, must not throw or block.
    std::function<void()> wake;
};

namespace detail {

/// @throws std::invalid_argument naming the field.
inline void check(const client_options& o) {
    using bide::detail::invalid;
    if (o.in_flight == 0) invalid("curl::client: in_flight", ">= 1", std::uint64_t{0});
    if (o.capacity == 0) invalid("curl::client: capacity", ">= 1", std::uint64_t{0});
}
inline void check(const event_hooks& h) {
    if (!h.watch) throw std::invalid_argument{"bide::curl::client: watch must not be empty"};
    if (!h.wake) throw std::invalid_argument{"bide::curl::client: wake must not be empty"};
}
inline void check(const send_options& o) {
    if (o.cost == 0) bide::detail::invalid("curl::client: cost", ">= 1", std::uint64_t{0});
}

}  // namespace detail

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_CLIENT_OPTIONS_HPP
