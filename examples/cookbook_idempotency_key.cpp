// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>

#include <chrono>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

// What the outbox holds of a message, written before the first send.
struct stored {
    std::string key;
    std::string body;
    std::chrono::system_clock::time_point first_sent;
};

// README: begin
constexpr bide::http::profile acme{
    .name = "acme",
    .key_header = "Idempotency-Key",  // as its documentation says; see key_is_quoted too
    .key_life = 24h,
};

auto send(const std::string& url, const stored& message) {
    const bide::curl::request sms{
        .url = url,
        .method = "POST",
        .headers = {{"Content-Type", "application/json"}},
        .body = message.body,  // one key, one body
        .idempotency_key = message.key,
        .key_age = std::chrono::system_clock::now() - message.first_sent,
        .profile = &acme,
    };
    return bide::curl::perform(sms, bide::http::sender());  // also after a timeout: sent again
}
// README: end

}  // namespace

// With an idempotency key: example_cookbook_idempotency_key http://127.0.0.1:8080
int main(int argc, char** argv) {
    const stored message{.key = "m-4711",
                         .body = R"({"id":"m-4711","to":"15550100","text":"Your code is 4711"})",
                         .first_sent = std::chrono::system_clock::now()};
    const auto* const url = argc > 1 ? argv[1] : "http://127.0.0.1:9";  // nobody listens there
    std::cout << send(url, message).explain() << "\n";
}
