// SPDX-License-Identifier: MIT
#ifndef BIDE_TESTS_CURL_CLIENT_FIXTURE_HPP
#define BIDE_TESTS_CURL_CLIENT_FIXTURE_HPP

#include <bide/bide.hpp>
#include <bide/curl/client.hpp>

#include "fixture.hpp"
#include "support/scripted_server.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// What the tests of the asynchronous client share.
namespace fixture {

using sent = bide::outcome<bide::curl::response>;

/// Real waits, so short ones.
inline auto quick(std::uint64_t n, bide::timespan wait = 1ms, bide::timespan try_timeout = 5s) {
    return bide::policy(bide::constant(wait), bide::max_attempts(n),
                        bide::policy_options{.try_timeout = try_timeout, .connect_timeout = 5s});
}

/// `n` connections that answer everything the same.
inline std::vector<scripted::script> serving(std::size_t n, const std::string& response) {
    return std::vector<scripted::script>(n, scripted::script{scripted::serve(response)});
}

/// Answers one request with each of `responses`, on one connection.
inline scripted::script answering(const std::vector<std::string>& responses) {
    scripted::script all;
    for (const auto& r : responses) {
        all.push_back(scripted::read_request());
        all.push_back(scripted::send(r));
    }
    return all;
}

/// The bodies of the requests, in the order in which the server read them.
inline std::vector<std::string> bodies(const std::vector<scripted::request>& all) {
    std::vector<std::string> texts;
    for (const auto& r : all) texts.push_back(r.body);
    return texts;
}

/// Something that threads wait for, but not for ever.
class door {
public:
    void open() {
        const std::scoped_lock lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    bool wait() const {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 5s, [this] { return open_; });
    }
    [[nodiscard]] scripted::step step() const {
        return scripted::run([this] { wait(); });
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool open_ = false;
};

/// Outcomes with the names of what they are of, in the order in which they came.
class inbox {
public:
    struct letter {
        std::string of;
        sent what;
    };

    [[nodiscard]] auto put(std::string of) {
        return [this, of = std::move(of)](sent r) {
            const std::scoped_lock lock{mutex_};
            all_.push_back({of, std::move(r)});
            changed_.notify_all();
        };
    }
    /// Waits until there are `n`; the names of all.
    [[nodiscard]] std::vector<std::string> names(std::size_t n = 0) const {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, 5s, [&] { return all_.size() >= n; });
        std::vector<std::string> texts;
        for (const auto& l : all_) texts.push_back(l.of);
        return texts;
    }
    /// Waits until it is there. It is only for looking at when nothing else comes.
    [[nodiscard]] const sent& of(const std::string& name) const {
        std::unique_lock lock{mutex_};
        const sent* found = nullptr;
        changed_.wait_for(lock, 5s, [&] {
            for (const auto& l : all_)
                if (l.of == name) found = &l.what;
            return found != nullptr;
        });
        if (found == nullptr) throw std::runtime_error{"no outcome came for " + name};
        return *found;
    }
    [[nodiscard]] std::size_t size() const {
        const std::scoped_lock lock{mutex_};
        return all_.size();
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::deque<letter> all_;  // references stay valid
};

/// How many exchanges a server has at once.
class gauge {
public:
    /// Answers until the peer closes, each time after `time`.
    [[nodiscard]] scripted::step serve(std::string response, std::chrono::milliseconds time) {
        return [this, read = scripted::read_request(), response = std::move(response),
                time](scripted::connection& c) {
            while (read(c)) {
                const auto now = ++now_;
                for (auto most = most_.load();
                     most < now && !most_.compare_exchange_weak(most, now);) {
                }
                c.wait(time);
                --now_;
                if (!c.write_all(response)) break;
            }
            return false;
        };
    }
    [[nodiscard]] int most() const noexcept { return most_; }

private:
    std::atomic<int> now_ = 0;
    std::atomic<int> most_ = 0;
};

/// A coroutine that runs by itself.
struct detached {
    struct promise_type {
        static detached get_return_object() noexcept { return {}; }
        static std::suspend_never initial_suspend() noexcept { return {}; }
        static std::suspend_never final_suspend() noexcept { return {}; }
        static void return_void() noexcept {}
        static void unhandled_exception() noexcept { std::terminate(); }
    };
};

}  // namespace fixture

#endif  // BIDE_TESTS_CURL_CLIENT_FIXTURE_HPP
