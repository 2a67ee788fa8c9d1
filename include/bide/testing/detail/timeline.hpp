// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_DETAIL_TIMELINE_HPP
#define BIDE_TESTING_DETAIL_TIMELINE_HPP

#include <bide/time.hpp>

#include <cstdint>
#include <queue>

namespace bide::inline v1::detail {

/// The clock of a simulation, which jumps from event to event; of those at one instant, what was
/// expected first happens first.
template <class Place>
class timeline {
public:
    struct event {
        time_point at;
        std::uint64_t order;
        Place* who;  ///< Whoever it is for knows what happens.

        bool operator<(const event& other) const noexcept {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    [[nodiscard]] time_point now() const noexcept { return now_; }

    /// @return its `order`, which no other has.
    std::uint64_t expect(time_point at, Place* who) {
        ++order_;
        if (at != never) events_.push({at, order_, who});
        return order_;
    }

    [[nodiscard]] bool has_one(time_point until) const {
        return !events_.empty() && events_.top().at <= until;
    }

    /// Requires that it has one.
    event next() {
        const auto first = events_.top();
        events_.pop();
        now_ = first.at;
        return first;
    }

private:
    time_point now_{};
    std::uint64_t order_ = 0;
    std::priority_queue<event> events_;
};

}  // namespace bide::inline v1::detail

#endif  // BIDE_TESTING_DETAIL_TIMELINE_HPP
