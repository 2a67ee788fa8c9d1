// SPDX-License-Identifier: MIT
#include "demo/audit.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

namespace demo {
namespace {

using gateway::message_record;
using sender::group;

void check_message(audit& a, const sender::fate& f, const message_record& m) {
    const auto object = [&](const std::string& what) {
        a.objections.push_back(m.id + ": " + what);
    };
    if (m.delivered > 1) object("delivered " + std::to_string(m.delivered) + " times");
    switch (f.where) {
        case group::delivered:
            if (m.delivered == 1) ++a.delivered_once;
            if (m.delivered == 0) object("reported as delivered, but it was not");
            break;
        case group::unknown:
            ++(m.delivered > 0 ? a.unknown_delivered : a.unknown_not);
            if (m.read == 0)
                object("reported as unknown, but the gateway never read it");
            else if (m.ambiguous == 0)
                object("reported as unknown, but every try was answered");
            break;
        case group::failed:
        case group::deferred:
            if (m.delivered > 0) object("reported as not delivered, but it was: " + f.why);
            break;
    }
}

void check_sums(audit& a, const sender::report& report, const gateway::ledger_snapshot& ledger) {
    const auto sum = sender::count(report);
    if (sum.requested != sum.delivered + sum.unknown + sum.failed + sum.deferred)
        a.objections.emplace_back("the sum of the report is wrong");
    if (ledger.delivered != a.delivered_once + a.unknown_delivered)
        a.objections.emplace_back("the ledger has deliveries that the report does not account for");
    if (sum.rejected > ledger.rejected)
        a.objections.emplace_back("the report has more 429s than the ledger");
    if (ledger.max_deliveries > 1 || ledger.duplicates > 0)
        a.objections.emplace_back("messages were delivered more than once");
}

}  // namespace

gateway::ledger_snapshot close_books(gateway::server& server, std::uint64_t unknown) {
    using namespace std::chrono_literals;
    const auto until = std::chrono::steady_clock::now() + 2s;
    while (server.ledger().ambiguous < unknown && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(5ms);
    server.stop();
    return server.ledger();
}

audit compare(const sender::report& report, std::span<const sender::message> messages,
              const gateway::ledger_snapshot& ledger) {
    std::unordered_map<std::string_view, const message_record*> records;
    for (const auto& m : ledger.messages_list) records.emplace(m.id, &m);
    audit a;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto found = records.find(messages[i].id);
        message_record unseen;
        unseen.id = messages[i].id;
        check_message(a, report.fates[i], found == records.end() ? unseen : *found->second);
        if (found != records.end()) records.erase(found);
    }
    for (const auto& [id, record] : records)
        a.objections.push_back(std::string{id} + ": in the ledger, but nobody sent it");
    check_sums(a, report, ledger);
    return a;
}

}  // namespace demo
