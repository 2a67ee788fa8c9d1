// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>
#include <bide/curl/client.hpp>
#include <bide/gate.hpp>

#include "gateway/server.hpp"

#include <atomic>
#include <cstddef>
#include <iostream>
#include <latch>
#include <string>
#include <utility>
#include <vector>

// One thread sends a batch to a gateway that throttles and fails now and then; a pacer finds out
// how fast it may be.
int main() {
    gateway::options like;
    like.limit = 200;  // in a second
    like.headers = gateway::header_style::draft6;
    like.faults = gateway::parse_fault_spec("503=0.05,close-before-reply=0.02");
    const gateway::server server{like};

    std::vector<bide::curl::request> batch;
    for (int i = 0; i != 100; ++i)
        batch.push_back(
            {.url = server.url() + "/messages",
             .method = "POST",
             .headers = {{"Content-Type", "application/json"}},
             .body = R"({"to":"15550100","text":"Hello","id":"m-)" + std::to_string(i) + R"("})"});

    std::atomic<int> delivered = 0;
    std::atomic<int> unknown = 0;
    std::atomic<int> kept = 0;
    std::latch all{static_cast<std::ptrdiff_t>(batch.size())};

    bide::quota_pacer pacer;
    bide::curl::client client({.in_flight = 16});
    client.send(std::move(batch), bide::with(pacer, bide::http::sender()))
        .then([&](std::size_t, auto sent) {  // called in the client's thread, so it is quick
            if (sent)
                ++delivered;
            else if (sent.ended() == bide::end::unknown)
                ++unknown;  // to be looked up, since it may have arrived
            else
                ++kept;
            all.count_down();
        });
    all.wait();

    const auto seen = server.ledger();
    std::cout << delivered << " delivered, " << unknown << " unknown, " << kept << " kept; "
              << seen.duplicates << " came twice, " << seen.early << " too early\n";
    return seen.duplicates == 0 && seen.early == 0 && delivered + unknown + kept == 100 ? 0 : 1;
}
