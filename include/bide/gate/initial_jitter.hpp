// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_INITIAL_JITTER_HPP
#define BIDE_GATE_INITIAL_JITTER_HPP

#include <bide/detail/invalid.hpp>
#include <bide/detail/platform.hpp>
#include <bide/gate/gate.hpp>
#include <bide/random.hpp>

#include <atomic>
#include <cstdint>

namespace bide::inline v1 {

/// Spreads the first tries of periodic work: each operation begins after a delay uniform in
/// [0, most]; later tries are let through. `initial_jitter spread{10s}`.
///
/// For jobs that start on the minute and for fleets that are started at once: the first try is the
/// one that no backoff spreads. A delay that goes beyond the end of the operation's time ends it as
/// `deferred`, as at any gate, so give it more time than `most`. Thread-safe without a lock.
class initial_jitter {
public:
    static constexpr gate_order order = gate_order::anywhere;

    /// Of `most` = 0 nothing is spread.
    /// @throws std::invalid_argument if it is negative.
    explicit initial_jitter(timespan most) : initial_jitter{most, detail::entropy()} {}
    /// The same delays, in the order in which operations ask, for the same seed.
    initial_jitter(timespan most, std::uint64_t seed) : most_{most}, seed_{seed} {
        if (most_ < duration::zero()) detail::invalid("initial_jitter: most", ">= 0", most_);
    }
    initial_jitter(const initial_jitter&) = delete;
    initial_jitter& operator=(const initial_jitter&) = delete;

    [[nodiscard]] gate_answer ask(ticket& t, const gate_request& request, time_point now) noexcept {
        if (request.attempt > 1) return gate_answer::go();
        if (t.generation == 0) {
            t.generation = 1;
            t.issued = detail::saturating_add(now, draw());
        }
        if (now >= t.issued) return gate_answer::go();
        return gate_answer::wait(t.issued, false, "first tries are spread");
    }

    void finish(ticket&, const report&, time_point) noexcept {}
    /// The ticket keeps its instant: a later gate that lets wait must not make it draw again.
    void give_back(ticket&, time_point) noexcept {}

private:
    [[nodiscard]] duration draw() noexcept {
        splitmix64 random{seed_.fetch_add(1, std::memory_order_relaxed)};
        return detail::draw(random, duration::zero(), most_);
    }

    duration most_;
    std::atomic<std::uint64_t> seed_;
};
static_assert(gate<initial_jitter>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_INITIAL_JITTER_HPP
