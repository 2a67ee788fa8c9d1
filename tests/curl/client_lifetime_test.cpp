// SPDX-License-Identifier: MIT
#include <bide/curl/client.hpp>
#include <bide/gate/concurrency_limit.hpp>
#include <bide/stop_token.hpp>

#include "client_fixture.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>

// How a client is driven, and how it and its requests come to an end.

using namespace fixture;
using bide::certainty;
using bide::end;
using bide::with;
using bide::curl::client;
using bide::curl::client_options;
using bide::curl::request;
using scripted::finish;
using scripted::ok;
using scripted::read_request;
using scripted::response;
using names = std::vector<std::string>;

namespace {

request named(const std::string& url, std::string name) {
    auto r = post(url, std::move(name));
    r.idempotent = true;
    return r;
}

const auto unavailable = response("503 Service Unavailable");
const auto throttled = response("429 Too Many Requests");

/// Five requests of one lane, of which only two may be in flight: "flying" is at a server that
/// answers when the door is open, "unsent" connects to nobody who would accept, "ready" has not
/// begun, "throttled" and "ambiguous" wait for their second try.
class everywhere {
public:
    everywhere(client& c, bool with_token = false) {
        bide::curl::send_options how;
        if (with_token) how.stop = stop.get_token();
        const auto lane = c.lane(with(plans.get_token(), quick(3, 1h)));
        const auto send = [&](const std::string& url, const char* name) {
            lane.send(named(url, name), how).then(got.put(name));
        };
        send(waits.url(), "throttled");
        send(waits.url(), "ambiguous");
        while (waits.connections() < 2 || c.held() < 2) std::this_thread::yield();
        send(server.url(), "flying");
        (void)server.requests(1);
        send(server.url(), "flying, too");
        (void)server.requests(2);
        send(server.url(), "ready");
    }

    door first;
    scripted::server waits{{answering({throttled}), answering({unavailable})}};
    scripted::server server{{{read_request(), first.step(), scripted::send(ok())},
                             {read_request(), first.step(), scripted::send(throttled)},
                             {scripted::serve(ok())}}};
    std::stop_source stop;
    std::stop_source plans;
    inbox got;
};

constexpr client_options two{.in_flight = 2};

}  // namespace

TEST_CASE("client: what is cancelled is not tried again", "[curl][client][cancel]") {
    const auto way = GENERATE(0, 1, 2);
    CAPTURE(way);
    client c(two);
    everywhere all(c, true);
    if (way == 0) all.stop.request_stop();
    if (way == 1) all.plans.request_stop();
    if (way == 2) c.cancel();
    CHECK(all.got.names(3).size() == 3);  // at once
    for (const auto* name : {"throttled", "ambiguous", "ready"}) {
        CAPTURE(name);
        const auto& r = all.got.of(name);
        CHECK(r.ended() == (name[0] == 'a' ? end::unknown : end::cancelled));
        CHECK(r.stopped_by() == end::cancelled);
        CHECK(r.attempts() == (name[0] == 'r' ? 0 : 1));
        CHECK(r.last() == nullptr);
        for (const auto& t : r.history()) CHECK(t.wait < 1h);
    }
    CHECK(all.server.requests().size() == 2);
    // What is in flight is answered first.
    all.first.open();
    CHECK(all.got.of("flying").ended() == end::done);
    const auto& other = all.got.of("flying, too");
    CHECK(other.ended() == end::cancelled);
    CHECK(other.certainty() == certainty::rejected);
    CHECK(other.last()->status == 429);
    CHECK(c.send(named(all.server.url(), "later"), quick(1)).future().get().ended() == end::done);
}

TEST_CASE("client: what was stopped before it was sent is not sent", "[curl][client][cancel]") {
    scripted::server server{serving(1, ok())};
    client c;
    std::stop_source stop;
    stop.request_stop();
    const auto one = c.send(get(server.url()), quick(1), {.stop = stop.get_token()}).future().get();
    CHECK(one.ended() == end::cancelled);
    CHECK(one.attempts() == 0);
    const auto plan = with(stop.get_token(), quick(1));
    CHECK(c.send(get(server.url()), plan).future().get().ended() == end::cancelled);
    CHECK(server.connections() == 0);
}

