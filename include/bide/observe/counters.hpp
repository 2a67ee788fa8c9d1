// SPDX-License-Identifier: MIT
#ifndef BIDE_OBSERVE_COUNTERS_HPP
#define BIDE_OBSERVE_COUNTERS_HPP

#include <bide/observe/observer.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bide::inline v1 {

/// One `Value` for each enumerator up to `Last`: `tries[verdict::throttled]`.
template <class Key, class Value, Key Last>
struct tally {
    std::array<Value, static_cast<std::size_t>(Last) + 1> values{};

    [[nodiscard]] constexpr Value& operator[](Key key) noexcept {
        return values[static_cast<std::size_t>(key)];
    }
    [[nodiscard]] constexpr const Value& operator[](Key key) const noexcept {
        return values[static_cast<std::size_t>(key)];
    }
};

template <class Value>
using by_end = tally<end, Value, end::cancelled>;
template <class Value>
using by_finding = tally<verdict, tally<certainty, Value, certainty::answered>, verdict::permanent>;

/// What became of many operations since the counters were made.
struct counts {
    by_finding<std::uint64_t> tries{};  ///< `tries[verdict::throttled][certainty::rejected]`
    std::uint64_t retries = 0;          ///< Tries after the first of their operation.
    by_end<std::uint64_t> ended{};      ///< Operations by how they ended.
    by_end<std::uint64_t> unknown{};    ///< Those that ended `unknown`, by what stopped them.
    duration waited{};                  ///< Sum of the waits that were begun between tries.
    std::uint64_t gate_waits = 0;       ///< How often a gate said: wait.
    std::uint64_t gate_refusals = 0;    ///< How often a gate ended an operation by its word.
    std::uint64_t nested = 0;           ///< Operations in which others retried: tries multiply.
    std::uint64_t nested_retries = 0;   ///< What those others made.

    [[nodiscard]] constexpr std::uint64_t operations() const noexcept {
        auto sum = std::uint64_t{0};
        for (const auto n : ended.values) sum += n;
        return sum;
    }
};

/// Counts what happens: `counters seen; retry(with(seen, policy), f)`. The caller keeps it, for as
/// long as there are plans that name it.
///
/// Any number of plans and threads may share one: each event is one or two relaxed atomic
/// additions, without a lock.
class counters {
public:
    counters() = default;
    counters(const counters&) = delete;
    counters& operator=(const counters&) = delete;
    ~counters() = default;

    void operator()(const event& e) noexcept {
        switch (e.kind) {
            case event_kind::attempt:
                add(tries_[e.found.verdict][e.found.certainty]);
                if (e.attempt > 1) add(retries_);
                break;
            case event_kind::backoff:
                add(waited_ns_, static_cast<std::uint64_t>((std::max)(e.wait.count(), {})));
                break;
            case event_kind::gate:
                add(gate_answers_);
                break;
            case event_kind::end:
                add(ended_[e.ended]);
                if (e.ended == end::unknown) add(unknown_[e.stopped_by]);
                if (e.stopped_by == end::refused) add(gate_refusals_);
                break;
            case event_kind::nested:
                add(nested_);
                add(nested_retries_, e.inner_retries);
                break;
        }
    }

    /// The numbers now. Each is exact, but while others count they are not all of one instant.
    [[nodiscard]] counts snapshot() const noexcept {
        counts now;
        for (std::size_t v = 0; v < tries_.values.size(); ++v)
            copy(tries_.values[v], now.tries.values[v]);
        copy(ended_, now.ended);
        copy(unknown_, now.unknown);
        now.retries = read(retries_);
        now.waited = duration{static_cast<duration::rep>(
            (std::min)(read(waited_ns_), static_cast<std::uint64_t>(duration::max().count())))};
        now.gate_refusals = read(gate_refusals_);
        // A refusal is told before the end that it leads to.
        now.gate_waits = (std::max)(read(gate_answers_), now.gate_refusals) - now.gate_refusals;
        now.nested = read(nested_);
        now.nested_retries = read(nested_retries_);
        return now;
    }

private:
    using count = std::atomic<std::uint64_t>;

    static void add(count& to, std::uint64_t n = 1) noexcept {
        to.fetch_add(n, std::memory_order_relaxed);
    }
    static std::uint64_t read(const count& n) noexcept { return n.load(std::memory_order_relaxed); }
    template <class From, class To>
    static void copy(const From& from, To& to) noexcept {
        for (std::size_t i = 0; i < from.values.size(); ++i) to.values[i] = read(from.values[i]);
    }

    by_finding<count> tries_{};
    by_end<count> ended_{};
    by_end<count> unknown_{};
    count retries_{0};
    count waited_ns_{0};
    count gate_answers_{0};
    count gate_refusals_{0};
    count nested_{0};
    count nested_retries_{0};
};
static_assert(observer<counters>);

}  // namespace bide::inline v1

#endif  // BIDE_OBSERVE_COUNTERS_HPP
