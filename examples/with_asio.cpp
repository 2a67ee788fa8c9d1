// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>
#include <bide/http.hpp>

#include <asio.hpp>

#include <charconv>
#include <chrono>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using asio::ip::tcp;

// There is code on Asio's sockets already: what it throws and returns tells bide how sure it is.

namespace {

const std::string request =
    "POST /messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
    "2\r\n\r\nhi";

// A result that knows what happened: bide asks it.
struct reply {
    int status = 0;
    bide::finding found{};
    [[nodiscard]] bide::finding what_happened() const noexcept { return found; }
};

// Status 0, an answer that is none, means that the server may have acted.
reply parse(std::string_view text) {
    int status = 0;
    std::vector<bide::http::field> fields;
    const auto end = text.find("\r\n\r\n");
    if (text.starts_with("HTTP/1.") && end != std::string_view::npos) {
        const auto code = text.substr(9, 3);
        std::from_chars(code.data(), code.data() + code.size(), status);
        for (auto at = text.find("\r\n"); at < end;) {
            const auto next = text.find("\r\n", at + 2);
            const auto line = text.substr(at + 2, next - at - 2);
            const auto colon = line.find(':');
            if (colon != std::string_view::npos)
                fields.push_back({line.substr(0, colon), line.substr(colon + 1)});
            at = next;
        }
    }
    const auto reading =
        bide::http::read({.status = status, .fields = fields}, {.method = "POST"},
                         bide::http::profiles::generic, std::chrono::system_clock::now());
    return {status, reading.finding};
}

// One try, within the time that the policy gives it.
reply post(const tcp::endpoint& server, const bide::this_try& now) {
    const auto began = std::chrono::steady_clock::now();
    asio::io_context io;
    tcp::socket socket{io};
    std::error_code error;
    std::size_t bytes = 0;
    const auto run = [&](bide::duration time) {
        io.restart();
        io.run_until(began + time);
        if (io.stopped()) return;
        socket.close();  // too late
        io.run();
    };
    const auto done = [&](std::error_code e, std::size_t n) { error = e, bytes = n; };

    socket.async_connect(server, [&](std::error_code e) { error = e; });
    run(now.time.connect);
    if (error) throw bide::not_sent(std::system_error{error, "connect"});

    asio::async_write(socket, asio::buffer(request), done);
    run(now.time.whole);
    if (error && bytes == 0) throw bide::not_sent(std::system_error{error, "write"});
    if (error) throw bide::ambiguous(std::system_error{error, "write"});

    std::string text;
    asio::async_read(socket, asio::dynamic_buffer(text), done);
    run(now.time.whole);
    if (error != asio::error::eof) throw bide::ambiguous(std::system_error{error, "read"});
    return parse(text);
}

}  // namespace

int main() {
    asio::io_context io;
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    const auto server = acceptor.local_endpoint();
    std::thread serving{[&] {  // throttles, accepts, and hangs up without an answer
        for (const std::string answer : {"HTTP/1.1 429 Slow down\r\nRetry-After: 1\r\n\r\n",
                                         "HTTP/1.1 202 Accepted\r\n\r\n", ""}) {
            auto peer = acceptor.accept();
            std::string got(request.size(), ' ');
            asio::read(peer, asio::buffer(got));
            asio::write(peer, asio::buffer(answer));
        }
        acceptor.close();
    }};

    const auto policy = bide::policy(bide::exponential({.base = 50ms}) | bide::full_jitter,
                                     bide::max_attempts(3) | bide::max_elapsed(5s));
    const auto send = [&] {
        auto sent = bide::retry(
            policy, bide::once_only([&](const bide::this_try& now) { return post(server, now); }));
        std::cout << sent.explain() << "\n";
        return sent;
    };
    const auto later = send();    // a second later it works
    const auto unknown = send();  // not sent again
    serving.join();
    const auto nobody = send();  // tried three times, never sent

    return later && later.attempts() == 2 && unknown.ended() == bide::end::unknown &&
                   nobody.ended() == bide::end::exhausted && nobody.attempts() == 3
               ? 0
               : 1;
}
