// SPDX-License-Identifier: MIT
// What gets through a limit that a client is not told? Blocking workers, or as many requests on the
// one thread of curl::client, against a server; prints one line for each message: `accepted` or
// `given-up`, when that was, how long it took, both in seconds, and how often it was refused. Run
// by goodput.sh; never part of the tests.

#include <bide/bide.hpp>
#include <bide/curl.hpp>
#include <bide/curl/client.hpp>
#include <bide/gate.hpp>
#include <bide/gate/cubic_pacer.hpp>
#include <bide/gate/quota_pacer.hpp>
#include <bide/gate/token_bucket.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace {

struct settings {
    std::string url;
    std::size_t workers;
    std::size_t messages;
};

using steady = std::chrono::steady_clock;

class records {
public:
    using outcome = bide::outcome<bide::curl::response>;

    void add(const outcome& sent, steady::time_point began) {
        const auto now = steady::now();
        const auto done = sent.ended() == bide::end::done;
        const std::lock_guard lock{mutex_};
        all_.push_back({done, seconds{now - start_}.count(), seconds{now - began}.count(),
                        sent.attempts() - (done ? 1 : 0)});
        if (!done && !std::exchange(explained_, true))
            std::fprintf(stderr, "%s\n", sent.explain().c_str());
    }

    void print() const {
        for (const auto& r : all_)
            std::printf("%s %.6f %.6f %llu\n", r.accepted ? "accepted" : "given-up", r.at, r.took,
                        static_cast<unsigned long long>(r.refused));
    }

private:
    using seconds = std::chrono::duration<double>;

    struct record {
        bool accepted;
        double at;
        double took;
        std::uint64_t refused;
    };

    steady::time_point start_ = steady::now();
    std::mutex mutex_;
    std::vector<record> all_;
    bool explained_ = false;
};

bide::curl::request message(const settings& s) {
    return {.url = s.url, .method = "POST", .body = "{}"};
}

template <class How>
void send_by_threads(const settings& s, const How& how) {
    bide::curl::pool connections{s.workers};
    records all;
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        while (next++ < s.messages) {
            const auto began = steady::now();
            all.add(bide::curl::perform(connections, message(s), how), began);
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != s.workers; ++i) threads.emplace_back(work);
    for (auto& t : threads) t.join();
    all.print();
}

/// The same on one thread: so many are under way at a time, and each that ends sends the next.
class one_thread {
public:
    template <class How>
    one_thread(const settings& s, const How& how)
        : s_{&s}, client_{{.in_flight = s.workers}}, lane_{client_.lane(how)} {}

    void run() {
        for (std::size_t i = 0; i != s_->workers; ++i) send();
        over_.get_future().wait();
        all_.print();
    }

private:
    void send() {
        if (next_++ >= s_->messages) return;
        lane_.send(message(*s_)).then([this, began = steady::now()](const auto& sent) {
            all_.add(sent, began);
            send();
            if (++ended_ == s_->messages) over_.set_value();
        });
    }

    const settings* s_;
    records all_;
    std::atomic<std::size_t> next_ = 0;
    std::size_t ended_ = 0;  // in the client's thread
    std::promise<void> over_;
    bide::curl::client client_;
    bide::curl::lane lane_;
};

/// A throttled message goes back to its gate at once: the gate is its wait.
const auto paced = bide::policy(bide::exponential({.base = 100ms, .cap = 5s}) | bide::full_jitter |
                                    bide::when_throttled(bide::constant(0ms)),
                                bide::max_attempts(1000));
const auto jitter = bide::policy(bide::exponential({.base = 100ms, .cap = 20s}) | bide::full_jitter,
                                 bide::max_attempts(10));

constexpr std::uint64_t rate = 100;  // the servers', per second

/// False if there is no such client.
bool send_all(std::string_view client, const settings& s) {
    if (client == "ideal") {
        // As lenient with late timers as the pacer is: a tenth of a second's worth.
        bide::token_bucket gate({.rate = rate, .burst = rate / 10});
        send_by_threads(s, bide::with(gate, paced));
    } else if (client == "pacer") {
        bide::quota_pacer gate;
        send_by_threads(s, bide::with(gate, paced));
    } else if (client == "client") {
        bide::quota_pacer gate;
        one_thread{s, bide::with(gate, paced)}.run();
    } else if (client == "cubic") {
        bide::cubic_pacer gate;
        send_by_threads(s, bide::with(gate, paced));
    } else if (client == "jitter") {
        send_by_threads(s, jitter);
    } else {
        return false;
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 5) {
        const settings s{.url = argv[1],
                         .workers = std::strtoull(argv[3], nullptr, 10),
                         .messages = std::strtoull(argv[4], nullptr, 10)};
        if (s.workers > 0 && s.messages > 0 && send_all(argv[2], s)) return 0;
    }
    std::fprintf(stderr, "usage: %s URL ideal|pacer|client|cubic|jitter WORKERS MESSAGES\n",
                 argv[0]);
    return 2;
}
