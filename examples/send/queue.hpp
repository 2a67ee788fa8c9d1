// SPDX-License-Identifier: MIT
#ifndef SENDER_QUEUE_HPP
#define SENDER_QUEUE_HPP

#include "send/form.hpp"
#include "send/messages.hpp"
#include "send/pace.hpp"

#include <bide/time.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <queue>
#include <span>
#include <vector>

namespace sender {

/// Hands out messages in their order, but passes over those of senders whose turn has not come: so
/// never does all that is under way stand in line for one sender while messages of others could go.
///
/// Each sender has a gate that every try of its messages passes; what is handed out comes at the
/// pace of that gate, and not while it is closed, for retries for instance. Of a fixed pace of the
/// run no more is handed out than goes in a second: the time of a message begins when it is handed
/// out, and must not pass in a line.
class queue {
public:
    struct offer {
        std::optional<std::size_t> message{};  ///< Absent: ask again at `until`.
        pace_gate* gate = nullptr;             ///< Of its sender.
        bide::time_point until = bide::never;  ///< `never`: nothing is left.
    };

    /// `each`: the pace of one sender; if it is free, all messages are as of one sender. `run`, the
    /// gate of all of them, must outlive it.
    queue(std::span<const message> messages, const identity& who, const pace& each,
          const pace_gate& run);

    [[nodiscard]] offer next(bide::time_point now);

    /// All that was not handed out, and no longer will be.
    [[nodiscard]] std::vector<std::size_t> take_rest();

private:
    struct lane {
        explicit lane(const pace& each) : gate{each} {}

        [[nodiscard]] bool is_empty() const noexcept { return taken == messages.size(); }
        [[nodiscard]] std::size_t front() const noexcept { return messages[taken]; }

        pace_gate gate;
        std::vector<std::size_t> messages{};
        std::size_t taken = 0;
        bide::time_point opens{};
    };
    struct goes_later {
        bool operator()(const lane* a, const lane* b) const noexcept {
            return a->front() > b->front();
        }
    };
    struct opens_later {
        bool operator()(const lane* a, const lane* b) const noexcept { return a->opens > b->opens; }
    };

    const pace_gate& run_;
    bide::time_point turn_{};  // when the next one may go, as far as it depends on `run_`
    std::deque<lane> lanes_;
    // Each lane that is not empty is in one of both.
    std::priority_queue<lane*, std::vector<lane*>, goes_later> open_;
    std::priority_queue<lane*, std::vector<lane*>, opens_later> closed_;
};

}  // namespace sender

#endif  // SENDER_QUEUE_HPP
