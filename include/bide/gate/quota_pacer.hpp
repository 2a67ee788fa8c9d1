// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_QUOTA_PACER_HPP
#define BIDE_GATE_QUOTA_PACER_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/detail/pacer_gate.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/pacing/pacer.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace bide::inline v1 {

/// Sends as close under a server's limit as possible without being told it: learns from throttled
/// answers, and from the quotas that responses carry.
///
/// Nothing is refused while it learns but by the server: about one request in 300 once it has
/// settled, because a limit that rises is seen by trying only; none where responses tell the limit.
/// Higher priorities go first, inside a priority retries, then who came first; a slot is taken when
/// its request goes. A server's hint closes the gate for all. Deterministic: no random numbers.
/// Thread-safe; must outlive its tickets. One pacer per limit (account, key, sender number).
class quota_pacer : public detail::pacer_gate<pacing::pacer> {
public:
    struct options {
        /// In units of cost per second, if it is known or published; 0: unknown, found by slow
        /// start from 20/s. A first guess, not a bound.
        double start_rate = 0;
        /// The share of the limit that is ours, in (0, 1]. Below 1 without quotas in responses the
        /// limit is learnt once by coming close to it; that it rises later is not seen.
        double utilisation = 1;
        /// A server that asks for a longer wait is asked again after this; > 0.
        timespan max_wait = std::chrono::hours{1};
        /// Operations that may wait; one more is refused.
        std::uint64_t queue = std::numeric_limits<std::uint64_t>::max();
    };

    quota_pacer() : quota_pacer(options{}) {}
    /// @throws std::invalid_argument naming the field.
    explicit quota_pacer(options opts) : pacer_gate{checked(opts), opts.max_wait, opts.queue} {}

private:
    static pacing::pacer checked(const options& o) {
        if (!(o.start_rate >= 0 && o.start_rate <= 1e9))
            detail::invalid("quota_pacer: start_rate", ">= 0 and <= 1e9", o.start_rate);
        if (!(o.utilisation > 0 && o.utilisation <= 1))
            detail::invalid("quota_pacer: utilisation", "> 0 and <= 1", o.utilisation);
        if (o.max_wait.get() <= duration::zero())
            detail::invalid("quota_pacer: max_wait", "> 0", o.max_wait.get());
        return {o.start_rate, o.utilisation};
    }
};
static_assert(gate<quota_pacer>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_QUOTA_PACER_HPP
