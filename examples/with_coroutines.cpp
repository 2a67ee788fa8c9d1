// SPDX-License-Identifier: MIT
#include <bide/curl.hpp>
#include <bide/curl/client.hpp>

#include "gateway/server.hpp"

#include <coroutine>
#include <exception>
#include <future>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

// A coroutine that runs by itself; programs that have coroutines have a better one.
struct task {
    struct promise_type {
        static task get_return_object() noexcept { return {}; }
        static std::suspend_never initial_suspend() noexcept { return {}; }
        static std::suspend_never final_suspend() noexcept { return {}; }
        static void return_void() noexcept {}
        static void unhandled_exception() noexcept { std::terminate(); }
    };
};

bide::curl::request message(const std::string& url, const std::string& id) {
    return {.url = url + "/messages",
            .method = "POST",
            .headers = {{"Content-Type", "application/json"}},
            .body = R"({"to":"15550100","text":"Hello","id":")" + id + R"("})"};
}

// After each co_await it goes on in the client's thread.
task campaign(bide::curl::lane lane, std::string url, std::promise<int>& delivered) {
    const auto first = co_await lane.send(message(url, "trial"), {.priority = 1});
    std::cout << "trial: " << first.explain() << "\n";
    int count = 0;
    if (first) {
        std::vector<bide::curl::request> rest;
        for (int i = 0; i != 20; ++i) rest.push_back(message(url, "m-" + std::to_string(i)));
        for (const auto& sent : co_await lane.send(std::move(rest)))
            if (sent) ++count;
    }
    delivered.set_value(count);
}

}  // namespace

int main() {
    const gateway::server server{{}};
    bide::curl::client client({.in_flight = 4});
    std::promise<int> delivered;
    campaign(client.lane(bide::http::sender()), server.url(), delivered);
    const auto count = delivered.get_future().get();
    std::cout << "then " << count << " of 20 delivered\n";
    return count == 20 ? 0 : 1;
}
