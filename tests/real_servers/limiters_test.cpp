// SPDX-License-Identifier: MIT
#include <bide/bide.hpp>
#include <bide/curl.hpp>
#include <bide/http.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

// Limiters that many servers run, as they are, each with 2 requests a second. A client uses up what
// it has, waits as long as the response says, and has to be accepted at once, window after window.
// limiters.sh starts them.

namespace {

using namespace std::chrono_literals;

constexpr bide::http::profile exact{.name = "exact"};
/// Its Retry-After is whole seconds downward: 0 in the last second.
constexpr bide::http::profile koa{.name = "koa-ratelimit", .truncates_to = 1s};

struct limiter {
    std::string name;
    std::string url;
};

std::vector<limiter> limiters() {
    const char* file = std::getenv("BIDE_REAL_SERVERS");
    std::ifstream in{file != nullptr ? file : ""};
    std::vector<limiter> all;
    for (limiter one; in >> one.name >> one.url;) all.push_back(one);
    return all;
}

/// What one client met at one limiter.
struct journey {
    std::string name{};
    int windows = 0;                ///< That were used up and waited for.
    bide::duration longest_wait{};  ///< As a response asked for it.
    std::string wrong{};            ///< The first thing that should not have been.
};

/// Sends, by a path of its own, which is what the limiters tell clients by.
class client {
public:
    client(const limiter& to, std::string_view kind)
        : request_{.url = to.url + "/" + std::string{kind},
                   .profile = to.name == "koa" ? &koa : &exact,
                   // A proxy from the environment would get between the two.
                   .setup = [](CURL* easy) { curl_easy_setopt(easy, CURLOPT_PROXY, ""); }} {
        found.name = to.name + ", " + std::string{kind};
    }

    template <class Policy>
    bide::outcome<bide::curl::response> send(const Policy& policy) {
        return bide::curl::perform(pool_, request_, policy);
    }
    bide::curl::response send_once() {
        return *send(bide::policy(bide::constant(1s), bide::max_attempts(1))).last();
    }
    void waited(bide::duration time) {
        ++found.windows;
        found.longest_wait = std::max(found.longest_wait, time);
    }
    bool expect(bool good, std::string_view what, const bide::curl::response& got) {
        if (!good && found.wrong.empty())
            found.wrong = std::string{what} + ", status " + std::to_string(got.status) + " " +
                          got.error + " in window " + std::to_string(found.windows);
        return good;
    }

    journey found{};

private:
    bide::curl::pool pool_{};
    bide::curl::request request_;
};

/// Is refused, waits exactly as long as the refusal says, and is accepted.
journey by_the_refusal(const limiter& to, int windows) {
    client c{to, "by-the-refusal"};
    while (c.found.windows < windows) {
        auto got = c.send_once();
        if (!c.expect(got.status == 200, "not accepted after the wait", got)) break;
        while (got.status == 200) got = c.send_once();
        const auto hint = got.found.hint;
        if (!c.expect(got.status == 429 && hint.has_value(), "no refusal with a wait", got)) break;
        std::this_thread::sleep_for(*hint);
        c.waited(*hint);
    }
    return c.found;
}

/// Is never refused: waits as long as the last accepted response says.
journey by_the_quota(const limiter& to, int windows) {
    client c{to, "by-the-quota"};
    while (c.found.windows < windows) {
        const auto got = c.send_once();
        if (!c.expect(got.status == 200, "refused", got)) break;
        const auto told = got.quotas();
        const auto* binding = told.binding();
        if (!c.expect(binding != nullptr && binding->reset, "no quota", got)) break;
        if (!binding->is_exhausted()) continue;
        const auto reset = binding->reset.value_or(0ms);
        std::this_thread::sleep_for(reset);
        c.waited(reset);
    }
    return c.found;
}

/// Leaves it to the policy that a program would use: the second try is accepted.
journey by_the_policy(const limiter& to, int windows) {
    client c{to, "by-the-policy"};
    while (c.found.windows < windows) {
        const auto sent = c.send(bide::http::sender());
        const auto got = *sent.last();
        if (!c.expect(got.status == 200 && sent.attempts() <= 2, sent.explain(), got)) break;
        if (sent.attempts() == 2) ++c.found.windows;
    }
    return c.found;
}

}  // namespace

TEST_CASE("real servers: accepted at the first try after each wait", "[real]") {
    const auto all = limiters();
    REQUIRE(all.size() == 6);
    struct visit {
        int windows;
        std::future<journey> came_to;
    };
    std::vector<visit> visits;
    for (const auto& to : all) {
        const auto visiting = [&](auto how, int windows) {
            visits.push_back({windows, std::async(std::launch::async, how, to, windows)});
        };
        visiting(by_the_refusal, 20);
        visiting(by_the_policy, 20);
        // Resets in whole seconds of the clock are up to two seconds away.
        visiting(by_the_quota, 10);
    }
    for (auto& one : visits) {
        const auto came_to = one.came_to.get();
        INFO(came_to.name);
        CHECK(came_to.wrong == "");
        CHECK(came_to.windows == one.windows);
        CHECK(came_to.longest_wait <= 3s);
    }
}
