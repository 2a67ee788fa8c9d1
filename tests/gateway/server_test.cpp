// SPDX-License-Identifier: MIT
#include "gateway/server.hpp"

#include "gateway/raw_client.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using test::end;
using test::message;
using test::post;
using test::raw_client;

namespace {

gateway::options with_faults(const std::string& spec) {
    gateway::options opts;
    opts.faults = gateway::parse_fault_spec(spec);
    opts.stall = 30ms;
    opts.refuse_for = 100ms;
    opts.idle_for = 5ms;
    return opts;
}

/// The record of the only message of the run, after the server has stopped.
gateway::message_record only_message(gateway::server& server) {
    server.stop();
    const auto book = server.ledger();
    REQUIRE(book.messages_list.size() == 1);
    return book.messages_list[0];
}

}  // namespace

TEST_CASE("server: accepts messages and keeps the connection", "[gateway][server]") {
    gateway::server server{{}};
    CHECK(server.url() == "http://127.0.0.1:" + std::to_string(server.port()));
    const raw_client client{server.port()};
    for (const auto* const id : {"a", "b"}) {
        const auto a = client.ask(post(message(id)));
        CHECK(a.status() == 202);
        CHECK(a.body() == R"({"id":")" + std::string{id} + R"(","status":"accepted"})");
        CHECK(a.field("Date").size() == 29);
        CHECK(a.field("Connection").empty());
    }
    const auto book = server.ledger();
    CHECK(book.requests == 2);
    CHECK(book.delivered == 2);
    CHECK(book.connections == 1);
}

