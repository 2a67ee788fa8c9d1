// SPDX-License-Identifier: MIT
#include "demo/audit.hpp"

#include "demo/table.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <string>
#include <vector>

using Catch::Matchers::ContainsSubstring;

namespace {

/// One message, as the sender reports it and as the gateway knows it.
struct row {
    const char* name;
    bide::end ended;
    std::uint64_t delivered;
    std::uint64_t ambiguous;
    bool agrees;
};

struct books {
    std::vector<sender::message> messages{{"m-1", "1", "x"}};
    sender::report report;
    gateway::ledger_snapshot ledger;
};

books of(const row& r) {
    books b;
    b.report.fates.push_back({sender::group_of(r.ended, 1), r.ended, 1, "why"});
    gateway::message_record m;
    m.id = "m-1";
    m.seen = m.read = 1;
    m.delivered = r.delivered;
    m.ambiguous = r.ambiguous;
    b.ledger.messages_list.push_back(m);
    b.ledger.messages = 1;
    b.ledger.delivered = r.delivered > 0 ? 1 : 0;
    b.ledger.duplicates = r.delivered > 1 ? 1 : 0;
    b.ledger.max_deliveries = r.delivered;
    return b;
}

}  // namespace

TEST_CASE("audit: every kind of disagreement is seen", "[e2e][audit]") {
    using bide::end;
    const auto r = GENERATE(values<row>({
        {"delivered once", end::done, 1, 0, true},
        {"unknown, arrived", end::unknown, 1, 1, true},
        {"unknown, not arrived", end::unknown, 0, 1, true},
        {"failed, not arrived", end::permanent, 0, 0, true},
        {"deferred, not arrived", end::cancelled, 0, 0, true},
        {"delivered, but not arrived", end::done, 0, 0, false},
        {"delivered twice", end::done, 2, 1, false},
        {"unknown, arrived twice", end::unknown, 2, 1, false},
        {"unknown without a reason", end::unknown, 1, 0, false},
        {"failed, but arrived", end::exhausted, 1, 1, false},
        {"deferred, but arrived", end::deferred, 1, 0, false},
    }));
    CAPTURE(r.name);
    const auto b = of(r);
    CHECK(demo::compare(b.report, b.messages, b.ledger).objections.empty() == r.agrees);
}

TEST_CASE("audit: messages that only one side knows", "[e2e][audit]") {
    auto b = of({"", bide::end::unknown, 0, 1, false});
    b.ledger.messages_list.front().id = "m-2";
    const auto objections = demo::compare(b.report, b.messages, b.ledger).objections;
    REQUIRE(objections.size() == 2);
    CHECK(objections[0] == "m-1: reported as unknown, but the gateway never read it");
    CHECK(objections[1] == "m-2: in the ledger, but nobody sent it");
}

TEST_CASE("table: shows duplicates if there are any", "[e2e][audit]") {
    const auto b = of({"", bide::end::done, 2, 1, false});
    demo::figures f;
    f.sender = sender::count(b.report);
    f.gateway = b.ledger;
    f.compared = demo::compare(b.report, b.messages, b.ledger);
    CHECK_THAT(demo::table(f), ContainsSubstring("  delivered           1        0"));
    CHECK_THAT(demo::table(f), ContainsSubstring("  duplicates                   1"));
}