TEST_CASE("client: cancelled at any time, everything ends and nothing is sent twice",
          "[curl][client][cancel]") {
    constexpr std::size_t count = 2000;
    const std::vector<std::string> answers{ok(), unavailable,          ok(), throttled,
                                           ok(), response("500 Oops"), ok(), ok()};
    constexpr std::size_t rounds = 2;  // of them on each connection
    std::vector<std::string> on_each;
    for (std::size_t i = 0; i != rounds; ++i)
        on_each.insert(on_each.end(), answers.begin(), answers.end());
    scripted::server server{
        std::vector<scripted::script>(count / on_each.size() + 50, answering(on_each))};
    std::minstd_rand random(7);
    std::vector<std::stop_source> stops(count);
    std::atomic<std::size_t> handed_over = 0;
    std::atomic<std::size_t> ended = 0;
    std::atomic<std::size_t> cancelled = 0;
    bide::concurrency_limit few({.in_flight = 8});
    {
        client c({.in_flight = 16, .capacity = 300});
        const auto free = c.lane(quick(3));
        const auto gated = c.lane(with(few, quick(3, 300us)));
        std::thread canceller{[&] {
            std::minstd_rand other(8);
            for (std::size_t i = 200; i < count; i += 2) {
                while (handed_over < i) std::this_thread::yield();
                stops[i - other() % 200].request_stop();
            }
        }};
        for (std::size_t i = 0; i != count; ++i) {
            auto r = post(server.url(), std::to_string(i));
            (i % 2 == 0 ? free : gated)
                .send(std::move(r),
                      {.priority = static_cast<int>(random() % 3), .stop = stops[i].get_token()})
                .then([&](const sent& s) {
                    if (s.stopped_by() == end::cancelled) ++cancelled;
                    ++ended;
                });
            ++handed_over;
        }
        canceller.join();
        c.shutdown();
        CHECK(ended == count);
        CHECK(c.held() == 0);
        CHECK(cancelled > 0);
    }
    std::map<std::size_t, std::size_t> on_connection;
    std::map<std::string, int> acted;
    for (const auto& r : server.requests())
        if (answers[on_connection[r.connection]++ % answers.size()] != throttled) ++acted[r.body];
    CHECK(std::ranges::all_of(acted, [](const auto& a) { return a.second == 1; }));
    std::vector<std::unique_ptr<bide::ticket>> all;  // no permit was lost
    for (auto i = 0; i != 8; ++i) {
        all.push_back(std::make_unique<bide::ticket>([](void*) noexcept {}, nullptr));
        CHECK(few.ask(*all.back(), {}, {}).says_go());
    }
}

TEST_CASE("client: shutdown", "[curl][client][shutdown]") {
    const auto how = GENERATE(client::finish, client::cut);
    auto c = std::make_unique<client>(two);
    everywhere all(*c);
    const auto lane = c->lane(quick(1));
    if (how == client::finish) {
        auto other = std::async(std::launch::async, [&] { c->shutdown(); });
        CHECK(all.got.names(3).size() == 3);
        all.first.open();
        c->shutdown();
    } else if (GENERATE(false, true)) {
        c->shutdown(client::cut);
        all.first.open();
    } else {
        c.reset();
        all.first.open();
    }
    CHECK(all.got.size() == 5);
    for (const auto* name : {"throttled", "ambiguous", "ready"}) {
        const auto& r = all.got.of(name);
        CHECK(r.ended() == (name[0] == 'a' ? end::unknown : end::deferred));
        CHECK(r.stopped_by() == end::deferred);
        REQUIRE(r.retry_in());
        CHECK((*r.retry_in() > 50min) == (name[0] != 'r'));
    }
    for (const auto* name : {"flying", "flying, too"}) {
        const auto& r = all.got.of(name);
        CHECK(r.attempts() == 1);
        if (how == client::cut) {
            CHECK(r.ended() == end::unknown);
            CHECK(r.stopped_by() == end::cancelled);
        } else if (name == std::string{"flying"}) {
            CHECK(r.ended() == end::done);
        } else {
            CHECK(r.ended() == end::deferred);
            CHECK(r.certainty() == certainty::rejected);
        }
    }
    CHECK(lane.send(get("http://127.0.0.1:1")).future().get().ended() == end::deferred);
    CHECK(all.got.size() == 5);
    if (c) CHECK(c->held() == 0);
}

TEST_CASE("client: cut off before it was sent, it is cancelled", "[curl][client][shutdown]") {
    inbox got;
    client c;
    scripted::server silent{{{scripted::stall()}}};  // which never answers the handshake
    auto request = post("https" + silent.url().substr(4));
    request.setup = [](CURL* easy) {
        direct(easy);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);  // a machine may have no certificates
    };
    c.send(std::move(request), quick(1)).then(got.put("unsent"));
    while (silent.connections() == 0) std::this_thread::yield();
    c.shutdown(client::cut);
    CHECK(got.of("unsent").ended() == end::cancelled);
    CHECK(got.of("unsent").certainty() == certainty::not_sent);
}

