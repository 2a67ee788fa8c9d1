// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_CUBIC_PACER_HPP
#define BIDE_GATE_CUBIC_PACER_HPP

#include <bide/detail/invalid.hpp>
#include <bide/gate/detail/pacer_gate.hpp>
#include <bide/gate/gate.hpp>
#include <bide/gate/pacing/cubic.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace bide::inline v1 {

/// Paces as the adaptive retry mode of the AWS SDKs does: nothing is held back before the first
/// throttled answer, then the rate follows the curve of CUBIC.
///
/// For those who want the known behaviour. `quota_pacer` comes closer to most limits: it reads what
/// responses tell, and knows windows. Thread-safe; must outlive its tickets.
class cubic_pacer : public detail::pacer_gate<pacing::cubic_limiter> {
public:
    struct options {
        /// A server that asks for a longer wait is asked again after this; > 0.
        timespan max_wait = std::chrono::hours{1};
        /// Operations that may wait; one more is refused.
        std::uint64_t queue = std::numeric_limits<std::uint64_t>::max();
    };

    cubic_pacer() : cubic_pacer(options{}) {}
    /// @throws std::invalid_argument naming the field.
    explicit cubic_pacer(options opts) : pacer_gate{{}, checked(opts), opts.queue} {}

private:
    static duration checked(const options& o) {
        if (o.max_wait.get() <= duration::zero())
            detail::invalid("cubic_pacer: max_wait", "> 0", o.max_wait.get());
        return o.max_wait;
    }
};
static_assert(gate<cubic_pacer>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_CUBIC_PACER_HPP
