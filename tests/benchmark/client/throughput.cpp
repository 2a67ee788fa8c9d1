// SPDX-License-Identifier: MIT
#include "measure.hpp"
#include "silent_server.hpp"
#include "subject.hpp"
#include "tables.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>

namespace {

// Short rounds, so that the four of one see the same machine.
constexpr std::size_t rounds = 21;
constexpr seconds warm_up{0.02};
constexpr seconds measured{0.15};

struct figures {
    std::vector<double> per_second{};
    std::vector<double> cpu_us{};  ///< Of all threads, per request.
};

struct entry {
    const char* name;
    std::unique_ptr<subject> its;
    figures found{};
};

using entries = std::array<entry, 4>;

entries all_subjects(const subject::load& l) {
    return {{{"perform + poll", make_perform_loop(l)},
             {"socket_action + epoll", make_socket_loop(l)},
             {"client, one lane", make_client(l, true)},
             {"client.send(request, plan)", make_client(l, false)}}};
}

void measure(entry& e) {
    e.its->run(warm_up);
    const auto cpu = cpu_seconds();
    const auto begin = steady::now();
    const auto n = static_cast<double>(e.its->run(measured));
    e.found.per_second.push_back(n / seconds{steady::now() - begin}.count());
    e.found.cpu_us.push_back(1e6 * (cpu_seconds() - cpu) / n);
}

/// The median of what `f` makes of two figures of the same round.
template <class F>
double paired(const std::vector<double>& a, const std::vector<double>& b, F f) {
    std::vector<double> all(a.size());
    std::transform(a.begin(), a.end(), b.begin(), all.begin(), f);
    return quantile(std::move(all), 0.5);
}

void print(const entries& all, std::size_t in_flight, std::size_t stalled) {
    const auto rate = [](const entry& e) { return quantile(e.found.per_second, 0.5); };
    const auto& epoll = all[1].found;
    const auto& better = rate(all[0]) > rate(all[1]) ? all[0].found : epoll;
    for (const auto& e : all)
        std::printf(
            "%10zu  %7zu  %-26s  %8.0f  %6.2fx  %6.2fx  %8.1f  %+6.1f\n", in_flight, stalled,
            e.name, rate(e), paired(e.found.per_second, epoll.per_second, std::divides<>{}),
            paired(e.found.per_second, better.per_second, std::divides<>{}),
            quantile(e.found.cpu_us, 0.5), paired(e.found.cpu_us, epoll.cpu_us, std::minus<>{}));
}

void compare(entries& all, std::size_t in_flight, std::size_t stalled) {
    for (auto& e : all) {
        e.its->set_in_flight(in_flight);
        e.found = {};
    }
    for (std::size_t round = 0; round != rounds; ++round)
        for (std::size_t i = 0; i != all.size(); ++i) measure(all[(round + i) % all.size()]);
    print(all, in_flight, stalled);
}

/// As many as the limit of open files lets all of them have at once.
std::size_t most_stalled() {
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    return std::min<std::size_t>(4000, (files.rlim_max - 500) / std::tuple_size_v<entries>);
}

void print_head() {
    std::printf(
        "\n in flight  stalled                              req/s  of epoll  of better  CPU us  "
        "added\n");
}

}  // namespace

void throughput(const std::string& url) {
    print_head();
    for (const std::size_t in_flight : {1U, 16U, 64U, 256U}) {
        auto all = all_subjects({.url = url, .in_flight = in_flight});
        compare(all, in_flight, 0);
    }
}

void stalled(const std::string& url) {
    const auto n = most_stalled();
    std::optional<silent_server> silent{std::in_place};
    auto all =
        all_subjects({.url = url, .in_flight = 16, .silent_url = silent->url(), .stalled = n});
    for (auto tries = 0; silent->accepted() < n * all.size(); ++tries) {
        if (tries == 100) give_up("not all connections to the silent server stand");
        for (auto& e : all) e.its->run(warm_up);
    }
    print_head();
    for (const std::size_t in_flight : {1U, 16U}) compare(all, in_flight, n);
    silent.reset();  // first, so that connections end by a reset, which keeps no port busy
}