TEST_CASE("client: what a callback throws does not stop the others", "[curl][client][callback]") {
    scripted::server server{serving(2, ok())};
    inbox got;
    SECTION("its own thread") {
        client c({.in_flight = 1});
        c.send(get(server.url()), quick(1)).then([](const sent&) {
            throw std::runtime_error{"one"};
        });
        c.send(get(server.url()), quick(1)).then([](const sent&) {
            throw std::runtime_error{"two"};
        });
        c.send(get(server.url()), quick(1)).then(got.put("three"));
        CHECK(got.of("three").ended() == end::done);
        CHECK_THROWS_WITH(c.shutdown(), "one");
        CHECK_NOTHROW(c.shutdown());
        // Turned away, it is called here, and throws here.
        CHECK_THROWS_WITH(
            c.send(std::vector(3, get(server.url())), quick(1)).then([&](std::size_t i, sent r) {
                got.put(std::to_string(i))(std::move(r));
                throw std::runtime_error{"turned away"};
            }),
            "turned away");
        CHECK(got.size() == 4);
    }
    SECTION("yours") {
        client c({.in_flight = 1}, client::manual{});
        c.send(get(server.url()), quick(1)).then([](const sent&) {
            throw std::runtime_error{"one"};
        });
        c.send(get(server.url()), quick(1)).then(got.put("two"));
        CHECK_THROWS_WITH(c.run(), "one");
        CHECK_NOTHROW(c.run());
        CHECK(got.of("two").ended() == end::done);
    }
}

TEST_CASE("client: a callback may send more, shut the client down, and destroy it",
          "[curl][client][callback]") {
    const auto own_thread = GENERATE(true, false);
    const auto destroys = GENERATE(true, false);
    CAPTURE(own_thread, destroys);
    scripted::server server{{answering({ok(), ok()}), {read_request(), scripted::stall()}}};
    inbox got;
    std::promise<void> done;
    auto c = own_thread ? std::make_unique<client>(two)
                        : std::make_unique<client>(two, client::manual{});
    const auto lane = c->lane(quick(2, 1h));
    {
        // The last that knows of the client, of a request that waits, and of one in flight.
        const auto last = c->lane(quick(1));
        auto* its = c.get();
        last.send(named(server.url(), "first")).then([&, its](const sent&) {
            its->send(named(server.url(), "more"), quick(1)).then([&](sent r) {
                got.put("more")(std::move(r));
                if (destroys)
                    c.reset();
                else
                    c->shutdown(client::cut);
                CHECK(got.size() == 4);
                done.set_value();
            });
            lane.send(named(server.url(), "flying")).then(got.put("flying"));
            lane.send(get("http://127.0.0.1:1")).then(got.put("waits"));
            its->send(get("http://127.0.0.1:1"), quick(2, 1h)).then(got.put("waits, too"));
        });
    }
    if (!own_thread) c->run();
    done.get_future().get();
    CHECK(got.of("more").ended() == end::done);
    CHECK(got.of("flying").stopped_by() == end::cancelled);
    CHECK(got.of("waits").ended() == end::deferred);
    CHECK(lane.send(get(server.url())).future().get().ended() == end::deferred);
    if (c) CHECK_NOTHROW(c->shutdown());
}

TEST_CASE("client: a slow callback delays the others, and no more", "[curl][client][callback]") {
    scripted::server server{serving(4, ok())};
    inbox got;
    client c;
    const auto lane = c.lane(quick(1));
    door go_on;
    lane.send(get(server.url())).then([&](sent r) {
        go_on.wait();
        got.put("slow")(std::move(r));
    });
    for (auto i = 0; i != 3; ++i) lane.send(get(server.url())).then(got.put("quick"));
    go_on.open();
    CHECK(got.names(4).size() == 4);
    CHECK(got.of("slow").ended() == end::done);
}

TEST_CASE("client: driven by poll, it does nothing by itself", "[curl][client][manual]") {
    scripted::server server{
        {{read_request(), scripted::wait(20ms), scripted::send(ok()), scripted::serve(ok())}}};
    inbox got;
    client c({.in_flight = 1}, client::manual{});
    CHECK(!c.poll());
    c.run();
    c.send(get(server.url()), quick(1)).then(got.put("one"));
    c.send(get(server.url()), quick(1)).then(got.put("two"));
    CHECK(c.held() == 2);
    CHECK(server.connections() == 0);
    CHECK(c.poll(0s));
    const auto began = std::chrono::steady_clock::now();
    while (c.poll(2ms)) CHECK(std::chrono::steady_clock::now() - began < 5s);
    CHECK(got.names() == names{"one", "two"});
    CHECK(c.held() == 0);
    CHECK(!c.poll(1h));
    // Another thread wakes it up.
    c.send(get(server.url()), quick(1)).then(got.put("three"));
    std::thread other{[&] {
        while (got.size() < 3) std::this_thread::yield();
        c.send(get(server.url()), quick(1)).then(got.put("four"));
    }};
    while (got.size() < 4) c.poll(10s);
    other.join();
}

