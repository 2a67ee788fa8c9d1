// SPDX-License-Identifier: MIT
#ifndef SENDER_COUNTERS_HPP
#define SENDER_COUNTERS_HPP

#include "send/fate.hpp"

#include <bide/observe/observer.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace sender {

/// What is known while a run is under way. Written by the run, read by whoever looks; the numbers
/// are each exact, but not all of one instant.
class counters {
public:
    [[nodiscard]] std::uint64_t attempts() const noexcept { return attempts_; }
    [[nodiscard]] std::uint64_t throttled() const noexcept { return throttled_; }
    [[nodiscard]] std::uint64_t retries() const noexcept { return retries_; }
    /// Messages that are under way, but not in flight.
    [[nodiscard]] std::uint64_t waiting() const noexcept {
        const auto flying = in_flight_.load();
        const auto all = under_way_.load();
        return all > flying ? all - flying : 0;
    }
    /// The pace that was found, in messages per second; 0 if none is looked for.
    [[nodiscard]] double paced_at() const noexcept { return paced_at_; }
    void set_paced_at(double per_s) noexcept { paced_at_ = per_s; }
    [[nodiscard]] std::uint64_t ended(group g) const noexcept {
        return groups_.at(static_cast<std::size_t>(g));
    }

private:
    friend class watcher;
    using count = std::atomic<std::uint64_t>;

    count attempts_{0};
    count throttled_{0};
    count retries_{0};
    count under_way_{0};
    count in_flight_{0};
    std::atomic<double> paced_at_{0};
    std::array<count, group_count> groups_{};
};

/// Feeds the counters: the observer of all operations of a run.
class watcher {
public:
    explicit watcher(counters& all) noexcept : all_{&all} {}

    /// A message is under way.
    void handed_over() noexcept { ++all_->under_way_; }
    /// A try begins, of which there is no event.
    void sends() noexcept { ++all_->in_flight_; }

    void operator()(const bide::event& e) noexcept {
        switch (e.kind) {
            case bide::event_kind::attempt:
                --all_->in_flight_;
                ++all_->attempts_;
                if (e.attempt > 1) ++all_->retries_;
                if (e.found.verdict == bide::verdict::throttled) ++all_->throttled_;
                break;
            case bide::event_kind::end:
                --all_->under_way_;
                ++all_->groups_.at(static_cast<std::size_t>(group_of(e.ended, e.attempt)));
                break;
            case bide::event_kind::backoff:
            case bide::event_kind::gate:
            case bide::event_kind::nested:
                break;
        }
    }

private:
    counters* all_;
};
static_assert(bide::observer<watcher>);

}  // namespace sender

#endif  // SENDER_COUNTERS_HPP
