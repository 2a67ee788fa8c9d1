// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>
#include <bide/curl/client.hpp>

#include "measure.hpp"
#include "message.hpp"
#include "subject.hpp"
#include "tables.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

/// So many are there when the memory is looked at.
constexpr std::array<std::size_t, 3> steps{50'000, 100'000, 150'000};
using footprint = std::array<double, steps.size()>;

/// The values alone.
footprint of_vector(const std::string& url) {
    std::vector<bide::curl::request> all;
    all.reserve(steps.back());  // else it would hold up to twice as much while it grows
    footprint found{};
    for (std::size_t i = 0; i != steps.size(); ++i) {
        while (all.size() != steps[i]) all.push_back(message(url));
        found[i] = resident_bytes();
    }
    return found;
}

/// Requests that were refused once and wait for an hour.
footprint of_client(const std::string& url) {
    const auto patient = bide::policy(bide::constant(1h), bide::max_attempts(2));
    std::atomic<std::size_t> refused = 0;
    const auto count = [&](const bide::event& e) {
        if (e.kind == bide::event_kind::backoff) ++refused;
    };
    bide::curl::client client{{.capacity = steps.back(), .budget = std::nullopt}};
    const auto lane = client.lane(bide::with(count, patient));
    footprint found{};
    std::size_t sent = 0;
    for (std::size_t i = 0; i != steps.size(); ++i) {
        for (; sent != steps[i]; ++sent) {
            while (sent - refused > 1000) std::this_thread::sleep_for(1ms);
            lane.send(message(url)).then([](const auto&) {});
        }
        while (refused != sent) std::this_thread::sleep_for(10ms);
        found[i] = resident_bytes();
    }
    client.shutdown();
    return found;
}

/// In a process of its own, so that none uses memory that another has left.
template <class F>
footprint apart(F f, const std::string& url) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) give_up("pipe");
    const auto child = fork();
    if (child == 0) {
        const footprint found = f(url);
        _exit(write(ends[1], found.data(), sizeof found) == sizeof found ? 0 : 1);
    }
    close(ends[1]);
    footprint found{};
    if (read(ends[0], found.data(), sizeof found) != sizeof found) give_up("no footprint");
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return found;
}

/// Bytes per request, between the first step and the last, and in the two halves.
std::array<double, 3> slopes(const footprint& f) {
    const auto slope = [&](std::size_t a, std::size_t b) {
        return (f[b] - f[a]) / static_cast<double>(steps[b] - steps[a]);
    };
    return {slope(0, 2), slope(0, 1), slope(1, 2)};
}

}  // namespace

void memory(const std::string& url) {
    const auto values = slopes(apart(of_vector, url));
    const auto waiting = slopes(apart(of_client, url + "busy"));
    std::printf("\nbytes per request   50k-150k   50k-100k  100k-150k\n");
    std::printf("vector of values   %9.0f  %9.0f  %9.0f\n", values[0], values[1], values[2]);
    std::printf("waiting in client  %9.0f  %9.0f  %9.0f\n", waiting[0], waiting[1], waiting[2]);
    std::printf("beyond the value   %9.0f  %9.0f  %9.0f\n", waiting[0] - values[0],
                waiting[1] - values[1], waiting[2] - values[2]);
}
