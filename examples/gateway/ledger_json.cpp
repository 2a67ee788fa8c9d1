// SPDX-License-Identifier: MIT
#include "gateway/ledger.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>

namespace gateway {
namespace {

// Ordered, because a reader expects the sums first and the long list last.
using json = nlohmann::ordered_json;

json to_object(const message_record& m) {
    auto injected = json::array();
    for (const auto what : m.injected) injected.push_back(row_of(what).name);
    return {{"id", m.id},
            {"seen", m.seen},
            {"read", m.read},
            {"delivered", m.delivered},
            {"rejected", m.rejected},
            {"early", m.early},
            {"replayed", m.replayed},
            {"cut", m.cut},
            {"ambiguous", m.ambiguous},
            {"injected", injected}};
}

json faults_of(const ledger_snapshot& s) {
    auto faults = json::object();
    for (const auto& row : fault_table)
        faults[std::string{row.name}] = s.faults[static_cast<std::size_t>(row.id)];
    return faults;
}

}  // namespace

std::string to_json(const ledger_snapshot& s, bool with_messages) {
    json all = {{"requests", s.requests},
                {"messages", s.messages},
                {"delivered", s.delivered},
                {"deliveries", s.deliveries},
                {"duplicates", s.duplicates},
                {"max_deliveries", s.max_deliveries},
                {"rejected", s.rejected},
                {"early", s.early},
                {"replayed", s.replayed},
                {"malformed", s.malformed},
                {"protocol_errors", s.protocol_errors},
                {"peak_rate_per_s", s.peak_rate_per_s},
                {"connections", s.connections},
                {"in_progress", s.in_progress},
                {"cut_after_read", s.cut_after_read},
                {"ambiguous", s.ambiguous},
                {"crossed", s.crossed},
                {"not_injected", s.not_injected},
                {"faults", faults_of(s)}};
    if (with_messages) {
        auto list = json::array();
        for (const auto& m : s.messages_list) list.push_back(to_object(m));
        all["messages_list"] = list;
    }
    return all.dump();
}

}  // namespace gateway
