// SPDX-License-Identifier: MIT
#include <bide/curl/client_options.hpp>  // first, to prove that the header stands alone

#include "client_fixture.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <cstddef>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace fixture;
using bide::certainty;
using bide::end;
using bide::curl::client;
using bide::curl::when_full;
using scripted::ok;
using scripted::read_request;
using scripted::response;
using names = std::vector<std::string>;

namespace {

bide::curl::request named(const std::string& url, std::string name) {
    auto r = post(url, std::move(name));
    r.idempotent = true;  // so that it may use the connection of the one before
    return r;
}

bide::time_point in(bide::duration d) { return bide::detail::steady_now() + d; }

/// One connection: it answers the first request when the door is open, the others at once.
std::vector<scripted::script> gated(const door& first) {
    return {{read_request(), first.step(), scripted::send(ok()), scripted::serve(ok())}};
}

}  // namespace

TEST_CASE("client_options: what makes no sense is refused", "[curl][client][errors]") {
    CHECK_THROWS_WITH(client({.in_flight = 0}),
                      "bide::curl::client: in_flight must be >= 1, got 0");
    CHECK_THROWS_WITH(client({.capacity = 0}), "bide::curl::client: capacity must be >= 1, got 0");
    CHECK_THROWS_WITH(client({.budget = {{.ratio = -1}}}),
                      "bide::retry_budget: ratio must be from 0 to 1000, got -1");
    CHECK_THROWS_WITH(client({}, bide::curl::event_hooks{.watch = {}, .wake = [] {}}),
                      "bide::curl::client: watch must not be empty");
    CHECK_THROWS_WITH(
        client({}, bide::curl::event_hooks{.watch = [](curl_socket_t, int) {}, .wake = {}}),
        "bide::curl::client: wake must not be empty");

    client c;
    CHECK_THROWS_WITH(c.send(get("http://127.0.0.1:1"), quick(1), {.cost = 0}),
                      "bide::curl::client: cost must be >= 1, got 0");
    CHECK_THROWS_WITH(c.send(get("ftp://127.0.0.1:1"), quick(1)),
                      "bide::curl::request: url must be an absolute http or https URL, got "
                      "ftp://127.0.0.1:1");
    CHECK_THROWS_WITH(c.send(std::vector{get("http://127.0.0.1:1"), get("")}, quick(1)),
                      "bide::curl::request: url must not be empty");
    CHECK(c.held() == 0);
}

TEST_CASE("send_options: the higher priority first, but the eighth is a lower one",
          "[curl][client][order]") {
    door first;
    scripted::server server{gated(first)};
    inbox got;
    client c({.in_flight = 1});
    const auto lane = c.lane(quick(1));
    lane.send(named(server.url(), "first")).then(got.put("first"));
    REQUIRE(server.requests(1).size() == 1);
    names expected{"first"};
    for (const auto* low : {"low 1", "low 2"})
        lane.send(named(server.url(), low)).then(got.put(low));
    for (auto i = 0; i != 16; ++i) {
        const auto high = "high " + std::to_string(i);
        lane.send(named(server.url(), high), {.priority = 1}).then(got.put(high));
        expected.push_back(high);
        if (i == 6) expected.emplace_back("low 1");
        if (i == 13) expected.emplace_back("low 2");
    }
    first.open();
    CHECK(got.names(19) == expected);
    CHECK(bodies(server.requests()) == expected);
}

TEST_CASE("send_options: the earliest deadline first, and a retry keeps its turn",
          "[curl][client][order]") {
    door first;
    scripted::server server{
        {{read_request(), first.step(), scripted::send(response("503 Service Unavailable")),
          read_request(), scripted::wait(30ms), scripted::send(ok()), scripted::serve(ok())}}};
    inbox got;
    client c({.in_flight = 1});
    const auto lane = c.lane(quick(2));
    const auto now = in(0s);
    const auto send = [&](const char* name, bide::time_point deadline) {
        lane.send(named(server.url(), name), {.deadline = deadline}).then(got.put(name));
    };
    send("first", now + 25s);
    REQUIRE(server.requests(1).size() == 1);
    send("never", bide::never);
    send("30 s", now + 30s);
    send("never, later", bide::never);
    send("20 s", now + 20s);
    send("25 s, later", now + 25s);
    first.open();
    CHECK(got.names(6) == names{"20 s", "first", "25 s, later", "30 s", "never", "never, later"});
}

TEST_CASE(
    "send_options: a deadline that passes in the queue is told at its time, a lost one at once",
    "[curl][client][deadline]") {
    door first;
    scripted::server server{gated(first)};
    inbox got;
    client c({.in_flight = 1});
    const auto lane = c.lane(quick(1));
    lane.send(named(server.url(), "first")).then(got.put("first"));
    REQUIRE(server.requests(1).size() == 1);

    // No try begins with less than a second left.
    const auto deadline = in(1040ms);
    lane.send(named(server.url(), "late"), {.deadline = deadline}).then(got.put("late"));
    lane.send(named(server.url(), "lost"), {.priority = -1, .deadline = in(900ms)})
        .then(got.put("lost"));
    lane.send(named(server.url(), "past"), {.deadline = in(-1s)}).then(got.put("past"));
    lane.send(named(server.url(), "kept"), {.deadline = in(20s)}).then(got.put("kept"));
    CHECK(got.names(2).size() == 2);
    CHECK(in(1s) < deadline);  // at once
    CHECK(got.names(3).back() == "late");
    CHECK(in(1s) > deadline);
    for (const auto* name : {"late", "lost", "past"}) {
        const auto& r = got.of(name);
        CHECK(r.ended() == end::out_of_time);
        CHECK(r.certainty() == certainty::not_sent);
        CHECK(r.attempts() == 0);
        CHECK(r.last() == nullptr);
    }
    first.open();
    CHECK(got.names(5).back() == "kept");
    CHECK(bodies(server.requests()) == names{"first", "kept"});
}

