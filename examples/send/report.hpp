// SPDX-License-Identifier: MIT
#ifndef SENDER_REPORT_HPP
#define SENDER_REPORT_HPP

#include "send/fate.hpp"
#include "send/messages.hpp"

#include <bide/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace sender {

/// What came of a run: `fates[i]` is that of message i.
struct report {
    std::vector<fate> fates;
    std::uint64_t rejected = 0;  ///< Tries that were throttled.
    double paced_at = 0;         ///< The pace that was found, per second; 0: none was looked for.
    bide::duration elapsed{};
};

/// A report in numbers: requested = delivered + unknown + failed + deferred = the sum of `ends`.
struct tally {
    std::uint64_t requested = 0;
    std::uint64_t delivered = 0;
    std::uint64_t unknown = 0;
    std::uint64_t failed = 0;
    std::uint64_t deferred = 0;
    std::uint64_t attempts = 0;
    std::uint64_t rejected = 0;
    double elapsed_s = 0;
    double rate_per_s = 0;                ///< Deliveries.
    double paced_at_per_s = 0;            ///< What was found in the end; 0: nothing.
    std::array<std::uint64_t, 8> ends{};  ///< By `bide::end`.
};
[[nodiscard]] tally count(const report& r);

/// One line of JSON; `ends` has those that occurred.
[[nodiscard]] std::string to_json(const tally& t);

/// A sentence or two for people.
[[nodiscard]] std::string to_text(const tally& t);

/// A line for each message that was not delivered, without its number and text.
void list_undelivered(std::ostream& out, const report& r, std::span<const message> messages);

}  // namespace sender

#endif  // SENDER_REPORT_HPP
