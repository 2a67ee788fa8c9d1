// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>

#include "measure.hpp"
#include "message.hpp"
#include "slot.hpp"
#include "subject.hpp"
#include "tables.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <curl/curl.h>

namespace {

using namespace std::chrono_literals;

// Short rounds, so that all of one see the same machine.
constexpr std::size_t rounds = 21;
constexpr std::size_t per_round = 2000;

void expect_202(long status) {
    if (status != 202) give_up("the server answers " + std::to_string(status));
}

long perform_bare(slot& s, const std::string& url) {
    s.prepare(message(url), 10'000);
    long status = 0;
    if (curl_easy_perform(s.get()) == CURLE_OK)
        curl_easy_getinfo(s.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/// As people write it around curl_easy_perform.
long perform_by_hand(slot& s, const std::string& url, std::minstd_rand& random) {
    for (int n = 1;; ++n) {
        const auto status = perform_bare(s, url);
        if ((status != 0 && status != 429 && status < 500) || n == 4) return status;
        curl_off_t asked = 0;
        curl_easy_getinfo(s.get(), CURLINFO_RETRY_AFTER, &asked);
        std::uniform_int_distribution<int> jitter{0, 500 << n};
        std::this_thread::sleep_for(
            std::max(std::chrono::milliseconds{1000 * asked}, jitter(random) * 1ms));
    }
}

struct entry {
    const char* name;
    std::function<void()> once;
    std::vector<double> wall_us{};
    std::vector<double> cpu_us{};
};

void measure(entry& e) {
    const auto cpu = cpu_seconds();
    const auto begin = steady::now();
    for (std::size_t i = 0; i != per_round; ++i) e.once();
    e.wall_us.push_back(1e6 * seconds{steady::now() - begin}.count() / per_round);
    e.cpu_us.push_back(1e6 * (cpu_seconds() - cpu) / per_round);
}

/// The median of the ratios of the rounds.
double beside(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> ratios(a.size());
    std::transform(a.begin(), a.end(), b.begin(), ratios.begin(), std::divides<>{});
    return quantile(ratios, 0.5);
}

}  // namespace

void easy(const std::string& url) {
    slot bare;
    slot by_hand;
    std::minstd_rand random;
    bide::curl::pool connections{1};
    const auto sender = bide::http::sender();
    std::array<entry, 3> all{{{"curl_easy_perform", [&] { expect_202(perform_bare(bare, url)); }},
                              {"the same in a loop of retries",
                               [&] { expect_202(perform_by_hand(by_hand, url, random)); }},
                              {"curl::perform with a pool", [&] {
                                   const auto sent =
                                       bide::curl::perform(connections, message(url), sender);
                                   if (!sent) give_up(sent.explain());
                                   expect_202(sent.last()->status);
                               }}}};
    for (auto& e : all) e.once();
    for (std::size_t round = 0; round != rounds; ++round)
        for (std::size_t i = 0; i != all.size(); ++i) measure(all[(round + i) % all.size()]);
    std::printf("\none after the other             us a request  of bare    CPU us  of bare\n");
    for (const auto& e : all)
        std::printf("%-30s  %12.1f  %6.2fx  %8.1f  %6.2fx\n", e.name, quantile(e.wall_us, 0.5),
                    beside(e.wall_us, all[0].wall_us), quantile(e.cpu_us, 0.5),
                    beside(e.cpu_us, all[0].cpu_us));
}
