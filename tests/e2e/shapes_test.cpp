// SPDX-License-Identifier: MIT
#include "e2e/journey.hpp"
#include "gateway/fault_plan.hpp"
#include "gateway/options.hpp"
#include "gateway/provider.hpp"
#include "send/form.hpp"
#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using gateway::algorithm;
using gateway::header_style;
using gateway::shape;

namespace {

struct visit {
    const char* name;
    shape looks;
    std::optional<header_style> headers{};  ///< Absent: what the provider sends.
    algorithm how = algorithm::sliding;
};

/// The gateway's enumeration and the sender's know nothing of each other, but their names.
sender::shape senders(shape looks) { return sender::shape_of(gateway::provider_of(looks).name); }

gateway::options gateway_for(const visit& v) {
    gateway::options g;
    g.looks = v.looks;
    g.headers = v.headers;
    g.how = v.how;
    g.seed = 5;
    return g;
}

e2e::journey send(const visit& v, gateway::options g, std::size_t count) {
    sender::options s;
    s.looks = senders(v.looks);
    s.concurrency = 20;
    s.speed = {};  // to meet limits and 429s by chance, from which a pacer would learn
    s.deadline = 30s;
    return e2e::travel(std::move(g), s, count);
}

/// Sends through all of them at once: they wait most of the time, so all take as long as one.
template <std::size_t N, class Options>
std::vector<e2e::journey> send_all(const std::array<visit, N>& visits, std::size_t count,
                                   Options options_for) {
    std::vector<std::future<e2e::journey>> running;
    for (const auto& v : visits)
        running.push_back(
            std::async(std::launch::async, [=, &v] { return send(v, options_for(v), count); }));
    std::vector<e2e::journey> all;
    for (auto& r : running) all.push_back(r.get());
    return all;
}

}  // namespace

TEST_CASE("shapes: each provider's throttling is waited out, whatever tells the wait", "[e2e]") {
    constexpr std::array visits{
        visit{"vonage", shape::vonage},
        visit{"vonage, a date", shape::vonage, header_style::retry_after_date},
        visit{"vonage-sms", shape::vonage_sms},
        visit{"twilio, in flight", shape::twilio, std::nullopt, algorithm::concurrency},
        visit{"twilio, x-epoch", shape::twilio, header_style::x_epoch},
        visit{"plivo", shape::plivo},
        visit{"plivo, draft 8", shape::plivo, header_style::draft8, algorithm::fixed},
        visit{"telnyx, x-delta", shape::telnyx},
        visit{"telnyx, draft 7", shape::telnyx, header_style::draft7, algorithm::bucket},
        visit{"audian, draft 6", shape::audian},
        visit{"audian, x-delta", shape::audian, header_style::x_delta, algorithm::fixed},
    };
    const auto all = send_all(visits, 60, [](const visit& v) {
        auto g = gateway_for(v);
        const bool in_flight = v.how == algorithm::concurrency;
        g.limit = in_flight ? 4 : 40;
        if (in_flight) g.latency = {10ms, 20ms};
        g.faults = gateway::parse_fault_spec("429=0.05,429-bare=0.04");
        return g;
    });
    for (std::size_t i = 0; i < visits.size(); ++i) {
        const auto& j = all[i];
        CAPTURE(visits.at(i).name);
        e2e::print(visits.at(i).name, j);
        e2e::check_books(j);
        CHECK(j.sum.delivered == 60);
        CHECK(j.sum.rejected > 0);
        CHECK(j.sum.rejected == j.ledger.rejected);
        CHECK(j.retries_seen == j.sum.rejected);
    }
}

TEST_CASE("shapes: no provider gets a message twice, and a key lets it be sent again", "[e2e]") {
    constexpr std::array visits{
        visit{"generic", shape::generic},       visit{"vonage", shape::vonage},
        visit{"vonage-sms", shape::vonage_sms}, visit{"twilio", shape::twilio},
        visit{"plivo", shape::plivo},           visit{"telnyx", shape::telnyx},
        visit{"audian", shape::audian},
    };
    const auto all = send_all(visits, 80, [](const visit& v) {
        auto g = gateway_for(v);
        g.faults = gateway::parse_fault_spec(
            "close-before-reply-acted=0.06,500-acted=0.06,reset-mid-body=0.03,502=0.03,stall=0.01");
        g.stall = 50ms;
        return g;
    });
    for (std::size_t i = 0; i < visits.size(); ++i) {
        const auto& j = all[i];
        CAPTURE(visits.at(i).name);
        e2e::print(visits.at(i).name, j);
        e2e::check_books(j);
        CHECK(j.ledger.ambiguous >= 5);
        if (visits.at(i).looks == shape::telnyx) {
            CHECK(j.sum.delivered == 80);
            CHECK(j.ledger.deliveries == 80);
            CHECK(j.ledger.replayed > 0);
        } else {
            CHECK(j.sum.unknown == j.ledger.ambiguous);
            CHECK(j.sum.delivered + j.sum.unknown == 80);
            CHECK(j.retries_seen == 0);
        }
    }
}

TEST_CASE("dialects: a limit that halves in mid-run is obeyed as each of them tells it", "[e2e]") {
    constexpr std::array visits{
        visit{"retry-after", shape::generic, header_style::retry_after},
        visit{"retry-after-date", shape::generic, header_style::retry_after_date},
        visit{"draft 6", shape::generic, header_style::draft6, algorithm::fixed},
        visit{"draft 7", shape::generic, header_style::draft7},
        visit{"draft 8", shape::generic, header_style::draft8, algorithm::bucket},
        visit{"x-delta", shape::generic, header_style::x_delta},
        visit{"x-epoch", shape::generic, header_style::x_epoch, algorithm::fixed},
    };
    const auto all = send_all(visits, 70, [](const visit& v) {
        auto g = gateway_for(v);
        g.limit = 40;
        g.then = gateway::limit_change{.limit = 20, .after = 500ms};
        return g;
    });
    for (std::size_t i = 0; i < visits.size(); ++i) {
        const auto& j = all[i];
        CAPTURE(visits.at(i).name);
        e2e::print(visits.at(i).name, j);
        e2e::check_books(j);
        CHECK(j.sum.delivered == 70);
        // 20 messages are turned away once a window, and each stays away as long as it was told.
        CHECK(j.sum.rejected > 0);
        CHECK(j.sum.rejected <= 120);
        CHECK(j.retries_seen == j.sum.rejected);
        CHECK(j.sum.rejected == j.ledger.rejected);
    }
}
