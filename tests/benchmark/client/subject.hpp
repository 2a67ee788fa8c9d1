// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_BENCHMARK_CLIENT_SUBJECT_HPP
#define BIDE_TESTS_BENCHMARK_CLIENT_SUBJECT_HPP

#include "measure.hpp"

#include <cstddef>
#include <memory>
#include <string>

/// What sends requests on one thread, keeping so many in flight: as soon as one is answered, it
/// composes and sends the next.
class subject {
public:
    struct load {
        std::string url{};
        std::size_t in_flight = 1;
        std::string silent_url{};  ///< Answers nothing.
        std::size_t stalled =
            0;  ///< Requests to it, besides those in flight, from the beginning on.
    };

    subject() = default;
    subject(const subject&) = delete;
    subject& operator=(const subject&) = delete;
    virtual ~subject() = default;

    /// Sends for so long, then waits for the answers to what is in flight; how many came.
    virtual std::size_t run(seconds time) = 0;
    /// Sends at most so many at once from now on.
    virtual void set_in_flight(std::size_t n) = 0;
};

std::unique_ptr<subject> make_perform_loop(const subject::load& l);
std::unique_ptr<subject> make_socket_loop(const subject::load& l);
/// With one lane for all requests, or as `client.send(request, policy)` each.
std::unique_ptr<subject> make_client(const subject::load& l, bool one_lane);

/// Ends the process: a benchmark of something else than it says is worse than none.
[[noreturn]] void give_up(const std::string& why);

#endif  // BIDE_TESTS_BENCHMARK_CLIENT_SUBJECT_HPP
