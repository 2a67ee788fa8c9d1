// SPDX-License-Identifier: MIT
#include <bide/curl/client.hpp>
#include <bide/json/progress.hpp>
#include <bide/retry/progress.hpp>

#include "client_fixture.hpp"
#include "gateway/fault_plan.hpp"
#include "gateway/server.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

// What one client was stopped in the midst of, another goes on with: by way of a text, as after a
// restart.

using namespace fixture;
using bide::certainty;
using bide::end;
using bide::progress;
using bide::curl::client;
using scripted::ok;
using scripted::response;

namespace {

bide::wall_time wall() { return std::chrono::system_clock::now(); }

std::string stored(const sent& r) {
    return nlohmann::json(bide::progress_of(r.facts(), wall())).dump();
}

// ---- Many messages, several lives
// ----------------------------------------------------------------

struct message {
    std::string id;
    bool has_key = false;
    std::string text{};  ///< How far it is; empty before its first life.
    std::optional<sent> last{};
    int told = 0;  ///< In this life.
};

struct tally {
    std::size_t delivered = 0;
    std::size_t unknown = 0;
    std::size_t others = 0;
    std::size_t resumed = 0;          ///< Over all lives.
    std::size_t resumed_retries = 0;  ///< Of these, after a try.
    std::size_t resumed_unclear = 0;  ///< Of these, after an ambiguous one.
};

bide::curl::request request_of(const message& m, const std::string& url) {
    auto r = post(url + "/v2/messages",
                  R"({"from":"bide","to":"15550100","text":"hi","tags":[")" + m.id + "\"]}");
    r.headers = {{"Content-Type", "application/json"}};
    r.profile = &bide::http::profiles::telnyx;
    if (m.has_key) r.idempotency_key = "key-" + m.id;
    return r;
}

/// Sends all that are open until `stop_after` of them have ended.
template <class Policy>
void live(const Policy& policy, const std::string& url, std::deque<message>& all,
          std::size_t stop_after, tally& sum) {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t ended = 0;
    client c({.in_flight = 32, .budget = std::nullopt});
    const auto lane = c.lane(policy);
    std::size_t open = 0;
    for (auto& m : all) {
        if (m.last && m.last->stopped_by() != end::deferred) continue;
        ++open;
        bide::curl::send_options how;
        if (!m.text.empty()) {
            how.resume = bide::json::progress_from(m.text);
            ++sum.resumed;
            if (how.resume->attempts > 0) ++sum.resumed_retries;
            if (how.resume->certainty == certainty::ambiguous) ++sum.resumed_unclear;
        }
        m.told = 0;
        lane.send(request_of(m, url), how).then([&](sent r) {
            const std::scoped_lock lock{mutex};
            ++m.told;
            m.last.emplace(std::move(r));
            ++ended;
            changed.notify_one();
        });
    }
    {
        std::unique_lock lock{mutex};
        changed.wait_for(lock, 60s, [&] { return ended >= (std::min)(open, stop_after); });
    }
    c.shutdown(client::finish);
    REQUIRE(ended == open);
    for (auto& m : all) {
        REQUIRE(m.told <= 1);
        if (m.last->stopped_by() == end::deferred) m.text = stored(*m.last);
    }
}

void check_books(const std::deque<message>& all, const gateway::ledger_snapshot& ledger,
                 tally& sum) {
    CHECK(ledger.max_deliveries == 1);
    CHECK(ledger.malformed == 0);
    std::size_t wrong = 0;
    std::size_t miscounted = 0;
    auto record = ledger.messages_list;
    std::ranges::sort(record, {}, &gateway::message_record::id);
    for (const auto& m : all) {
        const auto at = std::ranges::lower_bound(record, m.id, {}, &gateway::message_record::id);
        const auto seen = at != record.end() && at->id == m.id;
        const auto deliveries = seen ? at->delivered : 0;
        const auto tries = seen ? at->read : 0;
        const auto how = m.last->ended();
        if (how == end::done)
            ++sum.delivered;
        else
            ++(how == end::unknown ? sum.unknown : sum.others);
        const auto expected =
            how == end::done ? deliveries == 1 : how == end::unknown || deliveries == 0;
        if (!expected || how == end::deferred) ++wrong;
        // libcurl itself sends again what may be repeated, when a connection was dead.
        const auto counted = m.has_key ? tries >= m.last->attempts() : tries == m.last->attempts();
        if (!counted) ++miscounted;
    }
    CHECK(wrong == 0);
    CHECK(miscounted == 0);
}

