// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_SLIDING_WINDOW_HPP
#define BIDE_GATE_SLIDING_WINDOW_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/detail/rate_gate.hpp>
#include <bide/gate/detail/window_log.hpp>
#include <bide/gate/gate.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace bide::inline v1 {

/// At most `limit` permits in every span of length `window`, wherever it begins:
/// `sliding_window({.limit = 30, .window = 1s})`.
///
/// For providers that count over a rolling second (Vonage), where a bucket's burst and its rate
/// add up to more than the limit. A permit at t counts until t + window, when the next one may go.
/// A cost above `limit` is refused. It keeps `limit` instants of 8 bytes, allocated once. For the
/// rest see `token_bucket`. Thread-safe; must outlive its tickets.
class sliding_window : public detail::rate_gate<detail::window_log> {
public:
    struct options {
        std::uint64_t limit = 0;                    ///< 1 to 10^6. There is no default that fits.
        timespan window = std::chrono::seconds{1};  ///< > 0
        /// Operations that may wait; one more is refused. With 0 nobody ever waits.
        std::uint64_t queue = std::numeric_limits<std::uint64_t>::max();
    };

    /// @throws std::invalid_argument naming the field.
    explicit sliding_window(options opts) : rate_gate{checked(opts), opts.queue, words} {}

    /// Another limit, window and queue from `now` on, also for those who wait: they are woken if it
    /// is good news. The newest grants count in the new window, up to as many as the limit was.
    /// @throws std::invalid_argument as the constructor; then nothing has changed.
    void set_limit(options to, time_point now) { change(checked(to), to.queue, now); }

private:
    static constexpr detail::rate_words words = {
        "the window is full",
        "the window has no room before the deadline",
        "the queue of the window is full",
        "the cost is above the limit of the window",
    };

    static detail::window_log::settings checked(const options& opts) {
        if (opts.limit == 0 || opts.limit > 1'000'000)
            detail::invalid("sliding_window: limit", "1 to 1000000", opts.limit);
        if (opts.window.get() <= duration::zero())
            detail::invalid("sliding_window: window", "> 0", opts.window.get());
        return {opts.limit, opts.window};
    }
};
static_assert(gate<sliding_window>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_SLIDING_WINDOW_HPP
