// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_TOKEN_BUCKET_HPP
#define BIDE_GATE_TOKEN_BUCKET_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/detail/gcra.hpp>
#include <bide/gate/detail/rate_gate.hpp>
#include <bide/gate/gate.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace bide::inline v1 {

/// `rate` permits in each `per` on average, up to `burst` at once after a pause:
/// `token_bucket({.rate = 10, .per = 1s, .burst = 5})`. It begins full.
///
/// In any span w at most burst + rate * w / per are granted, exactly, on the clock of whoever asks.
/// Who has to wait stands in line by priority, retries before new operations, then first come,
/// first served, and is told its own slot (`detail::line` has the rule in full). A cost other than
/// 1 takes that many permits and is refused if it is above `burst`. A permit that is given back
/// counts as never taken; one whose try was made is used up. Thread-safe; must outlive its tickets.
class token_bucket : public detail::rate_gate<detail::gcra> {
public:
    struct options {
        std::uint64_t rate = 0;  ///< Permits in `per`, 1 to 10^9. There is no default that fits.
        timespan per = std::chrono::seconds{1};  ///< > 0
        std::uint64_t burst = 1;                 ///< 1 to 10^9.
        /// Operations that may wait; one more is refused. With 0 nobody ever waits.
        std::uint64_t queue = std::numeric_limits<std::uint64_t>::max();
    };

    /// @throws std::invalid_argument naming the field.
    explicit token_bucket(options opts) : rate_gate{checked(opts), opts.queue, words} {}

    /// Another rate, burst and queue from `now` on, also for those who wait: they are woken if it
    /// is good news. Permits in the bucket stay, as many as fit.
    /// @throws std::invalid_argument as the constructor; then nothing has changed.
    void set_rate(options to, time_point now) { change(checked(to), to.queue, now); }

private:
    static constexpr detail::rate_words words = {
        "the token bucket is empty",
        "the token bucket has nothing left before the deadline",
        "the queue of the token bucket is full",
        "the cost is above the burst of the token bucket",
    };

    static detail::gcra::settings checked(const options& opts) {
        constexpr auto most = detail::fine_step::most_units;
        if (opts.rate == 0 || opts.rate > most)
            detail::invalid("token_bucket: rate", "1 to 1000000000", opts.rate);
        if (opts.per.get() <= duration::zero())
            detail::invalid("token_bucket: per", "> 0", opts.per.get());
        if (opts.burst == 0 || opts.burst > most)
            detail::invalid("token_bucket: burst", "1 to 1000000000", opts.burst);
        if (detail::fine_step{opts.per, opts.rate}.times(opts.burst).ns > detail::gcra::longest)
            detail::invalid("token_bucket: burst", "refilled within 100 years", opts.burst);
        return {opts.rate, opts.per, opts.burst, opts.burst};
    }
};
static_assert(gate<token_bucket>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_TOKEN_BUCKET_HPP
