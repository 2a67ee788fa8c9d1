// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_CIRCUIT_BREAKER_HPP
#define BIDE_GATE_CIRCUIT_BREAKER_HPP

#include <bide/detail/platform.hpp>
#include <bide/gate/detail/breaker_core.hpp>
#include <bide/gate/detail/breaker_options.hpp>
#include <bide/gate/gate.hpp>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

namespace bide::inline v1 {

/// Stops asking a server that fails: refuses at once for a while, then lets a few probes go first.
/// `circuit_breaker breaker;` opens at five failures in a row;
/// `circuit_breaker breaker({.opens = circuit_breaker::failure_rate{.rate = 0.5}});` at a share.
///
/// Overloaded and transient tries are failures, whether they were sent or not. Successes and
/// refusals for good say that the server works. Throttled tries, and what ended without an answer
/// for a reason that is permanent, say nothing. Results of tries from before the last change of
/// state are not heard. A probe that is given back, says nothing or is not heard of in time is
/// replaced. One breaker for each server or route; a shared one shuts out what works.
///
/// Refuses with the time to come back: of the end of the open time, or by which the probes must
/// have come back; after `isolate` there is none. Never makes anybody wait.
/// Source: M. Nygard, "Release It!", 2007. Thread-safe; counting failures in a row it takes no lock
/// while nothing fails; must outlive its tickets.
class circuit_breaker {
public:
    static constexpr gate_order order = gate_order::refuses;
    using failure_count = detail::failure_count;
    using failure_rate = detail::failure_rate;
    using options = detail::breaker_options;

    circuit_breaker() : circuit_breaker{options{}} {}
    /// @throws std::invalid_argument naming the field.
    explicit circuit_breaker(const options& opts) : circuit_breaker{opts, detail::entropy()} {}
    /// The same open times for the same seed, if `open_for` is spread.
    circuit_breaker(const options& opts, std::uint64_t seed) : core_{opts, seed} { settle(); }
    circuit_breaker(const circuit_breaker&) = delete;
    circuit_breaker& operator=(const circuit_breaker&) = delete;

    [[nodiscard]] gate_answer ask(ticket& t, const gate_request&, time_point now) {
        if (const auto closed = closed_.load(std::memory_order_acquire); closed != 0) {
            t.granted = true;
            t.generation = closed / 2;
            t.issued = now;
            return gate_answer::go();
        }
        auto answer = gate_answer::go();
        change([&] { answer = core_.ask(t, now); });
        return answer;
    }

    void finish(ticket& t, const report& what, time_point now) noexcept {
        t.granted = false;
        if (what.found.verdict == verdict::success &&
            closed_.load(std::memory_order_acquire) == t.generation * 2 + 1)
            return;
        change([&] { core_.heard(t, what, now); });
    }

    void give_back(ticket& t, time_point) noexcept {
        if (!t.granted) return;
        t.granted = false;
        // Only of probes it matters how many are out.
        if (closed_.load(std::memory_order_acquire) != 0) return;
        change([&] { core_.lost(t); });
    }

    /// Opens it by hand, for as long as if tries had failed.
    void trip(time_point now) {
        change([&] { core_.trip(now); });
    }
    /// Lets probes go at once, whatever its state.
    void probe(time_point now) {
        change([&] { core_.probe(now); });
    }
    /// Refuses everything until `reset`, `probe` or `trip`.
    void isolate(time_point now) {
        change([&] { core_.isolate(now); });
    }
    /// Closes it by hand and forgets all that was counted.
    void reset(time_point now) {
        change([&] { core_.reset(now); });
    }

    /// Half-open as soon as a probe may go; a snapshot.
    [[nodiscard]] breaker_state state(time_point now) const {
        const std::lock_guard lock{mutex_};
        return core_.state(now);
    }
    /// Of open: when the first probe may go; else `never`. A snapshot.
    [[nodiscard]] time_point open_until() const {
        const std::lock_guard lock{mutex_};
        return core_.until();
    }
    /// In the window, or of the failures in a row; of half-open: of the probes. A snapshot.
    [[nodiscard]] breaker_counts counts(time_point now) const {
        const std::lock_guard lock{mutex_};
        return core_.counts(now);
    }
    /// How often it has opened, `isolate` not included; a snapshot.
    [[nodiscard]] std::uint64_t opened() const {
        const std::lock_guard lock{mutex_};
        return core_.opened();
    }
    /// Tries that it refused; a snapshot.
    [[nodiscard]] std::uint64_t refused() const {
        const std::lock_guard lock{mutex_};
        return core_.refused();
    }
    /// Whether it is closed and nothing counts against it: as good as new.
    [[nodiscard]] bool at_rest(time_point now) const {
        const std::lock_guard lock{mutex_};
        return core_.is_closed() && core_.counts(now).calls == 0;
    }

private:
    template <class Change>
    void change(Change make) {
        std::optional<breaker_change> made;
        {
            const std::lock_guard lock{mutex_};
            make();
            settle();
            if (core_.has_changed()) made = core_.take_change();
        }
        if (made && core_.on_change()) tell(*made);
    }

    /// What can be done without the lock.
    void settle() noexcept {
        const auto closed =
            core_.is_closed() ? core_.generation() * 2 + (core_.is_clean() ? 1 : 0) : 0;
        if (closed_.load(std::memory_order_relaxed) != closed)
            closed_.store(closed, std::memory_order_release);
    }

    void tell(const breaker_change& what) const noexcept {
        try {
            core_.on_change()(what);
        } catch (...) {  // NOLINT(bugprone-empty-catch): as with observers
            // The outcome of a try does not depend on who watches.
        }
    }

    mutable std::mutex mutex_;
    detail::breaker_core core_;
    // While it is closed twice the generation, and one more while a success changes nothing; else
    // 0.
    std::atomic<std::uint64_t> closed_ = 0;
};
static_assert(gate<circuit_breaker>);

}  // namespace bide::inline v1

#endif  // BIDE_GATE_CIRCUIT_BREAKER_HPP