TEST_CASE("server: reads chunks, answers Expect and closes when asked", "[gateway][server]") {
    gateway::server server{{}};
    const raw_client client{server.port()};
    const auto chunked = client.ask(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        "10\r\n{\"id\":\"c\",\"to\":\"\r\n11\r\n1\",\"text\":\"text\"}\r\n0\r\n\r\n");
    CHECK(chunked.status() == 202);

    const auto body = message("d");
    const auto whole = post(body, "/", "Expect: 100-continue\r\nConnection: close\r\n");
    REQUIRE(client.send(whole.substr(0, whole.size() - body.size())));
    // The interim answer has no Content-Length, so reading it ends only with the final one.
    std::thread later{[&] { (void)client.send(body); }};
    const auto a = client.read();
    later.join();
    CHECK(a.bytes.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\n"));
    CHECK(a.field("Connection") == "close");
    CHECK(client.read().how == end::fin);
    CHECK(server.ledger().delivered == 2);
}

TEST_CASE("server: malformed messages and bytes that are no HTTP", "[gateway][server]") {
    gateway::server server{{}};
    const raw_client client{server.port()};
    CHECK(client.ask(post("{")).status() == 400);
    CHECK(client.ask(post(R"({"id":7,"to":"1","text":""})")).status() == 400);
    CHECK(client.ask(post("{\"id\":\"\xff\",\"to\":\"1\",\"text\":\"\"}")).status() == 400);
    CHECK(client.ask("GET /sms HTTP/1.1\r\n\r\n").field("Allow") == "POST");
    const raw_client garbler{server.port()};
    const auto a = garbler.ask("this is not HTTP\r\n\r\n");
    CHECK(a.status() == 400);
    CHECK(garbler.read().how == end::fin);
    const auto book = server.ledger();
    CHECK(book.malformed == 4);
    CHECK(book.protocol_errors == 1);
    CHECK(book.messages == 0);
}

TEST_CASE("server: throttles with the headers of the style", "[gateway][server]") {
    gateway::options opts;
    opts.limit = 1;
    opts.window = 1h;
    SECTION("none") {
        opts.headers = gateway::header_style::none;
        gateway::server server{opts};
        const raw_client client{server.port()};
        CHECK(client.ask(post(message("a"))).status() == 202);
        const auto a = client.ask(post(message("b")));
        CHECK(a.status() == 429);
        CHECK(a.body() == R"({"error":"rate_limited"})");
        CHECK(a.field("Retry-After").empty());
        CHECK(server.ledger().rejected == 1);
    }
    SECTION("retry-after") {
        gateway::server server{opts};
        const raw_client client{server.port()};
        (void)client.ask(post(message("a")));
        CHECK(client.ask(post(message("b"))).field("Retry-After") == "3600");
    }
    SECTION("retry-after-date") {
        opts.headers = gateway::header_style::retry_after_date;
        gateway::server server{opts};
        const raw_client client{server.port()};
        (void)client.ask(post(message("a")));
        const auto a = client.ask(post(message("b")));
        CHECK(a.field("Retry-After").size() == 29);
        CHECK(a.field("Retry-After") != a.field("Date"));
    }
    SECTION("draft7") {
        opts.headers = gateway::header_style::draft7;
        gateway::server server{opts};
        const raw_client client{server.port()};
        const auto first = client.ask(post(message("a")));
        CHECK(first.field("RateLimit") == "limit=1, remaining=0, reset=3600");
        CHECK(first.field("RateLimit-Policy") == "1;w=3600");
        const auto a = client.ask(post(message("b")));
        CHECK(a.field("RateLimit") == "limit=1, remaining=0, reset=3600");
        CHECK(a.field("Retry-After") == "3600");
        CHECK(client.ask(post("{")).field("RateLimit-Policy") == "1;w=3600");
    }
}

TEST_CASE("server: speaks the shape of Vonage", "[gateway][server]") {
    gateway::options opts;
    opts.looks = gateway::shape::vonage;
    opts.limit = 1;
    opts.window = 1h;
    gateway::server server{opts};
    const raw_client client{server.port()};
    const std::string body = R"({"message_type":"text","channel":"sms","to":"15550100",)"
                             R"("from":"bide","text":"hello","client_ref":"v-1"})";
    const auto ok = client.ask(post(body, "/v1/messages"));
    CHECK(ok.status() == 202);
    CHECK(nlohmann::json::parse(ok.body())["message_uuid"].get<std::string>().size() == 36);
    const auto full = client.ask(post(body, "/v1/messages"));
    CHECK(full.status() == 429);
    CHECK(full.field("Content-Type") == "application/problem+json");
    const auto problem = nlohmann::json::parse(full.body());
    CHECK(problem["type"] == "https://developer.vonage.com/api-errors#rate-limit");
    CHECK(problem["title"] == "Rate Limit Hit");
    CHECK(problem["detail"] == "Please wait, then retry your request");
    CHECK(problem["instance"].get<std::string>().size() == 36);
    CHECK(client.ask(post(message("v-2"), "/v1/messages")).status() == 422);
    CHECK(client.ask(post(body, "/sms")).status() == 404);
    CHECK(only_message(server).id == "v-1");
}

TEST_CASE("server: shows its ledger, which is no request", "[gateway][server]") {
    gateway::options opts = with_faults("garbage=1");
    opts.limit = 1;
    gateway::server server{opts};
    const raw_client client{server.port()};
    for (int i = 0; i < 3; ++i) {
        const auto a = client.ask("GET /_ledger HTTP/1.1\r\n\r\n");
        CHECK(a.status() == 200);
        const auto book = nlohmann::json::parse(a.body());
        CHECK(book["requests"] == 0);
        CHECK(book.contains("messages_list"));
    }
    const auto a = client.ask("GET /_ledger?messages=0 HTTP/1.1\r\n\r\n");
    CHECK_FALSE(nlohmann::json::parse(a.body()).contains("messages_list"));
}

TEST_CASE("server: each fault does on the wire what its row says", "[gateway][server][faults]") {
    for (const auto& row : gateway::fault_table) {
        DYNAMIC_SECTION(row.name) {
            gateway::server server{with_faults("@2:" + std::string{row.name})};
            const raw_client client{server.port()};
            REQUIRE(client.ask(post(message("warm-up"))).status() == 202);
            const auto a = client.ask(post(message("m")));
            switch (row.how) {
                case gateway::ending::refuse:
                case gateway::ending::close:
                case gateway::ending::silence:
                    CHECK(a.how == end::fin);
                    CHECK(a.bytes.empty());
                    break;
                case gateway::ending::close_idle:
                    CHECK(a.how == end::complete);
                    CHECK(a.status() == 202);
                    CHECK(a.field("Connection").empty());
                    CHECK(client.read().how == end::fin);
                    break;
                case gateway::ending::reset_mid_body:
                    CHECK(a.how == end::reset);
                    CHECK(a.status() == 202);
                    CHECK(a.body() == R"({"id":"m","stat)");
                    CHECK(a.field("Content-Length") == "30");
                    break;
                case gateway::ending::cut_header:
                    CHECK(a.how == end::fin);
                    CHECK(a.status() == 202);
                    CHECK(a.bytes.find("\r\n\r\n") == std::string::npos);
                    break;
                case gateway::ending::garbage:
                    CHECK(a.how == end::fin);
                    CHECK(a.bytes.size() == 20);
                    CHECK(a.status() == 0);
                    break;
                case gateway::ending::answer:
                    CHECK(a.how == end::complete);
                    CHECK(a.status() == row.status);
                    CHECK(
                        a.field("Retry-After") ==
                        (row.asks_to_wait || (row.status == 429 && !row.names_no_wait) ? "1" : ""));
                    CHECK(client.ask(post(message("warm-up"))).status() == 202);
                    break;
            }
            server.stop();
            CHECK(server.ledger().in_progress == 0);
            const auto m = server.ledger().messages_list.at(1);
            CHECK(m.seen == 1);
            CHECK(m.read == 1);
            CHECK(m.delivered == (row.acts ? 1 : 0));
            CHECK(m.cut == (row.answers ? 0 : 1));
            CHECK(m.ambiguous == (gateway::is_ambiguous(row) ? 1 : 0));
            CHECK(m.injected == std::vector{row.id});
        }
    }
}

TEST_CASE("server: drop-reused spares fresh connections", "[gateway][server][faults]") {
    gateway::server server{with_faults("drop-reused-acted=1")};
    const raw_client client{server.port()};
    CHECK(client.ask(post(message("m"))).status() == 202);
    const auto a = client.ask(post(message("m")));
    CHECK(a.how == end::fin);
    CHECK(a.bytes.empty());
    const auto m = only_message(server);
    CHECK(m.delivered == 2);
    CHECK(m.cut == 1);
    CHECK(server.ledger().not_injected == 1);
}

TEST_CASE("server: refuse closes the door for a while, idle connections too",
          "[gateway][server][faults]") {
    auto opts = with_faults("#bad:refuse");
    opts.refuse_for = 300ms;
    gateway::server server{opts};
    const raw_client idle{server.port()};
    REQUIRE(idle.ask(post(message("idle"))).status() == 202);
    const raw_client bad{server.port()};
    const auto began = std::chrono::steady_clock::now();
    CHECK(bad.ask(post(message("bad"))).how == end::fin);
    CHECK(raw_client{server.port()}.connect_error() == ECONNREFUSED);
    CHECK(idle.read().how == end::fin);
    while (raw_client{server.port()}.connect_error() != 0 &&
           std::chrono::steady_clock::now() < began + 10s)
        std::this_thread::yield();
    CHECK(std::chrono::steady_clock::now() >= began + 300ms);
    CHECK(raw_client{server.port()}.ask(post(message("bad"))).status() == 202);
    server.stop();
    CHECK(server.ledger().faults[static_cast<std::size_t>(gateway::fault::refuse)] == 1);
}

TEST_CASE("server: a request that crosses the FIN is in the ledger", "[gateway][server][faults]") {
    gateway::server server{with_faults("#a:drop-idle")};
    const raw_client client{server.port()};
    CHECK(client.ask(post(message("a"))).status() == 202);
    CHECK(client.ask(post(message("b"))).how == end::fin);
    raw_client{server.port()}.close();
    server.stop();
    const auto book = server.ledger();
    REQUIRE(book.messages_list.size() == 2);
    CHECK(book.messages_list[1].read == 1);
    CHECK(book.messages_list[1].delivered == 0);
    CHECK(book.messages_list[1].cut == 1);
    CHECK(book.crossed == 1);
}

TEST_CASE("server: a client that leaves before the answer is cut", "[gateway][server]") {
    gateway::options opts;
    opts.latency = {80ms, 80ms};
    gateway::server server{opts};
    {
        const raw_client client{server.port()};
        REQUIRE(client.send(post(message("m"))));
        while (server.ledger().deliveries == 0) std::this_thread::yield();
        CHECK(client.read(1ms).how == end::timeout);
    }
    while (server.ledger().in_progress > 0) std::this_thread::yield();
    const raw_client other{server.port()};
    CHECK(other.ask(post(message("later"))).status() == 202);  // is answered later, too
    server.stop();
    const auto m = server.ledger().messages_list.at(0);
    CHECK(m.delivered == 1);
    CHECK(m.cut == 1);
    CHECK(m.ambiguous == 1);
    CHECK(server.ledger().messages_list.at(1).cut == 0);
}

TEST_CASE("server: a client that leaves its answer unread is cut", "[gateway][server]") {
    gateway::server server{{}};
    {
        const raw_client client{server.port()};
        REQUIRE(client.send(post(message("m"))));
        while (server.ledger().deliveries == 0) std::this_thread::yield();
    }
    // The answer may be on its way while the client closes, so both ways of noticing are met.
    const auto until = std::chrono::steady_clock::now() + 5s;
    while (server.ledger().cut_after_read == 0 && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    CHECK(only_message(server).cut == 1);
}

TEST_CASE("server: a client that reads its answer and leaves is not cut", "[gateway][server]") {
    gateway::server server{{}};
    for (int i = 0; i < 20; ++i) {
        raw_client client{server.port()};
        const bool closes = i % 2 == 1;
        CHECK(client.ask(post(message("m"), "/", closes ? "Connection: close\r\n" : "")).status() ==
              202);
        if (i % 4 == 0) client.shut_writing();
    }
    CHECK(only_message(server).cut == 0);
}

TEST_CASE("server: concurrency rejects what is over the limit in flight", "[gateway][server]") {
    gateway::options opts;
    opts.how = gateway::algorithm::concurrency;
    opts.limit = 2;
    opts.latency = {60ms, 60ms};
    gateway::server server{opts};
    const raw_client first{server.port()};
    const raw_client second{server.port()};
    const raw_client third{server.port()};
    REQUIRE(first.send(post(message("1"))));
    REQUIRE(second.send(post(message("2"))));
    while (server.ledger().deliveries < 2) std::this_thread::yield();
    CHECK(third.ask(post(message("3"))).status() == 429);
    CHECK(first.read().status() == 202);
    CHECK(second.read().status() == 202);
    for (int i = 0; i < 3; ++i) CHECK(first.ask(post(message("4"))).status() == 202);
}

TEST_CASE("server: stops at once in the midst of everything", "[gateway][server]") {
    auto opts = with_faults("#stall:stall");
    opts.stall = 1h;
    opts.latency = {0ns, 0ns};
    gateway::server server{opts};
    const raw_client idle{server.port()};
    const raw_client stalled{server.port()};
    const raw_client half{server.port()};
    REQUIRE(stalled.send(post(message("stall"))));
    REQUIRE(half.send("POST / HTTP/1.1\r\nContent-"));
    while (server.ledger().requests == 0) std::this_thread::yield();
    const auto began = std::chrono::steady_clock::now();
    server.stop();
    server.stop();                                         // idempotent
    CHECK(std::chrono::steady_clock::now() - began < 2s);  // 200 ms, with room for a loaded machine
    CHECK(raw_client{server.port()}.connect_error() == ECONNREFUSED);
}

TEST_CASE("server: many clients at once, and the sliding window holds", "[gateway][server]") {
    auto opts = with_faults("500=0.05,drop-reused-acted=0.05,garbage=0.05,429=0.05");
    opts.limit = 200;
    gateway::server server{opts};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            auto client = std::make_unique<raw_client>(server.port());
            for (int i = 0; i < 60; ++i) {
                const auto id = std::to_string(t) + "-" + std::to_string(i);
                if (client->ask(post(message(id))).how != end::complete)
                    client = std::make_unique<raw_client>(server.port());
            }
        });
    for (auto& thread : threads) thread.join();
    server.stop();
    const auto book = server.ledger();
    CHECK(book.requests == 480);
    CHECK(book.messages == 480);
    CHECK(book.max_deliveries == 1);
    CHECK(book.peak_rate_per_s <= 200);
    std::uint64_t injected = 0;
    for (const auto n : book.faults) injected += n;
    CHECK(injected > 0);
}

TEST_CASE("server: more connections than allowed wait for their turn", "[gateway][server]") {
    gateway::options opts;
    opts.max_connections = 2;
    gateway::server server{opts};
    auto first = std::make_unique<raw_client>(server.port());
    const raw_client second{server.port()};
    CHECK(first->ask(post(message("1"))).status() == 202);
    CHECK(second.ask(post(message("2"))).status() == 202);
    const raw_client third{server.port()};  // in the backlog
    REQUIRE(third.send(post(message("3"))));
    CHECK(third.read(20ms).how == end::timeout);
    first.reset();
    CHECK(third.read().status() == 202);
}
