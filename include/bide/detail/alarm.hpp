// SPDX-License-Identifier: MIT
#ifndef BIDE_DETAIL_ALARM_HPP
#define BIDE_DETAIL_ALARM_HPP

#include <bide/retry/detail/parts.hpp>
#include <bide/retry/runtime.hpp>
#include <bide/time.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace bide::inline v1::detail {

/// A wait until an instant that another thread can end. One thread waits, any thread rings.
class system_alarm {
public:
    explicit system_alarm(const system_runtime&) noexcept {}

    /// Ends the wait, or the next one if nobody waits.
    void ring() noexcept {
        {
            const std::lock_guard lock{mutex_};
            rung_ = true;
        }
        changed_.notify_one();
    }

    /// True if it rang, false if the time has come.
    bool wait_until(time_point until) {
        std::unique_lock lock{mutex_};
        const auto rung = [this] { return rung_; };
        if (until == never) {
            changed_.wait(lock, rung);  // a far instant may overflow inside wait_until
        } else if (!changed_.wait_until(lock, until, rung)) {
            return false;
        }
        return std::exchange(rung_, false);
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool rung_ = false;
};

template <>
struct alarm_for<system_runtime> {
    using type = system_alarm;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_DETAIL_ALARM_HPP
