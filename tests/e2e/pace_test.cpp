// SPDX-License-Identifier: MIT
#include "e2e/journey.hpp"
#include "gateway/options.hpp"
#include "gateway/server.hpp"
#include "support/catch.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <iostream>
#include <optional>
#include <sstream>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

/// What a client has seen up to an instant.
struct figures {
    double delivered = 0;
    double rejected = 0;

    friend figures operator-(const figures& a, const figures& b) {
        return {a.delivered - b.delivered, a.rejected - b.rejected};
    }
};

/// A client that sends in a thread of its own until it is stopped.
class client {
public:
    client(const gateway::server& server, sender::options s, const char* prefix)
        : messages_{sender::generate_messages(2'000, prefix)} {
        s.gateway = server.url();
        report_ = std::async(std::launch::async, [this, s = std::move(s)] {
            return sender::run(s, messages_, source_.get_token(), live_);
        });
    }

    [[nodiscard]] figures look() const {
        return {static_cast<double>(live_.ended(sender::group::delivered)),
                static_cast<double>(live_.throttled())};
    }

    /// Adds its part to the books.
    void stop(e2e::journey& j) {
        source_.request_stop();
        const auto report = report_.get();
        j.messages.insert(j.messages.end(), messages_.begin(), messages_.end());
        j.report.fates.insert(j.report.fates.end(), report.fates.begin(), report.fates.end());
        j.report.rejected += report.rejected;
        j.report.elapsed = report.elapsed;
        j.attempts_seen += live_.attempts();
        j.waiting_at_end += live_.waiting();
    }

private:
    std::vector<sender::message> messages_;
    sender::counters live_;
    std::stop_source source_;
    std::future<sender::report> report_;
};

struct scene {
    const char* name;
    gateway::algorithm how;
    gateway::header_style headers;
    std::chrono::milliseconds window;
    bool is_shared;  ///< The limit does not halve, but another client takes half of it.
};

constexpr std::array scenes{
    scene{"halves, not told", gateway::algorithm::bucket, gateway::header_style::none, 250ms,
          false},
    scene{"halves, draft 7", gateway::algorithm::fixed, gateway::header_style::draft7, 1s, false},
    scene{"shared, not told", gateway::algorithm::bucket, gateway::header_style::none, 250ms, true},
};

double seconds(std::chrono::milliseconds t) { return std::chrono::duration<double>{t}.count(); }

constexpr double limit_per_s = 200;
constexpr auto change = 1500ms;
constexpr auto settled = change + 2s;
constexpr auto end = settled + 1500ms;

struct course {
    figures before;    ///< The change, since the start.
    figures adapting;  ///< In the two seconds after it.
    figures after;     ///< From there to the end.
    e2e::journey journey;
};

course run(const scene& s) {
    gateway::options g;
    g.limit = static_cast<std::uint32_t>(limit_per_s * s.window / 1s);
    g.window = s.window;
    g.how = s.how;
    g.headers = s.headers;
    if (!s.is_shared) g.then = gateway::limit_change{.limit = g.limit / 2, .after = change};
    gateway::server server{g};
    const auto began = steady_clock::now();
    course c;
    client ours{server, {}, "m-"};
    std::this_thread::sleep_until(began + change);
    const auto at_change = ours.look();
    sender::options theirs;
    theirs.speed = {.how = sender::pace::kind::fixed, .per_s = 100};
    std::optional<client> other;
    if (s.is_shared) other.emplace(server, theirs, "other-");
    std::this_thread::sleep_until(began + settled);
    const auto when_settled = ours.look();
    std::this_thread::sleep_until(began + end);
    c.before = at_change;
    c.adapting = when_settled - at_change;
    c.after = ours.look() - when_settled;
    ours.stop(c.journey);
    if (other) other->stop(c.journey);
    c.journey.sum = sender::count(c.journey.report);
    c.journey.ledger = demo::close_books(server, c.journey.sum.unknown);
    c.journey.audit = demo::compare(c.journey.report, c.journey.messages, c.journey.ledger);
    return c;
}

void print(const scene& s, const course& c) {
    e2e::print(s.name, c.journey);
    std::ostringstream text;
    const auto add = [&text](const char* when, const figures& f) {
        text << "  " << when << ": " << f.delivered << " delivered, " << f.rejected << " rejected";
    };
    add("before", c.before);
    add("adapting", c.adapting);
    add("after", c.after);
    std::cout << text.str() << "\n" << std::flush;
}

}  // namespace

TEST_CASE("pace: half of the limit goes away in mid-run, and is not missed for long", "[e2e]") {
    std::vector<std::future<course>> running;
    for (const auto& s : scenes) running.push_back(std::async(std::launch::async, run, s));
    for (std::size_t i = 0; i < scenes.size(); ++i) {
        const auto c = running[i].get();
        const auto& s = scenes.at(i);
        CAPTURE(s.name);
        print(s, c);
        e2e::check_books(c.journey);
        CHECK(c.before.delivered > 0.5 * limit_per_s * seconds(change));
        // Two seconds after the change it is followed; the bounds leave room for busy machines.
        const auto each = limit_per_s / 2;
        CHECK(c.after.delivered >= 0.5 * each * seconds(end - settled));
        CHECK(c.after.delivered <= 1.2 * each * seconds(end - settled));
        CHECK(c.after.rejected <= 0.08 * c.after.delivered);
        CHECK(c.adapting.rejected <= 0.2 * c.adapting.delivered);
    }
}

TEST_CASE("pace: of senders with a pace each none stands in the way of another", "[e2e]") {
    gateway::server server{{}};
    sender::options s;
    s.gateway = server.url();
    s.concurrency = 2;
    s.per_sender = {.how = sender::pace::kind::fixed, .per_s = 20};
    e2e::journey j;
    j.messages = sender::generate_messages(24, "m-");
    // All of the slow one come first.
    for (std::size_t i = 0; i < j.messages.size(); ++i)
        j.messages[i].from = i < 12 ? "A" : std::string(1, "BCDEFG"[i % 6]);
    sender::counters live;
    j.report = sender::run(s, j.messages, {}, live);
    e2e::close(j, server, live);
    e2e::check_books(j);
    CHECK(j.sum.delivered == 24);
    CHECK(j.report.elapsed >= 11 * 50ms);
    CHECK(j.ledger.messages_list.back().id == "m-12");
    CHECK(j.ledger.messages_list[2].id != "m-3");
}
