// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>
#include <bide/curl/client.hpp>
#include <bide/json/progress.hpp>

#include "gateway/server.hpp"

#include <chrono>
#include <future>
#include <iostream>
#include <map>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

using namespace std::chrono_literals;

namespace {

// What a program keeps of each message besides the message: how far it is, empty for a new one.
using outbox = std::map<std::string, std::string>;

// Sends all of them; those that it was stopped in the midst of are handed back, to go on later.
outbox send(const outbox& messages, const std::string& url, bool is_stopped) {
    bide::curl::client client({.in_flight = 4});
    const auto lane = client.lane(bide::http::sender());
    std::map<std::string, std::future<bide::outcome<bide::curl::response>>> sent;
    for (const auto& [id, progress] : messages) {
        bide::curl::send_options how;
        if (!progress.empty()) how.resume = bide::json::progress_from(progress);
        sent[id] = lane.send({.url = url,
                              .method = "POST",
                              .headers = {{"Content-Type", "application/json"}},
                              .body = R"({"to":"15550100","text":"Hello","id":")" + id + R"("})"},
                             how)
                       .future();
    }
    std::this_thread::sleep_for(50ms);  // … and then there comes a SIGTERM
    if (is_stopped) client.shutdown();  // waits for what is in flight, and for nothing else
    outbox left;
    for (auto& [id, there] : sent) {
        const auto r = there.get();
        if (r.stopped_by() != bide::end::deferred) continue;  // it is through
        const auto now = std::chrono::system_clock::now();
        left[id] = nlohmann::json(bide::progress_of(r.facts(), now)).dump();
    }
    return left;
}

}  // namespace

int main() {
    gateway::options like;
    like.limit = 10;
    like.window = 200ms;
    const gateway::server server{like};
    outbox messages;
    for (int i = 10; i != 30; ++i) messages["m-" + std::to_string(i)];
    const auto left = send(messages, server.url() + "/messages", true);
    const auto at_end = send(left, server.url() + "/messages", false);
    std::cout << messages.size() - left.size() << " before the stop, "
              << left.size() - at_end.size() << " after it, " << server.ledger().duplicates
              << " twice\n";
    return at_end.empty() && server.ledger().deliveries == messages.size() ? 0 : 1;
}
