// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>

#include <chrono>
#include <iostream>

using namespace std::chrono_literals;

namespace {

// README: begin
auto send_code(const bide::curl::request& sms, std::chrono::system_clock::time_point valid_until) {
    const auto policy =
        bide::policy(bide::exponential({.base = 200ms, .cap = 5s}) | bide::full_jitter,
                     bide::deadline(valid_until, 500ms));  // none starts in the last 500 ms
    return bide::curl::perform(sms, policy);
}
// README: end

}  // namespace

// A code that is good for two seconds is not sent after them.
int main() {
    const auto sent = send_code({.url = "http://127.0.0.1:9", .method = "POST"},  // nobody listens
                                std::chrono::system_clock::now() + 2s);
    std::cout << to_string(sent.ended()) << " after " << *sent.elapsed() / 1ms << " ms\n";
    return sent.ended() == bide::end::out_of_time && *sent.elapsed() < 2s ? 0 : 1;
}
