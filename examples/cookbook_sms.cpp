// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>

#include <iostream>
#include <string>

namespace {

// README: begin
std::string send(const bide::curl::request& sms) {  // .profile = &bide::http::profiles::vonage
    const auto sent = bide::curl::perform(sms, bide::http::sender());
    switch (sent.ended()) {
        case bide::end::done:
            return "delivered";
        case bide::end::permanent:
            return "mend it: " + sent.explain();
        case bide::end::unknown:  // it may have arrived, so it was not sent again
            return "look it up in the provider's reports: " + sent.explain();
        default:  // nothing was done
            return "keep it" + std::string{sent.retry_at() ? " until retry_at()" : ""} + ": " +
                   sent.explain();
    }
}
// README: end

}  // namespace

// Without an idempotency key: example_cookbook_sms http://127.0.0.1:8080/v1/messages
int main(int argc, char** argv) {
    std::cout << send({.url = argc > 1 ? argv[1] : "http://127.0.0.1:9",  // nobody listens there
                       .method = "POST",
                       .headers = {{"Content-Type", "application/json"}},
                       .body = R"({"message_type":"text","channel":"sms","to":"15550100",)"
                               R"("from":"bide","text":"Your code is 4711"})",
                       .profile = &bide::http::profiles::vonage})
              << "\n";
}