TEST_CASE("client_options: a full client turns away, and makes room when one has ended",
          "[curl][client][capacity]") {
    const auto full = GENERATE(when_full::refuse, when_full::block);
    door first;
    scripted::server server{gated(first)};
    inbox got;
    client c({.in_flight = 1, .capacity = 2, .full = full});
    const auto lane = c.lane(quick(1));
    lane.send(named(server.url(), "1")).then([&](sent r) {
        got.put("1")(std::move(r));
        // Its own place is free again. Nobody can wait here, so a second one is turned away.
        lane.send(named(server.url(), "in callback")).then(got.put("in callback"));
        lane.send(named(server.url(), "one too many")).then(got.put("one too many"));
    });
    REQUIRE(server.requests(1).size() == 1);
    lane.send(named(server.url(), "2")).then(got.put("2"));
    CHECK(c.held() == 2);
    if (full == when_full::refuse) {
        lane.send(named(server.url(), "3")).then(got.put("3"));
        REQUIRE(got.size() == 1);  // here and now
        const auto& r = got.of("3");
        CHECK(r.ended() == end::deferred);
        CHECK(r.certainty() == certainty::not_sent);
        CHECK(r.attempts() == 0);
        CHECK(r.retry_in().value_or(1s) == 0s);
        CHECK(c.held() == 2);
    }
    first.open();
    const std::size_t all = full == when_full::refuse ? 5 : 4;
    CHECK(got.names(all).size() == all);
    CHECK(got.of("in callback").ended() == end::done);
    CHECK(got.of("2").ended() == end::done);
    CHECK(got.of("one too many").ended() == end::deferred);
}

TEST_CASE("client_options: who finds no room waits until there is some",
          "[curl][client][capacity]") {
    door first;
    scripted::server server{gated(first)};
    inbox got;
    client c({.in_flight = 1, .capacity = 2});
    const auto lane = c.lane(quick(1));
    std::promise<void> begun;
    std::thread producer{[&] {
        for (auto i = 0; i != 3; ++i) {
            const auto name = std::to_string(i);
            lane.send(named(server.url(), name)).then(got.put(name));
            if (i == 1) begun.set_value();
        }
        std::vector<bide::curl::request> all;
        for (auto i = 3; i != 8; ++i) all.push_back(named(server.url(), std::to_string(i)));
        lane.send(std::move(all)).then([&](std::size_t i, sent r) {
            got.put(std::to_string(i + 3))(std::move(r));
        });
        got.put("producer")(lane.send(named(server.url(), "x")).future().get());
    }};
    begun.get_future().get();
    for (auto i = 0; i != 20; ++i) {
        CHECK(c.held() == 2);
        std::this_thread::yield();
    }
    CHECK(got.size() == 0);
    first.open();
    CHECK(got.names(9) == names{"0", "1", "2", "3", "4", "5", "6", "7", "producer"});
    producer.join();
}

namespace {

detached in_turn(const bide::curl::lane& to, std::string url, std::string name, int times,
                 inbox& into) {
    for (auto i = 0; i != times; ++i)
        into.put(name + std::to_string(i))(co_await to.send(named(url, name)));
}

}  // namespace

TEST_CASE("client_options: of coroutines that find no room none holds its thread",
          "[curl][client][capacity]") {
    door first;
    scripted::server server{gated(first)};
    inbox got;
    client c({.in_flight = 1, .capacity = 1});
    const auto lane = c.lane(quick(1));
    for (const auto* name : {"a", "b", "c"}) in_turn(lane, server.url(), name, 2, got);
    REQUIRE(server.requests(1).size() == 1);
    CHECK(c.held() == 1);
    CHECK(got.size() == 0);
    first.open();
    CHECK(got.names(6) == names{"a0", "b0", "c0", "a1", "b1", "c1"});
    for (const auto* name : {"a0", "b0", "c0", "a1", "b1", "c1"})
        CHECK(got.of(name).ended() == end::done);

    // Those that wait for room are held back, too, when the client ends.
    for (const auto* name : {"d", "e"}) in_turn(lane, "http://127.0.0.1:1", name, 1, got);
    c.shutdown();
    CHECK(got.names(8).size() == 8);
    CHECK(got.of("e0").ended() == end::deferred);
    CHECK(c.held() == 0);
}

TEST_CASE("client_options: never more in flight, nor more connections to a host",
          "[curl][client][in_flight]") {
    gauge busy;
    const std::vector<scripted::script> scripts(8, {busy.serve(ok(), 2ms)});
    scripted::server server{scripts};
    std::vector<bide::curl::request> all;
    for (auto i = 0; i != 24; ++i) all.push_back(get(server.url()));
    SECTION("in_flight") {
        client c({.in_flight = 3});
        for (const auto& r : c.send(std::move(all), quick(1)).future().get())
            CHECK(r.ended() == end::done);
        CHECK(busy.most() <= 3);
        CHECK(server.connections() <= 3);
    }
    SECTION("per_host") {
        client c({.in_flight = 24, .per_host = 2});
        for (const auto& r : c.send(std::move(all), quick(1)).future().get())
            CHECK(r.ended() == end::done);
        CHECK(busy.most() <= 2);
        CHECK(server.connections() == 2);
    }
}
