// SPDX-License-Identifier: MIT
#ifndef DEMO_TABLE_HPP
#define DEMO_TABLE_HPP

#include "demo/audit.hpp"
#include "gateway/ledger.hpp"
#include "send/report.hpp"

#include <cstdint>
#include <string>

namespace demo {

/// Both sides' numbers of one run.
struct figures {
    sender::tally sender;
    std::uint64_t retries = 0;
    gateway::ledger_snapshot gateway;
    audit compared;
};

/// The end of the demo: both sides' numbers next to each other.
[[nodiscard]] std::string table(const figures& f);

/// What was injected, as "injected: 16 x 429, 12 x 503", in lines of at most 80 columns.
[[nodiscard]] std::string injected(const gateway::ledger_snapshot& ledger);

}  // namespace demo

#endif  // DEMO_TABLE_HPP
