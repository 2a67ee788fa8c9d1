// SPDX-License-Identifier: MIT
#include "send/sender.hpp"

#include "send/open_sockets.hpp"
#include "send/pause.hpp"
#include "send/provider.hpp"

#include <bide/bide.hpp>
#include <bide/curl.hpp>
#include <bide/http/idempotency_key.hpp>
#include <bide/http/profile.hpp>
#include <bide/json/read.hpp>
#include <bide/stop_token.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <mutex>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sender {
namespace {

using std::chrono::steady_clock;

/// When the run ends.
struct ending {
    explicit ending(const options& opts) {
        if (!opts.deadline) return;
        at = steady_clock::now() + opts.deadline->get();
        // A short one must leave room for a first try.
        least_try = std::min<bide::duration>(least_try, opts.deadline->get() / 2);
    }

    [[nodiscard]] bide::time_point last_start() const {
        return at == bide::never ? bide::never : at - least_try;
    }

    bide::time_point at = bide::never;
    bide::duration least_try = bide::defaults::least_try;
};

/// The id of a message is its key, so that another run with the same ids doubles nothing either.
void check_keys(const options& opts, std::span<const message> messages) {
    const auto& profile = profile_for(opts);
    if (!honours_key(profile)) return;
    for (const auto& m : messages)
        if (!bide::http::is_valid_key(m.id, profile))
            throw std::invalid_argument{"--id-prefix must make ids that are keys for profile " +
                                        std::string{profile.name} + ", of letters, digits and \"" +
                                        std::string{profile.key_punctuation} + "\", got the id " +
                                        m.id};
}

/// What the workers of one run share.
class crew {
public:
    crew(const options& opts, std::span<const message> messages, std::stop_token token,
         counters& live)
        : opts_{opts},
          messages_{messages},
          token_{token},
          live_{live},
          profile_{&profile_for(opts)},
          ending_{opts},
          policy_{delivery_policy(opts.per_message, ending_.at, ending_.least_try)},
          url_{url_of(opts.looks, opts.who, opts.gateway)},
          local_{is_loopback(url_)},
          fates_(messages.size()),
          sockets_{std::move(token)},
          connections_{opts.concurrency} {}

    std::vector<fate> work() {
        {
            const auto hands = std::min(opts_.concurrency, messages_.size());
            std::vector<std::jthread> workers;
            workers.reserve(hands);
            for (std::size_t i = 0; i < hands; ++i) workers.emplace_back([this] { worker(); });
        }
        if (error_) std::rethrow_exception(error_);
        put_off_the_rest();
        return std::move(fates_);
    }

private:
    using sent_message = bide::outcome<bide::curl::response>;

    void worker() {
        try {
            watcher watch{live_};
            while (!token_.stop_requested()) {
                const auto i = next_++;
                if (i >= messages_.size()) return;
                const auto sent = send(messages_[i], watch);
                fates_[i] = fate_of(sent);
                if (!may_go_on(sent)) return;
            }
        } catch (...) {  // no memory, most likely: the others need not go on either
            const std::lock_guard lock{error_mutex_};
            error_ = std::current_exception();
            next_ = messages_.size();
        }
    }

    sent_message send(const message& m, watcher& watch) {
        const bide::curl::request request{
            .url = url_,
            .method = std::string{method_of(opts_.looks)},
            .headers = {{"Content-Type", std::string{type_of(opts_.looks)}}},
            .body = body_of(opts_.looks, opts_.who, m),
            .idempotency_key = honours_key(*profile_) ? m.id : std::string{},
            .profile = profile_,
            .read = &bide::json::read,
            .setup =
                [this](CURL* easy) {
                    sockets_.watch(easy);
                    if (local_) curl_easy_setopt(easy, CURLOPT_PROXY, "");
                },
        };
        return bide::curl::perform(connections_, request, bide::with(token_, watch, policy_));
    }

    static fate fate_of(const sent_message& sent) {
        fate f{group_of(sent.ended(), sent.attempts()), sent.ended(), sent.attempts(), {}};
        if (f.where != group::delivered) f.why = sent.explain();
        return f;
    }

    /// A message that was given up while throttled must not be followed by the next one at once:
    /// then the last second before a deadline would see all the rest, each with one try. The worker
    /// waits as the server asked; if that takes too long, it leaves, and the rest is put off.
    bool may_go_on(const sent_message& sent) {
        const auto* const answer = sent.last();
        if (sent || answer == nullptr || answer->found.verdict != bide::verdict::throttled)
            return true;
        const auto wait = sent.retry_in().value_or(bide::defaults::base);
        if (wait > policy_.options().max_hint.get() ||
            steady_clock::now() + wait > ending_.last_start())
            return false;
        return pause(token_, wait);
    }

    void put_off_the_rest() {
        const bool stopped = token_.stop_requested();
        const fate never_started{group::deferred,
                                 stopped ? bide::end::cancelled : bide::end::deferred, 0,
                                 stopped ? "never started: the caller asked to stop"
                                         : "never started: the server wants us to come back later"};
        for (auto i = next_.load(); i < fates_.size(); ++i) fates_[i] = never_started;
    }

    const options& opts_;
    std::span<const message> messages_;
    std::stop_token token_;
    counters& live_;
    const bide::http::profile* profile_;
    ending ending_;
    decltype(delivery_policy({})) policy_;
    std::string url_;
    bool local_;
    std::vector<fate> fates_;
    std::atomic<std::size_t> next_{0};
    std::mutex error_mutex_;
    std::exception_ptr error_;
    open_sockets sockets_;
    bide::curl::pool connections_;
};

}  // namespace

report run(const options& opts, std::span<const message> messages, std::stop_token token,
           counters& live) {
    check(opts);
    check_keys(opts, messages);
    const auto throttled_before = live.throttled();
    const auto began = steady_clock::now();
    report r;
    r.fates = crew{opts, messages, std::move(token), live}.work();
    r.elapsed = steady_clock::now() - began;
    r.rejected = live.throttled() - throttled_before;
    return r;
}

}  // namespace sender
