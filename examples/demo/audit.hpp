// SPDX-License-Identifier: MIT
#ifndef DEMO_AUDIT_HPP
#define DEMO_AUDIT_HPP

#include "gateway/ledger.hpp"
#include "gateway/server.hpp"
#include "send/messages.hpp"
#include "send/report.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace demo {

/// What the sender says, held against what the gateway's ledger knows, message by message.
struct audit {
    std::uint64_t delivered_once = 0;     ///< Reported delivered, and delivered exactly once.
    std::uint64_t unknown_delivered = 0;  ///< Reported unknown, and delivered.
    std::uint64_t unknown_not = 0;        ///< Reported unknown, and not delivered.
    std::vector<std::string> objections;  ///< Empty if both agree.
};

/// Stops the gateway and answers its last word. Before that it waits a moment for the ledger to
/// know of each answer that a stopped sender refused to read; `unknown` is how many messages ended
/// so.
[[nodiscard]] gateway::ledger_snapshot close_books(gateway::server& server, std::uint64_t unknown);

/// Checks that
/// - no message was delivered twice, and a delivered one exactly once;
/// - nothing that the gateway accepted is reported as failed or deferred;
/// - only messages with a try that the ledger calls ambiguous are reported as unknown: read, and
/// then cut
///   off or answered by an error that does not tell;
/// - every message that the gateway knows was sent here, and the sum holds.
[[nodiscard]] audit compare(const sender::report& report, std::span<const sender::message> messages,
                            const gateway::ledger_snapshot& ledger);

}  // namespace demo

#endif  // DEMO_AUDIT_HPP
