// SPDX-License-Identifier: MIT
#include "demo/audit.hpp"
#include "e2e/child.hpp"
#include "e2e/journey.hpp"
#include "gateway/fault_plan.hpp"
#include "gateway/server.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <iostream>
#include <stop_token>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using std::chrono::steady_clock;

namespace {

/// Stalls longer than anybody waits, and a limiter: a stop meets waits and transfers that are under
/// way.
gateway::options slow_gateway() {
    gateway::options g;
    g.limit = 40;
    g.faults = gateway::parse_fault_spec("stall=0.02,stall-acted=0.02");
    g.stall = 20s;
    return g;
}

bool wait_until(const std::function<bool()>& happened) {
    const auto until = steady_clock::now() + 20s;
    while (!happened() && steady_clock::now() < until) std::this_thread::sleep_for(1ms);
    return happened();
}

double seconds(steady_clock::duration d) { return std::chrono::duration<double>{d}.count(); }

}  // namespace

TEST_CASE("stop: a stop request ends waits and transfers at once, and the sum holds", "[e2e]") {
    std::stop_source source;
    steady_clock::time_point asked;
    e2e::journey j;
    {
        const std::jthread stopper{[&] {
            std::this_thread::sleep_for(1500ms);
            asked = steady_clock::now();
            source.request_stop();
        }};
        j = e2e::travel(slow_gateway(), {}, 500, source.get_token());
    }
    const auto took = steady_clock::now() - asked;
    e2e::print("stopped after 1.5 s", j);
    std::cout << "e2e stop request: ended after " << seconds(took) << " s\n" << std::flush;
    e2e::check_books(j);
    CHECK(took < 1s);  // with the gateway's end
    CHECK(j.sum.delivered > 0);
    CHECK(j.sum.deferred > 0);
    CHECK(j.sum.failed == 0);
    CHECK(j.sum.unknown <= j.ledger.cut_after_read);
}

TEST_CASE("stop: at any instant, an answer that has arrived counts", "[e2e]") {
    for (std::uint64_t sends = 1; sends <= 20; ++sends) {
        std::stop_source source;
        gateway::server server{slow_gateway()};
        sender::options s;
        s.gateway = server.url();
        s.speed.per_s = 1'000;  // to begin at once
        s.stop_grace = 20ms;
        sender::counters live;
        e2e::journey j;
        j.messages = sender::generate_messages(500, "m-");
        {
            const std::jthread stopper{[&] {
                (void)wait_until([&] { return server.ledger().delivered >= sends; });
                source.request_stop();
            }};
            j.report = sender::run(s, j.messages, source.get_token(), live);
        }
        e2e::close(j, server, live);
        CAPTURE(sends);
        e2e::check_books(j);
        CHECK(j.sum.failed == 0);
        CHECK(j.sum.deferred > 0);
        CHECK(j.sum.unknown == j.ledger.cut_after_read);
    }
}

TEST_CASE("stop: requested before the start, nothing is sent", "[e2e]") {
    std::stop_source source;
    source.request_stop();
    const auto j = e2e::travel({}, {}, 10, source.get_token());
    e2e::check_books(j);
    CHECK(j.sum.deferred == 10);
    CHECK(j.ledger.requests == 0);
}

TEST_CASE("stop: Ctrl-C ends the program within a second, and its sum holds", "[e2e]") {
    const auto signal = GENERATE(SIGINT, SIGTERM);
    gateway::server server{slow_gateway()};
    e2e::child program{
        "bide-send", {"--gateway", server.url(), "--count", "500", "--json", "--id-prefix", "c-"}};
    wait_until(
        [&] { return server.ledger().cut_after_read > 0 && server.ledger().delivered > 20; });
    const auto asked = steady_clock::now();
    program.send_signal(signal);
    const auto ended = program.wait_for(1000ms);
    const auto took = steady_clock::now() - asked;
    std::cout << "e2e signal " << signal << ": ended after " << seconds(took)
              << " s: " << program.out() << std::flush;
    REQUIRE(ended);
    CHECK(program.exit_status() == 1);
    const auto sum = nlohmann::json::parse(program.out());
    const auto number = [&sum](const char* key) { return sum.at(key).get<std::uint64_t>(); };
    const auto ledger = demo::close_books(server, number("unknown"));
    CHECK(number("requested") == 500);
    CHECK(number("requested") ==
          number("delivered") + number("unknown") + number("failed") + number("deferred"));
    CHECK(number("failed") == 0);
    CHECK(number("deferred") > 0);
    CHECK(number("unknown") <= ledger.cut_after_read);
    CHECK(number("delivered") <= ledger.delivered);
    CHECK(ledger.delivered <= number("delivered") + number("unknown"));
    CHECK(ledger.max_deliveries == 1);
    CHECK_THAT(program.err(),
               ContainsSubstring("c-500: deferred: never started: the caller asked to stop"));
    CHECK_THAT(program.err(), !ContainsSubstring("+999"));  // nobody's number
}
