// SPDX-License-Identifier: MIT
#include "e2e/journey.hpp"
#include "gateway/options.hpp"
#include "send/option_text.hpp"
#include "support/catch.hpp"

#include <array>
#include <future>
#include <string>
#include <vector>

namespace {

struct limited {
    const char* name;
    gateway::algorithm how;
    gateway::header_style headers;
    gateway::shape gateway_looks;
    sender::shape sender_looks;
};

constexpr std::array cases{
    limited{"sliding, retry-after", gateway::algorithm::sliding, gateway::header_style::retry_after,
            gateway::shape::generic, sender::shape::generic},
    limited{"fixed, a date", gateway::algorithm::fixed, gateway::header_style::retry_after_date,
            gateway::shape::generic, sender::shape::generic},
    limited{"bucket, draft 7", gateway::algorithm::bucket, gateway::header_style::draft7,
            gateway::shape::generic, sender::shape::generic},
    limited{"sliding, no hint", gateway::algorithm::sliding, gateway::header_style::none,
            gateway::shape::generic, sender::shape::generic},
    limited{"vonage, no hint", gateway::algorithm::sliding, gateway::header_style::none,
            gateway::shape::vonage, sender::shape::vonage},
};

e2e::journey through(const limited& l) {
    gateway::options g;
    g.limit = 100;
    g.how = l.how;
    g.headers = l.headers;
    g.looks = l.gateway_looks;
    sender::options s;
    s.looks = l.sender_looks;
    s.concurrency = 32;
    s.speed = {};  // to meet the limit, which a pacer avoids
    return e2e::travel(g, s, 300);
}

}  // namespace

TEST_CASE("limit: every message gets through a limiter, whatever it says", "[e2e]") {
    // They wait most of the time, so all of them take as long as one.
    std::vector<std::future<e2e::journey>> running;
    for (const auto& l : cases) running.push_back(std::async(std::launch::async, through, l));
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto j = running[i].get();
        const auto& l = cases.at(i);
        CAPTURE(l.name);
        e2e::print(l.name, j);
        e2e::check_books(j);
        CHECK(j.sum.delivered == 300);
        CHECK(j.sum.rejected > 0);
        CHECK(j.sum.rejected == j.ledger.rejected);
        CHECK(j.retries_seen == j.sum.rejected);
        // The limiter is the judge of the rate: a fixed window lets through twice the limit.
        CHECK(j.ledger.peak_rate_per_s <= 200);
    }
}

TEST_CASE("limit: a limit of requests in flight is met by waiting too", "[e2e]") {
    gateway::options g;
    g.limit = 4;
    g.how = gateway::algorithm::concurrency;
    g.headers = gateway::header_style::none;
    g.latency = {std::chrono::milliseconds{5}, std::chrono::milliseconds{10}};
    const auto j = e2e::travel(g, {}, 100);
    e2e::print("4 in flight", j);
    e2e::check_books(j);
    CHECK(j.sum.delivered == 100);
}

TEST_CASE("limit: the gates of a policy hold back, and refuse", "[e2e]") {
    sender::command c;
    sender::options paced;
    sender::set_option(c, paced, "--policy",
                       R"({"gates":{"concurrency_limit":{"in_flight":2},)"
                       R"("pace":{"kind":"leaky_bucket","rate":50,"per":"500ms"}}})");
    gateway::options g;
    g.limit = 2;
    g.how = gateway::algorithm::concurrency;
    g.headers = gateway::header_style::none;
    g.latency = {std::chrono::milliseconds{5}, std::chrono::milliseconds{10}};
    const auto j = e2e::travel(g, paced, 40);
    e2e::print("gates of a policy", j);
    e2e::check_books(j);
    CHECK(j.sum.delivered == 40);
    CHECK(j.sum.rejected == 0);
    CHECK(j.report.elapsed >= std::chrono::milliseconds{390});

    // Nobody is there: what the breaker refuses is not followed by the rest of the list.
    sender::options cautious;
    sender::set_option(c, cautious, "--policy",
                       R"({"max_attempts":1,"gates":{"circuit_breaker":)"
                       R"({"open_for":{"kind":"constant","base":"1h"}}}})");
    cautious.gateway = "http://127.0.0.1:1";
    const auto messages = sender::generate_messages(1'000, "m-");
    sender::counters live;
    const auto report = sender::run(cautious, messages, {}, live);
    const auto sum = sender::count(report);
    CHECK(sum.failed >= 5);
    CHECK(sum.failed <= cautious.concurrency + 5);
    CHECK(sum.deferred == 1'000 - sum.failed);
    CHECK(live.ended(sender::group::deferred) <= 4 * cautious.concurrency);
    CHECK(report.fates.back().why == "never started: a gate wants us to come back later");
}
