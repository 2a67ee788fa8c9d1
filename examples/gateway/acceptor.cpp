// SPDX-License-Identifier: MIT
#include "gateway/acceptor.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace gateway {
namespace {

using std::chrono::steady_clock;

/// Out of descriptors or of the port: a moment later there may be some again.
constexpr std::chrono::milliseconds breather{10};

}  // namespace

acceptor::acceptor(const options& opts, service& rules)
    : opts_{opts},
      rules_{rules},
      around_{opts, rules, stop_, [this] { refuse(); }, {}},
      listener_{listen_on_loopback(opts.port)},
      port_{port_of(listener_.fd())} {
    if (opts.log)
        around_.note = [this](const std::string& line) {
            const std::lock_guard lock{log_mutex_};
            opts_.log(line);
        };
    thread_ = std::thread{[this] { run(); }};
}

void acceptor::stop() noexcept {
    std::call_once(stopped_, [this] {
        stop_.raise();
        thread_.join();
        // No thread spawns any more: the accepting one has ended, and refuse() looks at stop_.
        std::list<worker> last;
        {
            const std::lock_guard lock{mutex_};
            last.swap(workers_);
            listener_.close();
            is_open_ = false;
        }
        for (auto& w : last) w.thread.join();
    });
}

void acceptor::run() {
    constexpr std::chrono::hours long_time{1};
    while (!stop_.is_raised()) {
        reap();
        instant until;
        switch (current_mode(until)) {
            case mode::accepting:
                if (wait_readable({stop_.fd(), news_.fd(), listener_.fd()}, long_time) == 2)
                    accept_one();
                break;
            case mode::full:
                (void)wait_readable({stop_.fd(), news_.fd()}, long_time);
                break;
            case mode::closed:
                if (wait_readable({stop_.fd(), news_.fd()}, until - steady_clock::now()) == -1)
                    reopen();
                break;
        }
        news_.clear();
    }
}

acceptor::mode acceptor::current_mode(instant& closed_until) {
    const std::lock_guard lock{mutex_};
    closed_until = closed_until_;
    if (!is_open_) return mode::closed;
    return workers_.size() >= opts_.max_connections ? mode::full : mode::accepting;
}

void acceptor::accept_one() {
    std::unique_lock lock{mutex_};
    if (!is_open_) return;
    if (auto client = accept_from(listener_.fd())) return spawn(std::move(client));
    lock.unlock();
    // Most likely no descriptor is left; without a pause the readable listener would keep us busy.
    (void)wait_readable({stop_.fd()}, breather);
}

/// Starts the thread of a connection; the caller holds the mutex.
void acceptor::spawn(file client) {
    rules_.book().connection_opened();
    auto& self = workers_.emplace_back();
    try {
        self.thread = std::thread{[this, &self, era = era_, c = std::move(client)]() mutable {
            connection{std::move(c), era, around_}.run();
            self.is_done = true;
            news_.raise();
        }};
    } catch (const std::system_error&) {
        workers_.pop_back();  // No thread to be had: the connection is closed, unread.
    }
}

/// Closes the listener and ends the era. Called by the connection that drew the fault, and done
/// when this returns, so that its client cannot connect again too early.
void acceptor::refuse() {
    const std::lock_guard lock{mutex_};
    if (stop_.is_raised()) return;
    closed_until_ = std::max(closed_until_, steady_clock::now() + opts_.refuse_for);
    if (std::exchange(is_open_, false)) {
        // Clients in the backlog believe that they are connected. Accepting them first means that
        // what they send is read, instead of meeting an RST that the ledger would not know of.
        while (auto client = accept_from(listener_.fd())) spawn(std::move(client));
        stop_listening(listener_.fd());
    }
    std::exchange(era_, std::make_shared<signal_pipe>())->raise();
    news_.raise();
}

void acceptor::reopen() {
    const std::lock_guard lock{mutex_};
    try {
        listen_again(listener_, port_);
        is_open_ = true;
    } catch (const std::system_error&) {
        closed_until_ = steady_clock::now() + breather;
    }
}

void acceptor::reap() {
    std::list<worker> done;
    {
        const std::lock_guard lock{mutex_};
        for (auto at = workers_.begin(); at != workers_.end();) {
            const auto next = std::next(at);
            if (at->is_done) done.splice(done.end(), workers_, at);
            at = next;
        }
    }
    for (auto& w : done) w.thread.join();
}

}  // namespace gateway
