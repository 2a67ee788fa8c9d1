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

/// What is known while a run is under way. Written by all workers, read by whoever looks; the
/// numbers are each exact, but not all of one instant.
class counters {
public:
    [[nodiscard]] std::uint64_t attempts() const noexcept { return attempts_; }
    [[nodiscard]] std::uint64_t throttled() const noexcept { return throttled_; }
    [[nodiscard]] std::uint64_t retries() const noexcept { return retries_; }
    [[nodiscard]] std::uint64_t waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::uint64_t ended(group g) const noexcept {
        return groups_.at(static_cast<std::size_t>(g));
    }

private:
    friend class watcher;
    using count = std::atomic<std::uint64_t>;

    count attempts_{0};
    count throttled_{0};
    count retries_{0};
    count waiting_{0};
    std::array<count, group_count> groups_{};
};

/// Feeds the counters with the library's events: the observer of one worker's operations.
class watcher {
public:
    explicit watcher(counters& all) noexcept : all_{&all} {}

    void operator()(const bide::event& e) noexcept {
        switch (e.kind) {
            case bide::event_kind::attempt:
                leave_wait();
                ++all_->attempts_;
                if (e.attempt > 1) ++all_->retries_;
                if (e.found.verdict == bide::verdict::throttled) ++all_->throttled_;
                break;
            case bide::event_kind::backoff:
                ++all_->waiting_;
                waits_ = true;
                break;
            case bide::event_kind::end:
                leave_wait();
                ++all_->groups_.at(static_cast<std::size_t>(group_of(e.ended, e.attempt)));
                break;
            case bide::event_kind::gate:
            case bide::event_kind::nested:
                break;
        }
    }

private:
    void leave_wait() noexcept {
        if (waits_) --all_->waiting_;
        waits_ = false;
    }

    counters* all_;
    bool waits_ = false;
};
static_assert(bide::observer<watcher>);

}  // namespace sender

#endif  // SENDER_COUNTERS_HPP
