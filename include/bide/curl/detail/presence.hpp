// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_PRESENCE_HPP
#define BIDE_CURL_DETAIL_PRESENCE_HPP

#include <atomic>
#include <thread>

namespace bide::inline v1::curl::detail {

/// Which thread is at work in an engine, and how deep: what a callback calls may work there, too,
/// in the midst of a step.
class presence {
public:
    /// From any thread.
    [[nodiscard]] bool is_here() const noexcept {
        return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    }
    /// Nothing is under way but what asks.
    [[nodiscard]] bool is_outermost() const noexcept { return depth_ == 1; }

    /// This thread is at work during the scope.
    class scope {
    public:
        explicit scope(presence& in) noexcept
            : in_{&in}, before_{in.thread_.load(std::memory_order_relaxed)} {
            in_->thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
            ++in_->depth_;
        }
        scope(const scope&) = delete;
        scope& operator=(const scope&) = delete;
        ~scope() {
            --in_->depth_;
            in_->thread_.store(before_, std::memory_order_relaxed);
        }

    private:
        presence* in_;
        std::thread::id before_;
    };

private:
    // Relaxed, because a thread only asks whether it is itself, which it has written itself.
    std::atomic<std::thread::id> thread_{};
    int depth_ = 0;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_PRESENCE_HPP
