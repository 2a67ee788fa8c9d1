// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>
#include <bide/http.hpp>

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

// There is an HTTP wrapper already, cpp-httplib: it sends, bide decides what is sent again.

namespace {

// Was a byte of the request sent? Tried with a peer that hangs up at every step, with cpp-httplib
// 0.11: Write and Read are reported after bytes have left, the rest of these before the first one.
// Unless told to follow redirects: then an error may be about the second request of two.
bide::finding of_error(httplib::Error e) {
    switch (e) {
        case httplib::Error::Connection:
        case httplib::Error::ConnectionTimeout:
        case httplib::Error::SSLConnection:
            return {bide::verdict::transient, bide::certainty::not_sent};
        case httplib::Error::BindIPAddress:
        case httplib::Error::SSLLoadingCerts:
        case httplib::Error::SSLServerVerification:
        case httplib::Error::Compression:
            return {bide::verdict::permanent, bide::certainty::not_sent};
        default:  // Read, Write, Canceled, Unknown and what later versions add
            return {bide::verdict::transient, bide::certainty::ambiguous};
    }
}

bide::finding judge(const httplib::Result& result) {
    if (!result) return of_error(result.error());
    std::vector<bide::http::field> fields;
    for (const auto& [name, value] : result->headers) fields.push_back({name, value});
    return bide::http::read({.status = result->status, .fields = fields, .body = result->body},
                            {.method = "POST"}, bide::http::profiles::generic,
                            std::chrono::system_clock::now())
        .finding;
}

auto post(httplib::Client& client, const std::string& path) {
    const auto policy = bide::policy(bide::exponential({.base = 50ms}) | bide::full_jitter,
                                     bide::max_attempts(3) | bide::max_elapsed(5s),
                                     bide::classify(bide::on_result(judge)));
    auto sent = bide::retry(policy, bide::once_only([&](const bide::this_try& now) {
                                client.set_connection_timeout(now.time.connect);
                                client.set_read_timeout(now.time.whole);  // for each read
                                return client.Post(path, R"({"text":"hi"})", "application/json");
                            }));
    std::cout << path << ": " << sent.explain() << "\n";
    return sent;
}

}  // namespace

int main() {
    httplib::Server server;
    std::atomic<int> busy = 0;
    std::atomic<int> lost = 0;
    server.Post("/busy", [&](const httplib::Request&, httplib::Response& answer) {
        if (++busy > 1) return;
        answer.status = 429;
        answer.set_header("Retry-After", "1");
    });
    server.Post("/lost", [&](const httplib::Request&, httplib::Response& answer) {
        ++lost;  // it acts, but the answer breaks off
        answer.set_content_provider(9, "text/plain", [](auto, auto, auto&) { return false; });
    });
    const auto port = server.bind_to_any_port("127.0.0.1");
    std::thread serving{[&] { server.listen_after_bind(); }};

    httplib::Client client{"127.0.0.1", port};
    const auto later = post(client, "/busy");    // a second later it works
    const auto unknown = post(client, "/lost");  // not sent again
    server.stop();
    serving.join();
    const auto nobody = post(client, "/closed");  // tried three times, never sent

    return later && later.attempts() == 2 && unknown.ended() == bide::end::unknown && lost == 1 &&
                   nobody.ended() == bide::end::exhausted && nobody.attempts() == 3
               ? 0
               : 1;
}
