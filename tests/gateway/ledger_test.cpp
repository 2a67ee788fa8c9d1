// SPDX-License-Identifier: MIT
#include "gateway/ledger.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using gateway::fault;
using gateway::instant;
using gateway::peak_per_second;

namespace {
constexpr instant start{500h};
}

TEST_CASE("ledger: tells single deliveries from doubles", "[gateway][ledger]") {
    gateway::ledger book;
    CHECK(book.see("a") == 1);
    book.deliver("a", start);
    CHECK(book.see("a") == 2);
    book.deliver("a", start + 1s);
    CHECK(book.see("b") == 1);
    book.deliver("b", start + 1s);
    CHECK(book.see("c") == 1);
    book.reject("c");
    const auto s = book.snapshot();
    CHECK(s.messages == 3);
    CHECK(s.delivered == 2);
    CHECK(s.deliveries == 3);
    CHECK(s.duplicates == 1);
    CHECK(s.max_deliveries == 2);
    CHECK(s.rejected == 1);
    CHECK(s.peak_rate_per_s == 2);
    CHECK(s.ambiguous == 0);
    CHECK(s.cut_after_read == 0);
}

TEST_CASE("ledger: every fault counts as its row says", "[gateway][ledger]") {
    for (const auto& row : gateway::fault_table) {
        CAPTURE(row.name);
        gateway::ledger book;
        book.see("a");
        book.inject("a", row.id);
        const auto s = book.snapshot();
        const bool waits = row.status == 429 || row.id == fault::status_503_retry_after;
        CHECK(s.faults[static_cast<std::size_t>(row.id)] == 1);
        CHECK(s.cut_after_read == (row.answers ? 0 : 1));
        CHECK(s.ambiguous == (!row.answers || (row.status >= 500 && !waits) ? 1 : 0));
        CHECK(s.rejected == (row.status == 429 ? 1 : 0));
        CHECK(s.messages_list.at(0).injected == std::vector{row.id});
    }
}

TEST_CASE("ledger: cut and crossed tries count once per message", "[gateway][ledger]") {
    gateway::ledger book;
    book.see("a");
    book.cut("a");
    book.see("a");
    book.inject("a", fault::stall);
    book.cross("b");
    const auto s = book.snapshot();
    CHECK(s.cut_after_read == 2);
    CHECK(s.ambiguous == 2);
    CHECK(s.crossed == 1);
    CHECK(s.messages_list.at(0).cut == 2);
    CHECK(s.messages_list.at(1).seen == 0);
    CHECK(s.messages_list.at(1).read == 1);
}

TEST_CASE("ledger: a try is in progress until it is finished", "[gateway][ledger]") {
    gateway::ledger book;
    book.see("a");
    book.see("a");
    CHECK(book.snapshot().in_progress == 2);
    book.finish();
    book.finish();
    CHECK(book.snapshot().in_progress == 0);
}

TEST_CASE("ledger: a try before the time that was named is early", "[gateway][ledger]") {
    gateway::ledger book;
    book.see("a", start);
    book.ask_to_wait("a", start + 1s);
    book.see("b", start + 1ms);  // nobody told it
    book.see("a", start + 1s);
    CHECK(book.snapshot().early == 0);
    book.ask_to_wait("a", start + 3s);
    book.see("a", start + 3s - 2ms);
    book.see("a", start + 3s);
    book.replay("b");
    const auto s = book.snapshot();
    CHECK(s.early == 1);
    CHECK(s.messages_list.at(0).early == 1);
    CHECK(s.replayed == 1);
    CHECK(book.in_progress() == 5);
}

TEST_CASE("peak_per_second: the interval is half open", "[gateway][ledger]") {
    CHECK(peak_per_second({}) == 0);
    CHECK(peak_per_second({start}) == 1);
    CHECK(peak_per_second({start, start + 1s}) == 1);
    CHECK(peak_per_second({start, start + 1s - 1ns}) == 2);
    CHECK(peak_per_second({start + 1500ms, start, start + 1100ms, start + 2s}) == 3);  // any order
}

TEST_CASE("ledger: prints the documented JSON", "[gateway][ledger]") {
    gateway::ledger book;
    book.connection_opened();
    book.request_read();
    book.see("m-1");
    book.deliver("m-1", start);
    book.inject("m-1", fault::status_500_acted);
    const auto all = nlohmann::json::parse(gateway::to_json(book.snapshot(), true));
    CHECK(all["requests"] == 1);
    CHECK(all["connections"] == 1);
    CHECK(all["faults"].size() == gateway::fault_count);
    CHECK(all["faults"]["500-acted"] == 1);
    CHECK(all["messages_list"] == nlohmann::json::parse(R"([{"id":"m-1","seen":1,"read":1,
        "delivered":1,"rejected":0,"early":0,"replayed":0,"cut":0,"ambiguous":1,"injected":["500-acted"]}])"));
    CHECK_FALSE(
        nlohmann::json::parse(gateway::to_json(book.snapshot(), false)).contains("messages_list"));
}
