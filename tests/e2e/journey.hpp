// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_E2E_JOURNEY_HPP
#define BIDE_TESTS_E2E_JOURNEY_HPP

#include "demo/audit.hpp"
#include "gateway/server.hpp"
#include "send/counters.hpp"
#include "send/sender.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <sstream>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace e2e {

/// All that is known after messages went through a gateway in this process.
struct journey {
    std::vector<sender::message> messages;
    sender::report report;
    sender::tally sum;
    gateway::ledger_snapshot ledger;
    demo::audit audit;
    std::uint64_t attempts_seen = 0;  ///< By the observer, as those below.
    std::uint64_t retries_seen = 0;
    std::uint64_t waiting_at_end = 0;
};

/// Stops the gateway and holds both books against each other; `report` and `messages` are set
/// already.
inline void close(journey& j, gateway::server& server, const sender::counters& live) {
    j.sum = sender::count(j.report);
    j.ledger = demo::close_books(server, j.sum.unknown);
    j.audit = demo::compare(j.report, j.messages, j.ledger);
    j.attempts_seen = live.attempts();
    j.retries_seen = live.retries();
    j.waiting_at_end = live.waiting();
}

/// Sends `count` messages through a gateway that is started for them.
inline journey travel(gateway::options g, sender::options s, std::size_t count,
                      std::stop_token token = {}) {
    gateway::server server{std::move(g)};
    s.gateway = server.url();
    journey j;
    j.messages = sender::generate_messages(count, "m-");
    sender::counters live;
    j.report = sender::run(s, j.messages, std::move(token), live);
    close(j, server, live);
    return j;
}

/// What must hold after every journey, whatever happened on it.
inline void check_books(const journey& j) {
    const auto& objections = j.audit.objections;
    for (std::size_t i = 0; i < std::min<std::size_t>(objections.size(), 10); ++i)
        UNSCOPED_INFO(objections[i]);
    CHECK(objections.empty());
    const auto& s = j.sum;
    CHECK(s.requested == j.messages.size());
    CHECK(s.requested == s.delivered + s.unknown + s.failed + s.deferred);
    CHECK(j.ledger.max_deliveries <= 1);
    CHECK(j.ledger.early == 0);  // the gateway's word, not the library's
    CHECK(j.ledger.malformed == 0);
    CHECK(j.ledger.protocol_errors == 0);
    CHECK(j.attempts_seen == s.attempts);
    CHECK(j.waiting_at_end == 0);
}

/// The figures of a journey, for the reader of the test's output.
inline void print(const char* name, const journey& j) {
    std::ostringstream text;
    text << "e2e " << name << ": " << sender::to_json(j.sum) << " | gateway: requests "
         << j.ledger.requests << ", connections " << j.ledger.connections << ", delivered "
         << j.ledger.delivered << ", max deliveries " << j.ledger.max_deliveries << ", 429s "
         << j.ledger.rejected << ", early " << j.ledger.early << ", cut after read "
         << j.ledger.cut_after_read << ", ambiguous " << j.ledger.ambiguous << ", peak "
         << j.ledger.peak_rate_per_s << "/s\n";
    std::cout << text.str() << std::flush;
}

}  // namespace e2e

#endif  // BIDE_TESTS_E2E_JOURNEY_HPP
