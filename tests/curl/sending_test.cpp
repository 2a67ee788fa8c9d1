// SPDX-License-Identifier: MIT
#include <bide/curl/sending.hpp>  // first, to prove that the header stands alone

#include "client_fixture.hpp"
#include "support/catch.hpp"

#include <atomic>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace fixture;
using bide::end;
using bide::curl::client;
using scripted::ok;
using scripted::read_request;

// What has begun to go its way cannot be taken over by another.
static_assert(!std::is_copy_constructible_v<bide::curl::sending>);
static_assert(!std::is_move_assignable_v<bide::curl::sending>);
static_assert(!std::is_move_assignable_v<bide::curl::sending_all>);

namespace {

std::vector<bide::curl::request> batch(const std::string& url, std::size_t n) {
    std::vector<bide::curl::request> all;
    for (std::size_t i = 0; i != n; ++i) all.push_back(post(url, std::to_string(i)));
    return all;
}

struct noted {
    std::thread::id where{};
    std::vector<sent> got{};
    door done{};
};

detached one(const bide::curl::lane& to, bide::curl::request r, noted& n) {
    n.got.push_back(co_await to.send(std::move(r)));
    n.where = std::this_thread::get_id();
    n.done.open();
}
detached several(const bide::curl::lane& to, std::vector<bide::curl::request> all, noted& n) {
    n.got = co_await to.send(std::move(all));
    n.where = std::this_thread::get_id();
    n.done.open();
}

}  // namespace

TEST_CASE("sending: a callback, a future and a coroutine get the outcome", "[curl][sending]") {
    scripted::server server{serving(4, ok("hi"))};
    client c;
    const auto lane = c.lane(quick(2));
    const auto check = [](const sent& r) {
        REQUIRE(r.ended() == end::done);
        CHECK(r.attempts() == 1);
        CHECK(r.history().empty());
        CHECK(!r.elapsed());
        CHECK(r.last()->body == "hi");
    };

    std::promise<std::thread::id> called;
    inbox in;
    lane.send(get(server.url())).then([&, put = in.put("one")](sent r) {
        put(std::move(r));
        called.set_value(std::this_thread::get_id());
    });
    const auto its_thread = called.get_future().get();
    CHECK(its_thread != std::this_thread::get_id());
    check(in.of("one"));

    check(lane.send(get(server.url())).future().get());
    check(c.send(get(server.url()), quick(1)).future().get());

    noted n;
    one(lane, get(server.url()), n);
    REQUIRE(n.done.wait());
    CHECK(n.where == its_thread);
    check(n.got.at(0));
}

TEST_CASE("sending_all: each outcome, or all of them in the order of the requests",
          "[curl][sending]") {
    // The first answer comes last.
    door first;
    scripted::server server{
        {{read_request(), first.step(), scripted::send(ok("0"))}, {scripted::serve(ok("1"))}}};
    client c({.in_flight = 2});
    const auto lane = c.lane(quick(1));
    const auto slow_one = [&](const char* last) {
        auto all = batch(server.url(), 3);
        all[2].url = last;
        return all;
    };

    std::mutex mutex;
    std::vector<std::size_t> order;
    std::promise<void> done;
    lane.send(slow_one("http://127.0.0.1:1")).then([&](std::size_t i, sent r) {
        const std::scoped_lock lock{mutex};
        order.push_back(i);
        CHECK(r.ended() == (i == 2 ? end::exhausted : end::done));
        if (order.size() == 2) first.open();
        if (order.size() == 3) done.set_value();
    });
    done.get_future().get();
    CHECK(order.back() == 0);

    scripted::server others{serving(12, ok())};
    const auto sum = [](const std::vector<sent>& all) {
        std::size_t n = 0;
        for (const auto& r : all) n += r.ended() == end::done ? std::size_t{1} : std::size_t{100};
        return n;
    };
    const auto all = lane.send(batch(others.url(), 5)).future().get();
    CHECK(sum(all) == 5);
    noted n;
    several(lane, batch(others.url(), 5), n);
    REQUIRE(n.done.wait());
    CHECK(sum(n.got) == 5);

    // Nothing is an answer, too.
    CHECK(lane.send(batch(others.url(), 0)).future().get().empty());
    CHECK(c.send(batch(others.url(), 0), quick(1)).future().get().empty());
    noted none;
    several(lane, {}, none);
    REQUIRE(none.done.wait());
    CHECK(none.where == std::this_thread::get_id());
}

TEST_CASE("sending: dropped before it is said how the outcome comes back, it is not sent",
          "[curl][sending]") {
    scripted::server server{serving(1, ok())};
    const auto token = std::make_shared<int>();
    const auto own = [&] {
        auto r = get(server.url());
        r.setup = [token](CURL* easy) { direct(easy); };
        return r;
    };
    {
        auto c = std::make_unique<client>();
        {
            const auto dropped = c->send(own(), quick(1));
        }
        {
            const auto all = c->send(std::vector{own(), own()}, quick(1));
        }
        CHECK(token.use_count() == 1);
        CHECK(c->held() == 0);
        auto late = c->send(own(), quick(1));
        auto never_said = c->lane(quick(1)).send(own());
        c.reset();
        CHECK(std::move(late).future().get().ended() == end::deferred);
    }
    CHECK(token.use_count() == 1);
    CHECK(server.connections() == 0);
}

namespace {

detached refused_often(const bide::curl::lane& to, const bide::curl::request& r, std::size_t times,
                       std::size_t& deferred) {
    for (std::size_t i = 0; i != times; ++i)
        if ((co_await to.send(r)).ended() == end::deferred) ++deferred;
}

}  // namespace

TEST_CASE("sending: a coroutine that is turned away goes on without a deeper stack",
          "[curl][sending]") {
    client c;
    const auto lane = c.lane(quick(1));
    c.shutdown();
    std::size_t deferred = 0;
    refused_often(lane, get("http://127.0.0.1:1"), 5'000, deferred);
    CHECK(deferred == 5'000);
}
