// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>
#include <bide/curl/client.hpp>

#include "measure.hpp"
#include "message.hpp"
#include "subject.hpp"
#include "tables.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

double us_between(steady::time_point a, steady::time_point b) {
    return 1e6 * seconds{b - a}.count();
}

/// A thread that sleeps in epoll_wait: the floor of what a wake-up by another thread takes.
class sleeper {
public:
    sleeper() {
        epoll_event e{};
        e.events = EPOLLIN;
        epoll_ctl(epoll_, EPOLL_CTL_ADD, event_, &e);
        thread_ = std::thread{[this] { sleep(); }};
    }
    sleeper(const sleeper&) = delete;
    sleeper& operator=(const sleeper&) = delete;
    ~sleeper() {
        over_ = true;
        wake();
        thread_.join();
        ::close(event_);
        ::close(epoll_);
    }

    double us_to_wake() {
        const auto begin = steady::now();
        wake();
        seen_.wait(false);
        seen_ = false;
        return us_between(begin, woken_);
    }

private:
    void wake() {
        const std::uint64_t one = 1;
        if (::write(event_, &one, sizeof one) < 0) give_up("eventfd");
    }
    void sleep() {
        while (!over_) {
            epoll_event e{};
            epoll_wait(epoll_, &e, 1, -1);
            woken_ = steady::now();
            std::uint64_t n = 0;
            if (::read(event_, &n, sizeof n) < 0) give_up("eventfd");
            seen_ = true;
            seen_.notify_one();
        }
    }

    int event_ = eventfd(0, EFD_CLOEXEC);
    int epoll_ = epoll_create1(EPOLL_CLOEXEC);
    std::atomic<bool> over_ = false;
    std::atomic<bool> seen_ = false;
    steady::time_point woken_{};
    std::thread thread_{};
};

/// From the hand-over of a request to its first option, set in the client's thread.
double us_to_begin(const bide::curl::lane& lane, const std::string& url) {
    auto next = message(url);
    steady::time_point begun;
    next.setup = [&](CURL*) { begun = steady::now(); };
    auto ready = lane.send(std::move(next));
    const auto begin = steady::now();
    static std::atomic<int> said;  // outlives who is told
    said = 0;
    std::move(ready).then([](const auto& sent) {
        said = sent ? 1 : 2;
        said.notify_one();
    });
    said.wait(0);
    if (said == 2) give_up("not sent");
    return us_between(begin, begun);
}

void wake_up(const std::string& url) {
    sleeper bare;
    bide::curl::client client{{.in_flight = 1}};
    const auto policy = bide::policy();
    const auto lane = client.lane(policy);
    std::vector<double> floor;
    std::vector<double> ours;
    for (int i = 0; i != 2000; ++i) {
        std::this_thread::sleep_for(500us);  // both have gone to sleep by then
        floor.push_back(bare.us_to_wake());
        std::this_thread::sleep_for(500us);
        ours.push_back(us_to_begin(lane, url));
    }
    const auto p50 = quantile(floor, 0.5);
    std::printf("\nwake-up, us             p50     p99\n");
    std::printf("eventfd + epoll_wait %6.1f  %6.1f\n", p50, quantile(floor, 0.99));
    std::printf("client begins a try  %6.1f  %6.1f  %.2fx\n", quantile(ours, 0.5),
                quantile(ours, 0.99), quantile(ours, 0.5) / p50);
}

/// An operation whose every try is refused, and how late its retries are. All of it in the client's
/// thread.
struct late_operation {
    void operator()(const bide::event& e) {
        if (e.kind == bide::event_kind::backoff) due = e.at + e.wait;
    }
    void begins() {
        if (due != bide::time_point{}) late_us.push_back(us_between(due, steady::now()));
    }

    bide::time_point due{};
    std::vector<double> late_us{};
};

void lateness(const std::string& url) {
    const auto policy = bide::policy(
        bide::exponential({.base = 20ms, .factor = 1, .cap = 20ms}) | bide::full_jitter,
        bide::max_attempts(100));
    std::vector<late_operation> all(16);
    std::vector<std::future<bide::outcome<bide::curl::response>>> ends;
    bide::curl::client client{{.budget = std::nullopt}};
    for (auto& its : all) {
        auto next = message(url + "busy");
        next.setup = [&](CURL*) { its.begins(); };
        ends.push_back(client.send(std::move(next), bide::with(its, policy)).future());
    }
    for (auto& e : ends)
        if (e.get().attempts() != 100) give_up("not all retries were made");
    std::vector<double> late;
    for (const auto& its : all) late.insert(late.end(), its.late_us.begin(), its.late_us.end());
    std::printf("\nretries late by, us     p50     p99   earliest   of %zu\n", late.size());
    std::printf("                     %6.0f  %6.0f    %7.0f\n", quantile(late, 0.5),
                quantile(late, 0.99), quantile(late, 0));
}

}  // namespace

void latency(const std::string& url) {
    wake_up(url);
    lateness(url);
}
