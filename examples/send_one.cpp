// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>

#include <iostream>
#include <string>

using namespace std::chrono_literals;

// Sends one message and says what became of it: example_send_one http://127.0.0.1:8080
int main(int argc, char** argv) {
    const bide::curl::request request{
        .url = argc > 1 ? argv[1] : "http://127.0.0.1:9",  // without a gateway nobody listens there
        .method = "POST",
        .headers = {{"Content-Type", "application/json"}},
        .body = R"({"id":"m-1","to":"15550100","text":"Your code is 4711"})",
    };
    const auto sent = bide::curl::perform(request, bide::http::sender());
    if (sent.ended() == bide::end::done)
        std::cout << "delivered: " << sent.last()->status << "\n";
    else if (sent.ended() == bide::end::unknown)  // it may have been sent, so it was not sent again
        std::cout << "look it up before sending it again: " << sent.explain() << "\n";
    else if (sent.retry_at())  // the provider said when
        std::cout << "not now: " << sent.explain() << "\n";
    else
        std::cout << "not delivered: " << sent.explain() << "\n";
}
