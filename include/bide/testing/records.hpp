// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTING_RECORDS_HPP
#define BIDE_TESTING_RECORDS_HPP

#include <bide/maybe.hpp>
#include <bide/retry/finding.hpp>
#include <bide/retry/verdict.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <vector>

/// What a simulation tells whoever wants to know.
namespace bide::inline v1::simulated {

/// One try that is over.
struct tried {
    std::uint64_t operation = 0;  ///< As `simulation::begin` numbered it.
    std::uint64_t attempt = 1;    ///< Of the operation, from 1.
    time_point sent{};
    time_point arrived{};  ///< Of its first message, at the server.
    time_point ended{};    ///< At the client.
    finding found{};
};

/// One operation that is over.
struct finished {
    std::uint64_t operation = 0;
    std::uint64_t attempts = 0;
    time_point began{};
    time_point ended{};
    end how = end::done;
    end stopped_by = end::done;  ///< As `how`, but readable where that is `unknown`.
    bide::certainty certainty = bide::certainty::not_sent;
    maybe<duration> retry_in{};  ///< The word of a server or gate when to come back.
};

/// A run as numbers.
struct totals {
    std::uint64_t operations = 0;  ///< That are over.
    std::uint64_t tries = 0;       ///< That are over.
    std::uint64_t events = 0;      ///< What the simulator went through; for measuring its speed.
    time_point last{};             ///< When the last of them happened.
};

/// Keeps everything: `records all; simulation.run(all);`.
struct records {
    std::vector<tried> tries{};
    std::vector<finished> operations{};

    void operator()(const tried& t) { tries.push_back(t); }
    void operator()(const finished& f) { operations.push_back(f); }
};

}  // namespace bide::inline v1::simulated

#endif  // BIDE_TESTING_RECORDS_HPP
