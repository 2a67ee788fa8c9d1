// SPDX-License-Identifier: MIT
#ifndef BIDE_GATE_TICKET_HPP
#define BIDE_GATE_TICKET_HPP

#include <bide/time.hpp>

#include <atomic>
#include <cstdint>

namespace bide::inline v1 {

/// One operation's place at one gate: a node in the gate's queue while it waits, the permit after
/// `go`.
///
/// The driver owns it; the gate links it and writes its notes, under the gate's own lock. It
/// neither moves nor is copied, because a queue points to it.
class ticket {
public:
    /// `on_wake` is called as `on_wake(owner)`: from any thread, with no lock of the gate held. It
    /// only makes the driver ask again, so it must not throw and must not wait for the driver.
    ticket(void (*on_wake)(void*) noexcept, void* owner) noexcept : wake_{on_wake}, owner_{owner} {}
    ticket(const ticket&) = delete;
    ticket& operator=(const ticket&) = delete;

    /// The driver has given it back by now; what is left is a wake-up that is on its way.
    ~ticket() {
        while (wakings_.load(std::memory_order_acquire) != 0) {
            // A few instructions of another thread: `wake` neither blocks nor calls back.
        }
    }

    /// For gates, under their lock: this ticket will be woken, so it must live until it was.
    void will_wake() noexcept { wakings_.fetch_add(1, std::memory_order_relaxed); }
    /// For gates, after their lock: pairs with `will_wake`.
    void wake() noexcept {
        wake_(owner_);
        wakings_.fetch_sub(1, std::memory_order_release);
    }

    // The gate's notes; no other may touch them.
    bool queued = false;
    bool granted = false;
    std::uint64_t cost = 0;
    std::uint64_t generation = 0;
    time_point issued{};
    std::uint64_t part = 0;  // of a nanosecond, beside `issued`

    /// Its place in a line of the gate, which `detail::line` keeps.
    struct place {
        ticket* up = nullptr;  // a tree by rank and turn
        ticket* left = nullptr;
        ticket* right = nullptr;
        ticket* older = nullptr;  // a list by time of joining
        ticket* newer = nullptr;
        std::uint64_t total = 0;  // cost of its part of the tree
        std::uint64_t turn = 0;   // among those of its rank; kept until the ticket ends
        std::int64_t rank = 0;
        time_point told{};  // when it was told to ask again
    } line{};

private:
    void (*wake_)(void*) noexcept;
    void* owner_;
    std::atomic<int> wakings_ = 0;  // on their way; several threads may wake at once
};

}  // namespace bide::inline v1

#endif  // BIDE_GATE_TICKET_HPP
