// SPDX-License-Identifier: MIT
// How close does a client come to a limit that it is not told? Blocking workers against a server;
// prints one line of figures. Run by goodput.sh; never part of the tests.

#include <bide/bide.hpp>
#include <bide/curl.hpp>
#include <bide/gate.hpp>
#include <bide/gate/cubic_pacer.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/token_bucket.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

struct settings {
    std::string url;
    std::string mode;
    std::size_t workers = 50;
    std::size_t first = 2000;
    std::size_t rest = 2000;
    double rate = 100;  ///< The server's, per second: what the figures are shares of.
};

struct accepted {
    double at;
    double took;
    double refused;
};

double seconds_since(std::chrono::steady_clock::time_point t) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
}

/// All messages, by so many threads; those that were given up are counted.
template <class How>
std::vector<accepted> send_all(const settings& s, const How& how, std::size_t& given_up) {
    bide::curl::pool connections{s.workers};
    const auto start = std::chrono::steady_clock::now();
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::vector<accepted> all;
    const auto work = [&] {
        while (next++ < s.first + s.rest) {
            const auto began = seconds_since(start);
            const bide::curl::request message{.url = s.url, .method = "POST", .body = "{}"};
            const auto sent = bide::curl::perform(connections, message, how);
            const auto now = seconds_since(start);
            const std::lock_guard lock{mutex};
            if (sent.ended() == bide::end::done)
                all.push_back({now, now - began, static_cast<double>(sent.attempts() - 1)});
            else if (given_up++ == 0)
                std::fprintf(stderr, "%s\n", sent.explain().c_str());
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != s.workers; ++i) threads.emplace_back(work);
    for (auto& t : threads) t.join();
    std::sort(all.begin(), all.end(),
              [](const accepted& a, const accepted& b) { return a.at < b.at; });
    return all;
}

void print(const settings& s, const std::vector<accepted>& all, std::size_t given_up) {
    if (all.size() <= s.first) {
        std::printf("%-6s only %zu accepted\n", s.mode.c_str(), all.size());
        return;
    }
    double refused[2] = {0, 0};
    std::vector<double> took;
    for (std::size_t i = 0; i != all.size(); ++i) {
        refused[i < s.first ? 0 : 1] += all[i].refused;
        took.push_back(all[i].took);
    }
    std::sort(took.begin(), took.end());
    const auto n2 = static_cast<double>(all.size() - s.first);
    const auto t1 = all[s.first - 1].at;
    const auto t2 = all.back().at - t1;
    std::printf(
        "%-6s %4zu workers | first %6.2f %% %.4f refused | rest %6.2f %% %.4f | p99 %.2f fair "
        "shares | %zu given up\n",
        s.mode.c_str(), s.workers, 100 * static_cast<double>(s.first) / (s.rate * t1),
        refused[0] / static_cast<double>(s.first), 100 * n2 / (s.rate * t2), refused[1] / n2,
        took[took.size() * 99 / 100] * s.rate / static_cast<double>(s.workers), given_up);
}

/// A throttled message goes back to its gate at once: the gate is its wait.
const auto paced = bide::policy(bide::exponential({.base = 100ms, .cap = 5s}) | bide::full_jitter |
                                    bide::when_throttled(bide::constant(0ms)),
                                bide::max_attempts(1000));
const auto jitter = bide::policy(bide::exponential({.base = 100ms, .cap = 20s}) | bide::full_jitter,
                                 bide::max_attempts(10));

template <class How>
void measure(const settings& s, const How& how) {
    std::size_t given_up = 0;
    const auto all = send_all(s, how, given_up);
    print(s, all, given_up);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fprintf(stderr, "usage: %s URL pacer|cubic|ideal|jitter WORKERS [FIRST REST RATE]\n",
                     argv[0]);
        return 2;
    }
    settings s{.url = argv[1], .mode = argv[2]};
    s.workers = std::strtoull(argv[3], nullptr, 10);
    if (argc > 5) {
        s.first = std::strtoull(argv[4], nullptr, 10);
        s.rest = std::strtoull(argv[5], nullptr, 10);
    }
    if (argc > 6) s.rate = std::strtod(argv[6], nullptr);

    if (s.mode == "pacer") {
        bide::quota_pacer gate;
        measure(s, bide::with(gate, paced));
    } else if (s.mode == "cubic") {
        bide::cubic_pacer gate;
        measure(s, bide::with(gate, paced));
    } else if (s.mode == "ideal") {
        // As lenient with late timers as the pacer is: a tenth of a second's worth.
        const auto rate = static_cast<std::uint64_t>(s.rate);
        bide::token_bucket gate({.rate = rate, .burst = rate < 10 ? 1 : rate / 10});
        measure(s, bide::with(gate, paced));
    } else {
        measure(s, jitter);
    }
}
