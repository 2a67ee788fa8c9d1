// SPDX-License-Identifier: MIT
// How close does a client come to a limit that it is not told? Blocking workers, or as many
// requests on the one thread of curl::client, against a server; prints one line of figures. Run by
// goodput.sh; never part of the tests.

#include <bide/bide.hpp>
#include <bide/curl.hpp>
#include <bide/curl/client.hpp>
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
#include <future>
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

/// The same on one thread: so many are under way at a time, and each that ends sends the next.
class one_thread {
public:
    one_thread(const settings& s, bide::curl::lane lane) : s_{&s}, lane_{std::move(lane)} {}

    std::vector<accepted> run(std::size_t& given_up) {
        for (std::size_t i = 0; i != s_->workers; ++i) send();
        over_.get_future().wait();
        given_up = given_up_;
        return std::move(all_);
    }

private:
    void send() {
        if (next_++ >= s_->first + s_->rest) return;
        lane_.send({.url = s_->url, .method = "POST", .body = "{}"})
            .then([this, began = seconds_since(start_)](const auto& sent) {
                const auto now = seconds_since(start_);
                if (sent.ended() == bide::end::done)
                    all_.push_back({now, now - began, static_cast<double>(sent.attempts() - 1)});
                else
                    ++given_up_;
                send();
                if (all_.size() + given_up_ == s_->first + s_->rest) over_.set_value();
            });
    }

    const settings* s_;
    bide::curl::lane lane_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::atomic<std::size_t> next_ = 0;
    std::vector<accepted> all_;  // by the client's thread, in the order of time
    std::size_t given_up_ = 0;
    std::promise<void> over_;
};

double p99(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() * 99 / 100];
}

void print(const settings& s, const std::vector<accepted>& all, std::size_t given_up) {
    if (all.size() <= s.first) {
        std::printf("%-6s only %zu accepted\n", s.mode.c_str(), all.size());
        return;
    }
    double refused[2] = {0, 0};
    std::vector<double> took[2];
    for (std::size_t i = 0; i != all.size(); ++i) {
        const auto part = i < s.first ? 0U : 1U;
        refused[part] += all[i].refused;
        took[part].push_back(all[i].took * s.rate / static_cast<double>(s.workers));
    }
    auto whole = took[0];
    whole.insert(whole.end(), took[1].begin(), took[1].end());
    const auto n2 = static_cast<double>(all.size() - s.first);
    const auto t1 = all[s.first - 1].at;
    const auto t2 = all.back().at - t1;
    std::printf(
        "%-6s %4zu workers | first %6.2f %% %.4f refused | rest %6.2f %% %.4f | p99 %.2f fair "
        "shares, first %.2f, rest %.2f | %zu given up\n",
        s.mode.c_str(), s.workers, 100 * static_cast<double>(s.first) / (s.rate * t1),
        refused[0] / static_cast<double>(s.first), 100 * n2 / (s.rate * t2), refused[1] / n2,
        p99(whole), p99(took[0]), p99(took[1]), given_up);
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

template <class How>
void measure_one_thread(const settings& s, const How& how) {
    std::size_t given_up = 0;
    bide::curl::client client({.in_flight = s.workers});
    const auto all = one_thread{s, client.lane(how)}.run(given_up);
    print(s, all, given_up);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fprintf(stderr,
                     "usage: %s URL pacer|client|cubic|ideal|jitter WORKERS [FIRST REST RATE]\n",
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

    if (s.mode == "pacer" || s.mode == "client") {
        bide::quota_pacer gate;
        const auto how = bide::with(gate, paced);
        s.mode == "pacer" ? measure(s, how) : measure_one_thread(s, how);
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
