// SPDX-License-Identifier: MIT
#include "demo/scene.hpp"
#include "e2e/journey.hpp"
#include "e2e/plain_loop.hpp"
#include "gateway/fault_plan.hpp"
#include "gateway/server.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

/// The connection breaks, with and without the message having been acted on; and a limiter.
constexpr auto broken_connections =
    "drop-reused-acted=0.01,drop-reused=0.01,close-before-reply=0.004,close-before-reply-acted=0."
    "004,"
    "reset-mid-body=0.004,truncated-headers=0.004,garbage=0.004,429=0.01,429-bare=0.005";

/// Answers that do not tell whether the message was acted on, and one that does.
constexpr auto server_errors =
    ",500=0.004,500-acted=0.004,502=0.004,502-acted=0.004,503=0.004,503-retry-after=0.005";

gateway::options faulty(const std::string& spec, std::uint64_t seed) {
    gateway::options g;
    g.faults = gateway::parse_fault_spec(spec);
    g.seed = seed;
    return g;
}

sender::options many_hands() {
    sender::options s;
    s.concurrency = 48;  // waits for 429s overlap, so that the test is short
    s.speed = {};        // they come by chance, so that a pacer would slow down for nothing
    return s;
}

/// Met a fault after which nobody can know, so `unknown` is the right answer.
bool is_ambiguous(const gateway::message_record& m) { return m.ambiguous > 0; }

bool met_server_error(const gateway::message_record& m) {
    return std::any_of(m.injected.begin(), m.injected.end(), [](gateway::fault f) {
        const auto& row = gateway::row_of(f);
        return row.status >= 500 && gateway::is_ambiguous(row);
    });
}

/// Of the messages that met no such fault, how many were delivered.
double share_of_unharmed_delivered(const e2e::journey& j) {
    const auto harmed = static_cast<std::uint64_t>(
        std::count_if(j.ledger.messages_list.begin(), j.ledger.messages_list.end(), is_ambiguous));
    const auto unharmed = j.messages.size() - harmed;
    return static_cast<double>(j.sum.delivered) / static_cast<double>(unharmed);
}

std::uint64_t duplicates_of_plain_loop(gateway::options g, int tries) {
    gateway::server server{std::move(g)};
    e2e::send_with_plain_libcurl(server.url(), sender::generate_messages(2'000, "m-"), tries);
    server.stop();
    const auto ledger = server.ledger();
    std::cout << "e2e plain libcurl, " << tries << " call(s) per message: max deliveries "
              << ledger.max_deliveries << ", duplicates " << ledger.duplicates << " of "
              << ledger.messages << "\n"
              << std::flush;
    CHECK(ledger.max_deliveries > 1);
    return ledger.duplicates;
}

}  // namespace

TEST_CASE("reused_connections: 10,000 sends over breaking connections, none twice", "[e2e]") {
    const auto g = faulty(broken_connections, 1);
    const auto j = e2e::travel(g, many_hands(), 10'000);
    e2e::print("broken connections", j);
    e2e::check_books(j);
    CHECK(j.ledger.max_deliveries == 1);
    CHECK(j.ledger.connections < j.ledger.requests / 4);  // or nothing was reused
    CHECK(j.sum.failed == 0);
    CHECK(j.sum.deferred == 0);
    CHECK(j.sum.unknown <= j.ledger.cut_after_read);
    CHECK(share_of_unharmed_delivered(j) >= 0.99);

    // The same faults, met by what one writes without this library.
    CHECK(duplicates_of_plain_loop(g, 1) > 0);  // libcurl repeats by itself
    CHECK(duplicates_of_plain_loop(g, 3) > 0);  // and a naive loop repeats what may have arrived
}

TEST_CASE("reused_connections: answers that do not tell end as unknown, once each", "[e2e]") {
    auto s = many_hands();
    s.profile = &demo::stand_in;  // believes a 503 with Retry-After
    const auto j =
        e2e::travel(faulty(std::string{broken_connections} + server_errors, 2), s, 3'000);
    e2e::print("and server errors", j);
    e2e::check_books(j);
    CHECK(j.ledger.max_deliveries == 1);
    CHECK(j.sum.failed == 0);
    CHECK(j.sum.deferred == 0);
    CHECK(share_of_unharmed_delivered(j) >= 0.99);

    // Each unknown message has its reason in the ledger: cut off after it was read, or an error
    // that does not tell. A non-idempotent send has at most one such try, since it is its last.
    std::uint64_t errors = 0;
    for (const auto& m : j.ledger.messages_list) {
        CHECK(m.ambiguous <= 1);
        errors += met_server_error(m) ? 1U : 0U;
    }
    CHECK(errors > 0);
    CHECK(j.sum.unknown == j.ledger.ambiguous);
    CHECK(j.sum.unknown <= j.ledger.cut_after_read + errors);
}

TEST_CASE("reused_connections: a 503 with Retry-After is believed only if the profile says so",
          "[e2e]") {
    std::string spec;
    for (int i = 1; i <= 20; ++i)
        spec += (i > 1 ? ",#m-" : "#m-") + std::to_string(i) + ":503-retry-after";
    const auto g = faulty(spec, 3);
    const auto cautious = e2e::travel(g, many_hands(), 60);
    CHECK(cautious.ledger.max_deliveries == 1);
    CHECK(cautious.sum.unknown == 20);
    CHECK(cautious.sum.delivered == 40);

    auto s = many_hands();
    s.profile = &demo::stand_in;
    const auto told = e2e::travel(g, s, 60);
    e2e::check_books(told);
    CHECK(told.sum.delivered == 60);
}

TEST_CASE("reused_connections: a closed door, idle drops and stalls", "[e2e]") {
    auto g = faulty("refuse=0.002,drop-idle=0.05,stall=0.003,stall-acted=0.003", 4);
    g.stall = 2s;
    g.refuse_for = 100ms;
    auto s = many_hands();
    s.per_message.try_timeout = 500ms;
    const auto j = e2e::travel(g, s, 2'000);
    e2e::print("closed door, idle drops, stalls", j);
    e2e::check_books(j);
    CHECK(j.sum.failed == 0);
    CHECK(j.sum.deferred == 0);
    CHECK(share_of_unharmed_delivered(j) >= 0.99);
}