TEST_CASE("client: who sends again at each end does not keep it from the sockets",
          "[curl][client][manual]") {
    client c({.in_flight = 1}, client::manual{});
    const auto to = c.lane(quick(1));
    auto ended = 0;
    const std::function<void()> send = [&] {
        auto next = get("http://localhost/");
        next.setup = [](CURL*) { throw std::runtime_error{"not sent"}; };
        to.send(std::move(next)).then([&](const sent&) {
            if (++ended != 100) send();
        });
    };
    send();
    CHECK(c.poll());
    CHECK(ended < 100);
    c.run();
    CHECK(ended == 100);
}

namespace {

/// The least event loop that there can be.
class tiny_loop {
public:
    [[nodiscard]] bide::curl::event_hooks hooks() {
        return {.watch =
                    [this](curl_socket_t s, int what) {
                        if (what == CURL_POLL_REMOVE)
                            sockets_.erase(s);
                        else
                            sockets_[s] = what;
                    },
                .wake = [this] { ++wakes; }};
    }
    void turn(client& c) {
        std::vector<pollfd> all;
        for (const auto& [s, what] : sockets_)
            all.push_back({s,
                           static_cast<short>((what & CURL_POLL_IN ? POLLIN : 0) |
                                              (what & CURL_POLL_OUT ? POLLOUT : 0)),
                           0});
        ::poll(all.data(), all.size(), c.next() <= bide::detail::steady_now() ? 0 : 1);
        for (const auto& p : all)
            if (p.revents != 0)
                c.ready(p.fd, (p.revents & POLLIN ? CURL_CSELECT_IN : 0) |
                                  (p.revents & POLLOUT ? CURL_CSELECT_OUT : 0) |
                                  (p.revents & (POLLERR | POLLHUP) ? CURL_CSELECT_ERR : 0));
        c.advance();
    }
    [[nodiscard]] std::size_t watched() const noexcept { return sockets_.size(); }

    std::atomic<int> wakes = 0;

private:
    std::map<curl_socket_t, int> sockets_;
};

}  // namespace

TEST_CASE("client: takes part in a loop of the user's, which is woken once for a batch",
          "[curl][client][hooks]") {
    door closed;
    const auto wait_for_close = [&closed](scripted::connection& its) {
        while (its.read_more()) {
        }
        closed.open();
        return false;
    };
    scripted::server server{
        {answering({throttled, ok(), ok(), ok(), ok(), ok(), ok()}),
         {read_request(), scripted::wait(20ms), scripted::send(ok()), wait_for_close}}};
    inbox got;
    std::optional<bide::curl::lane> lane;
    {
        tiny_loop loop;
        {
            client c({.in_flight = 1}, loop.hooks());
            CHECK(c.next() == bide::never);
            lane = c.lane(quick(2));
            lane->send(std::vector<request>(5, get(server.url()))).then([&](std::size_t i, sent r) {
                got.put(std::to_string(i))(std::move(r));
            });
            lane->send(get(server.url())).then(got.put("5"));
            CHECK(loop.wakes == 1);
            CHECK(c.next() <= bide::detail::steady_now());
            while (c.held() != 0) loop.turn(c);
            CHECK(got.names(6).size() == 6);
            CHECK(loop.wakes == 1);

            auto fresh = post(server.url());
            fresh.reuse_within = 0s;
            lane->send(fresh).then(got.put("6"));
            CHECK(loop.wakes == 2);
            loop.turn(c);
            lane->send(get(server.url())).then(got.put("7"));
            c.shutdown();  // cannot wait for what is in flight
            CHECK(got.of("7").ended() == end::deferred);
            CHECK(got.size() == 7);
            while (c.held() != 0) loop.turn(c);
            CHECK(got.of("6").ended() == end::done);
            CHECK(c.next() == bide::never);
            c.shutdown();
            CHECK(loop.watched() == 0);
        }
    }
    CHECK(closed.wait());
    // The loop is no more; the lane says so.
    CHECK(lane->send(get(server.url())).future().get().ended() == end::deferred);
}
