// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_LEAKY_BUCKET_HPP
#define BIDE_GATE_LEAKY_BUCKET_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/detail/gcra.hpp>
#include <bide/gate/detail/rate_gate.hpp>
#include <bide/gate/gate.hpp>
#include <bide/time.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace bide::inline v1 {

/// Evenly spaced: two permits are never less than per / rate apart, however long the pause was:
/// `leaky_bucket({.rate = 10, .per = 1s, .queue = 100})`.
///
/// The price is that what a late timer misses is not made up for; a `token_bucket` with a burst
/// of 2 makes up for it. A cost c keeps the next one away c times as long, so any cost up to 10^9
/// is met. For the rest see `token_bucket`. Thread-safe; must outlive its tickets.
class leaky_bucket : public detail::rate_gate<detail::gcra> {
public:
    struct options {
        std::uint64_t rate = 0;  ///< Permits in `per`, 1 to 10^9. There is no default that fits.
        timespan per = std::chrono::seconds{1};  ///< > 0
        /// The size of the bucket: operations that may wait; one more is refused.
        std::uint64_t queue = std::numeric_limits<std::uint64_t>::max();
    };

    /// @throws std::invalid_argument naming the field.
    explicit leaky_bucket(options opts) : rate_gate{checked(opts), opts.queue, words} {}

    /// As `token_bucket::set_rate`.
    void set_rate(options to, time_point now) { change(checked(to), to.queue, now); }

private:
    static constexpr detail::rate_words words = {
        "the next slot of the leaky bucket has not come",
        "the leaky bucket has no slot before the deadline",
        "the leaky bucket is full",
        "the cost is above 1000000000",
    };

    static detail::gcra::settings checked(const options& opts) {
        constexpr auto most = detail::fine_step::most_units;
        if (opts.rate == 0 || opts.rate > most)
            detail::invalid("leaky_bucket: rate", "1 to 1000000000", opts.rate);
        if (opts.per.get() <= duration::zero())
            detail::invalid("leaky_bucket: per", "> 0", opts.per.get());
        if (detail::fine_step{opts.per, opts.rate}.times(1).ns > detail::gcra::longest)
            detail::invalid("leaky_bucket: per", "such that a permit comes within 100 years",
                            opts.per.get());
        return {opts.rate, opts.per, 1, most};
    }
};
static_assert(gate<leaky_bucket>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_LEAKY_BUCKET_HPP
