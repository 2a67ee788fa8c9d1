// SPDX-License-Identifier: MIT
#ifndef SENDER_PROGRESS_LINE_HPP
#define SENDER_PROGRESS_LINE_HPP

#include "send/counters.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace sender {

/// The counters at an instant, as far as they are shown.
struct progress_view {
    std::uint64_t requested = 0;
    std::uint64_t delivered = 0;
    std::uint64_t unknown = 0;
    std::uint64_t failed = 0;
    std::uint64_t deferred = 0;
    std::uint64_t waiting = 0;
    std::uint64_t throttled = 0;
    double rate_per_s = 0;  ///< Deliveries.
    double paced_at = 0;    ///< Messages per second; 0 if no pace is looked for.
};
[[nodiscard]] progress_view look(const counters& c, std::uint64_t requested);

/// Deliveries per second over the last two seconds or so, so that a change is soon seen.
class recent_rate {
public:
    using instant = std::chrono::steady_clock::time_point;

    explicit recent_rate(instant start) : samples_{{start, 0}} {}
    [[nodiscard]] double update(instant now, std::uint64_t delivered);

private:
    struct sample {
        instant when;
        std::uint64_t delivered;
    };
    std::deque<sample> samples_;
};

/// A line for a terminal of that many columns, never longer than it and one column shorter, since
/// some terminals break the line after the last one. What does not fit is left out from the right.
[[nodiscard]] std::string live_line(const progress_view& v, std::size_t columns, bool coloured);

/// A line for a file or a pipe.
[[nodiscard]] std::string plain_line(const progress_view& v);

}  // namespace sender

#endif  // SENDER_PROGRESS_LINE_HPP