std::size_t messages() {
    const auto* const by_hand = std::getenv("BIDE_RESUME_MESSAGES");
    return by_hand != nullptr ? std::strtoul(by_hand, nullptr, 10) : 200;
}

}  // namespace

TEST_CASE("resume: stops in the midst of it lose nothing and send nothing twice",
          "[curl][resume]") {
    const auto count = messages();
    gateway::options g;
    g.limit = static_cast<std::uint32_t>((std::max)(count / 50, std::size_t{30}));
    g.window = 100ms;
    g.looks = gateway::shape::telnyx;
    g.headers = gateway::header_style::none;
    g.faults = gateway::parse_fault_spec(
        "500=0.05,500-acted=0.05,429-bare=0.1,close-before-reply=0.02,"
        "close-before-reply-acted=0.02,truncated-headers=0.02");
    gateway::server server{g};

    std::deque<message> all;
    for (std::size_t i = 0; i != count; ++i)
        all.push_back({.id = "m-" + std::to_string(i), .has_key = i % 2 == 0});
    const auto policy = bide::policy(
        bide::exponential({.base = 20ms, .factor = 2, .cap = 200ms}) | bide::full_jitter,
        bide::max_attempts(200) | bide::max_elapsed(5min));
    bide::splitmix64 random{20261122};
    tally sum;
    constexpr int stops = 4;
    for (int i = 0; i != stops; ++i)
        live(policy, server.url(), all, 1 + random() % (count / stops), sum);
    live(policy, server.url(), all, count, sum);
    server.stop();

    check_books(all, server.ledger(), sum);
    CHECK(sum.delivered + sum.unknown == count);
    CHECK(sum.others == 0);
    CHECK(sum.delivered > count / 2);
    // What was to be tested came to pass.
    CHECK(sum.resumed > count);
    CHECK(sum.resumed_retries > 0);
    CHECK(sum.resumed_unclear > 0);
    if (std::getenv("BIDE_RESUME_MESSAGES") != nullptr)
        WARN("delivered " << sum.delivered << ", unknown " << sum.unknown << ", resumed "
                          << sum.resumed << " (" << sum.resumed_retries << " after a try, "
                          << sum.resumed_unclear << " of them unclear), deliveries "
                          << server.ledger().deliveries << ", requests "
                          << server.ledger().requests);
}

// ---- One message
// ---------------------------------------------------------------------------------

namespace {

/// A request that was tried once, an hour before it was stopped.
progress after_a_try(certainty c = certainty::rejected) {
    return {.attempts = 1, .certainty = c, .began = wall() - 1h, .not_before = wall()};
}

sent go_on(const std::string& url, const progress& p, const auto& policy,
           bide::curl::request r = {}) {
    if (r.url.empty()) r = get(url);
    r.attempt_header = "X-Attempt";
    client c;
    return c.send(std::move(r), policy, {.resume = p}).future().get();
}

}  // namespace

TEST_CASE("resume: the number of the try, the wait and the time go on", "[curl][resume]") {
    scripted::server server{{fixture::answering({response("503 No")}),
                             fixture::answering({response("503 No"), ok("hi")})}};
    const auto policy = bide::policy(bide::exponential({.base = 40ms, .factor = 3, .cap = 1h}),
                                     bide::max_attempts(3));
    const auto began = wall();
    std::string text;
    {
        client c;
        auto r = get(server.url());
        r.attempt_header = "X-Attempt";
        auto there = c.send(r, policy).future();
        (void)server.requests(1);
        c.shutdown();
        const auto first = there.get();
        CHECK(first.ended() == end::unknown);  // a 503 says nothing for sure
        CHECK(first.stopped_by() == end::deferred);
        text = stored(first);
    }
    const auto p = bide::json::progress_from(text);
    CHECK(p.attempts == 1);
    CHECK(p.certainty == certainty::ambiguous);
    CHECK(p.began >= began - 1ms);
    CHECK(p.not_before >= began + 40ms);
    CHECK(p.not_before <= wall() + 41ms);
    const auto second = go_on(server.url(), p, policy);
    REQUIRE(second.ended() == end::done);
    CHECK(wall() >= began + 160ms);  // 40 ms, 120 ms
    CHECK(second.attempts() == 3);
    CHECK(second.elapsed().value_or(0s) >= 160ms);
    REQUIRE(second.history().size() == 2);
    CHECK(second.history()[0].number == 2);
    CHECK(second.history()[0].wait == 120ms);
    std::string numbers;
    for (const auto& r : server.requests()) numbers += r.field("x-attempt");
    CHECK(numbers == "123");
}

