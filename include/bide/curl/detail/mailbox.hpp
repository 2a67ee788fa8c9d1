// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_MAILBOX_HPP
#define BIDE_CURL_DETAIL_MAILBOX_HPP

#include <bide/curl/detail/operation.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace bide::inline v1::curl::detail {

/// What other threads want of the engine, until it looks. Thread-safe.
class mailbox {
public:
    /// How long to wait for room.
    enum class patience : std::uint8_t {
        none,
        blocked,   ///< The calling thread waits.
        suspended  ///< The request waits here, and the thread goes on.
    };

    /// What the engine takes out at once.
    struct contents {
        operations arrived;
        std::vector<std::shared_ptr<operation_link>> cancelled;
        std::vector<lane_base*> rung;
        std::vector<lane_base*> unused;  // nobody has them any more
        bool cancel_all = false;

        void swap(contents& other) noexcept {
            arrived.swap(other.arrived);
            cancelled.swap(other.cancelled);
            rung.swap(other.rung);
            unused.swap(other.unused);
            std::swap(cancel_all, other.cancel_all);
        }
    };

    explicit mailbox(std::size_t capacity) : capacity_{capacity} {}

    /// Takes those for which there is room, the first ones first; returns those that found none,
    /// or came when it was closed. Calls `wake` with no lock held if the engine has not looked
    /// since.
    template <class Wake>
    [[nodiscard]] std::span<owned_operation> put(std::span<owned_operation> all, patience p,
                                                 Wake wake) {
        std::unique_lock lock{mutex_};
        auto call = false;
        std::size_t next = 0;
        for (; next != all.size() && !closed_; ++next) {
            if (held_ >= capacity_ && p == patience::blocked) {
                if (std::exchange(call, false)) {
                    lock.unlock();
                    wake();
                    lock.lock();
                }
                room_.wait(lock, [this] { return closed_ || held_ < capacity_; });
            }
            if (closed_ || (held_ >= capacity_ && p != patience::suspended)) break;
            if (held_ >= capacity_) {
                suspended_.push_back(std::move(all[next]));
            } else {
                in_.arrived.push_back(std::move(all[next]));
                ++held_;
                call = note() || call;
            }
        }
        lock.unlock();
        if (call) wake();
        return all.subspan(next);
    }

    /// True, as in those below: the engine has to be woken.
    [[nodiscard]] bool cancel(std::shared_ptr<operation_link> which) {
        const std::lock_guard lock{mutex_};
        in_.cancelled.push_back(std::move(which));
        return note();
    }
    [[nodiscard]] bool cancel_all() {
        const std::lock_guard lock{mutex_};
        in_.cancel_all = true;
        return note();
    }
    /// Once, until the engine looked.
    [[nodiscard]] bool ring(lane_base& which) noexcept {
        const std::lock_guard lock{mutex_};
        in_.rung.push_back(&which);
        return note();
    }
    [[nodiscard]] bool drop(lane_base& which) noexcept {
        const std::lock_guard lock{mutex_};
        in_.unused.push_back(&which);
        return note();
    }
    /// Each lane rings and is dropped once at a time, so that neither needs memory. Called before
    /// a lane is there.
    void expect_lane() {
        const std::lock_guard lock{mutex_};
        ++lanes_;
        reserve();
    }
    /// The lane is gone.
    void forget(const lane_base& which) noexcept {
        const std::lock_guard lock{mutex_};
        std::erase(in_.rung, &which);
        --lanes_;
    }
    /// There is nothing in it, but the engine shall look at its own state.
    [[nodiscard]] bool nudge() noexcept { return note(); }

    [[nodiscard]] bool has_news() const noexcept { return news_.load(std::memory_order_seq_cst); }

    /// All that came since the last time.
    void take(contents& out) {
        if (!has_news()) return;
        const std::lock_guard lock{mutex_};
        news_.store(false, std::memory_order_seq_cst);
        out.swap(in_);
        reserve();
    }

    /// So many requests have ended.
    void make_room(std::size_t ended) {
        const std::lock_guard lock{mutex_};
        held_ -= ended;
        for (; held_ < capacity_ && !suspended_.empty(); ++held_) {
            in_.arrived.push_back(std::move(suspended_.front()));
            suspended_.pop_front();
            note();
        }
        if (held_ < capacity_) room_.notify_all();
    }

    /// Nothing is taken from now on; those that waited for room are handed back.
    [[nodiscard]] operations close() {
        const std::lock_guard lock{mutex_};
        closed_ = true;
        room_.notify_all();
        operations left{std::make_move_iterator(suspended_.begin()),
                        std::make_move_iterator(suspended_.end())};
        suspended_.clear();
        held_ += left.size();
        return left;
    }

    /// Requests that it let in and of which `make_room` was not told; a snapshot.
    [[nodiscard]] std::size_t held() const {
        const std::lock_guard lock{mutex_};
        return held_;
    }

private:
    void reserve() {
        for (auto* list : {&in_.rung, &in_.unused})
            if (list->capacity() < lanes_) list->reserve(2 * lanes_);
    }
    bool note() noexcept { return !news_.exchange(true, std::memory_order_seq_cst); }

    std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable room_;
    std::atomic<bool> news_ = false;
    contents in_;
    std::deque<owned_operation> suspended_;
    std::size_t held_ = 0;
    std::size_t lanes_ = 0;
    bool closed_ = false;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_MAILBOX_HPP
