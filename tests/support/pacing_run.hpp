// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_SUPPORT_PACING_RUN_HPP
#define BIDE_TESTS_SUPPORT_PACING_RUN_HPP

#include "support/pacing_servers.hpp"

#include <cstddef>

namespace simulated {

/// One run. Seconds, requests per second.
struct scenario {
    server limits;
    double round_trip = 0.004;
    double jitter = 0.001;        ///< Uniform in [0, jitter], each way.
    std::size_t workers = 50;     ///< Each sends its next message when the last is accepted.
    bool all_at_once = false;     ///< All messages are queued from the start; `workers` is moot.
    double late_timers = 0;       ///< Uniform in [0, late_timers].
    double failures = 0;          ///< Share of 503s that have nothing to do with the rate.
    std::size_t learning = 2000;  ///< Messages until the limit may change.
    std::size_t steady = 8000;    ///< Messages after that.
    double change = 1;            ///< Factor of the limit after the first part.
    double other_client = 0;      ///< Share of the limit that somebody else takes, evenly.
    /// The server's event loop stalls now and then: every `stall_every` on average for up to
    /// `stall`; what arrives meanwhile is looked at together at the end.
    double stall_every = 0;
    double stall = 0;
    double connect = 0;             ///< The first request of all takes so much longer to get there.
    double client_stall_every = 0;  ///< The same for the client: its timers and answers.
    double client_stall = 0;
};

/// What became of it; shares of the true limit, refusals per accepted message.
struct result {
    double first_goodput = 0;  ///< Per cent, of the first part, learning included.
    double first_refused = 0;
    double steady_goodput = 0;  ///< Of the second part without its first tenth (40 % on a change).
    double steady_refused = 0;
    double p99 = 0;      ///< Seconds from submission to acceptance, in the second part.
    double adapted = 0;  ///< Seconds after the change until the new limit is used, 999 if never.
    std::size_t refused_first = 0;  ///< Count of refusals in the first part.
    std::size_t sent_inside = 0;    ///< Sends before the end of a Retry-After.
    std::size_t out_of_order = 0;   ///< First sends that overtook an older message.
    std::size_t accepted = 0;
};

}  // namespace simulated

#endif  // BIDE_TESTS_SUPPORT_PACING_RUN_HPP