TEST_CASE("resume: limits count what was before", "[curl][resume]") {
    scripted::server server{serving(3, ok())};
    const auto unsent = [&](const sent& r, end why, end stopped_by) {
        CHECK(r.ended() == why);
        CHECK(r.stopped_by() == stopped_by);
        CHECK(r.last() == nullptr);
        CHECK(server.requests().empty());
    };
    auto p = after_a_try();
    p.began = wall() - 29s - 1ms;
    const auto in_30s = bide::policy(bide::constant(1ms), bide::max_elapsed(30s));
    auto r = go_on(server.url(), p, in_30s);
    unsent(r, end::out_of_time, end::out_of_time);
    CHECK(r.attempts() == 1);
    CHECK(r.elapsed().value_or(0s) >= 29s);
    p.certainty = certainty::ambiguous;
    unsent(go_on(server.url(), p, in_30s), end::unknown, end::out_of_time);
    p = after_a_try();
    p.attempts = 4;
    unsent(go_on(server.url(), p, quick(4)), end::exhausted, end::exhausted);
    CHECK(go_on(server.url(), p, quick(5)).attempts() == 5);

    // A clock that was set back does not make it last longer.
    p.began = wall() + 1h;
    r = go_on(server.url(), p, bide::policy(bide::constant(1ms), bide::max_elapsed(2s)));
    CHECK(r.ended() == end::done);
    CHECK(r.elapsed().value_or(-1h) >= 0s);

    // Before the first try nothing has begun.
    r = go_on(server.url(), {.not_before = wall()}, in_30s);
    CHECK(r.attempts() == 1);
    CHECK(server.requests().back().field("x-attempt") == "1");
}

TEST_CASE("resume: a key that died meanwhile protects from nothing", "[curl][resume]") {
    scripted::server server{serving(3, ok())};
    auto keyed = post(server.url());
    keyed.profile = &acme;
    keyed.idempotency_key = "k-1";
    const auto go = [&](const progress& p) { return go_on("", p, quick(9), keyed); };

    auto p = after_a_try(certainty::ambiguous);
    p.began = wall() - 24h;
    auto r = go(p);
    CHECK(r.ended() == end::unknown);
    CHECK(r.stopped_by() == end::unknown);
    CHECK(r.attempts() == 1);
    // It dies before the try may begin.
    p.not_before = wall() + 30ms;
    p.began = p.not_before - 24h;
    CHECK(go(p).ended() == end::unknown);
    CHECK(server.requests().empty());

    p.began += 1min;
    CHECK(go(p).attempts() == 2);
    CHECK(server.requests().size() == 1);
    // What was turned away may be sent without its protection, too.
    p = after_a_try(certainty::rejected);
    p.began = wall() - 48h;
    CHECK(go(p).ended() == end::done);
}

TEST_CASE("resume: of two times before which it must not begin the later counts",
          "[curl][resume]") {
    scripted::server server{serving(2, ok())};
    client c;
    const auto began = std::chrono::steady_clock::now();
    auto p = after_a_try();
    const auto sent_by = [&](bide::time_point not_before) {
        auto r = c.send(get(server.url()), quick(9), {.not_before = not_before, .resume = p});
        (void)std::move(r).future().get();
        return std::chrono::steady_clock::now();
    };
    CHECK(sent_by(began + 30ms) >= began + 30ms);
    p.not_before = wall() + 30ms;
    CHECK(sent_by(began) >= began + 60ms);
}
