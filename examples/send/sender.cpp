// SPDX-License-Identifier: MIT
#include "send/sender.hpp"

#include "send/open_sockets.hpp"
#include "send/pace.hpp"
#include "send/pause.hpp"
#include "send/places.hpp"
#include "send/provider.hpp"
#include "send/queue.hpp"

#include <bide/bide.hpp>
#include <bide/curl/client.hpp>
#include <bide/gate.hpp>
#include <bide/http/idempotency_key.hpp>
#include <bide/http/profile.hpp>
#include <bide/json/plan.hpp>
#include <bide/json/read.hpp>
#include <bide/stop_token.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
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

patience patience_of(const options& opts) {
    auto p = opts.per_message;
    p.is_paced = opts.speed.how == pace::kind::found;
    return p;
}

/// How many messages may be under way. Where a gate keeps the pace, more than in flight, since
/// those that wait stand in nobody's way; but not many more, because each has begun, and an outage
/// would use up the whole list. Without a pace more of them would be nothing but more 429s.
std::size_t places_for(const options& opts) {
    const auto is_paced =
        opts.speed.how != pace::kind::free || has_pace(gates_of(opts.per_message));
    return is_paced ? 4 * opts.concurrency : opts.concurrency;
}

/// One run: the calling thread hands messages over, all else is done in the client's.
class courier {
public:
    courier(const options& opts, std::span<const message> messages, std::stop_token token,
            counters& live)
        : opts_{opts},
          messages_{messages},
          token_{std::move(token)},
          live_{live},
          watch_{live},
          profile_{&profile_for(opts)},
          ending_{opts},
          policy_{delivery_policy(patience_of(opts), ending_.at, ending_.least_try)},
          gates_{gates_of(opts.per_message)},
          url_{url_of(opts.looks, opts.who, opts.gateway)},
          local_{is_loopback(url_)},
          fates_(messages.size()),
          pace_{speed_for(opts)},
          learns_pace_{speed_for(opts).how == pace::kind::found || learns_pace(gates_)},
          queue_{messages, opts.who, opts.per_sender, pace_},
          places_{places_for(opts)},
          // No retry budget: a message keeps its place, and one whose retry was refused would only
          // make room for the next, until an outage has used up the whole list.
          client_{{.in_flight = opts.concurrency, .budget = std::nullopt}} {}

    std::vector<fate> work() {
        hand_over();
        if (!places_.wait_for_all(token_, bide::never)) see_off();
        client_.shutdown();  // throws what went wrong in its thread
        put_off_the_rest();
        return std::move(fates_);
    }

private:
    using sent_message = bide::outcome<bide::curl::response>;

    void hand_over() {
        while (places_.take(token_)) {
            const auto now = steady_clock::now();
            const auto its = is_too_late(now) ? queue::offer{} : queue_.next(now);
            if (its.message) {
                send(*its.message, *its.gate);
                continue;
            }
            places_.give_back(now);
            if (its.until == bide::never || is_too_late(its.until) ||
                !pause(token_, its.until - steady_clock::now()))
                return;
        }
    }

    bool is_too_late(bide::time_point turn) noexcept {
        if (turn <= ending_.last_start()) return false;
        why_left_ = "never started: its turn comes after the deadline";
        return true;
    }

    void send(std::size_t i, pace_gate& of_sender) {
        watch_.handed_over();
        lane_for(of_sender).send(request_for(messages_[i])).then([this, i](sent_message sent) {
            live_.set_paced_at(found_pace());
            places_.give_back(place_opens(sent));
            fates_[i] = fate_of(sent);  // read after the client's end
        });
    }

    /// One for all messages; if senders have a pace each, one for each message, which goes with it:
    /// senders may be many, and the queue leaves few messages to stand in line at a sender's gate.
    bide::curl::lane lane_for(pace_gate& of_sender) {
        const auto make = [&] {
            return client_.lane(bide::with(token_, watch_, gates_, of_sender, pace_, policy_));
        };
        if (opts_.per_sender.how != pace::kind::free) return make();
        if (!lane_) lane_.emplace(make());
        return *lane_;
    }

    bide::curl::request request_for(const message& m) {
        return {
            .url = url_,
            .method = std::string{method_of(opts_.looks)},
            .headers = {{"Content-Type", std::string{type_of(opts_.looks)}}},
            .body = body_of(opts_.looks, opts_.who, m),
            .idempotency_key = honours_key(*profile_) ? m.id : std::string{},
            .profile = profile_,
            .read = &bide::json::read,
            .setup =
                [this](CURL* easy) {
                    watch_.sends();
                    sockets_.watch(easy);
                    if (local_) curl_easy_setopt(easy, CURLOPT_PROXY, "");
                },
        };
    }

    static fate fate_of(const sent_message& sent) {
        fate f{group_of(sent.ended(), sent.attempts()), sent.ended(), sent.attempts(), {}};
        if (f.where != group::delivered) f.why = sent.explain();
        return f;
    }

    /// A message that was given up while throttled, or that a gate refused, must not be followed by
    /// the next one at once: then the last second before a deadline would see all the rest, each
    /// with one try. Its place stays empty as long as the server or the gate asked; if that takes
    /// too long, for ever, and when no place is left, the rest is put off. A pacer keeps the next
    /// one back by itself.
    bide::time_point place_opens(const sent_message& sent) {
        const auto now = steady_clock::now();
        const auto tries = sent.history();
        const auto throttled =
            !tries.empty() && tries[tries.size() - 1].found.verdict == bide::verdict::throttled;
        const auto refused = sent.ended() == bide::end::refused;
        if (sent || (!refused && (!throttled || learns_pace_))) return now;
        const auto wait = sent.retry_in().value_or(bide::defaults::base);
        if (wait <= policy_.options().max_hint.get() && now + wait <= ending_.last_start())
            return now + wait;
        why_left_ = refused ? "never started: a gate wants us to come back later"
                            : "never started: the server wants us to come back later";
        return bide::never;
    }

    /// In messages per second; 0: none.
    [[nodiscard]] double found_pace() const {
        if (const auto* const pacer = gates_.get<bide::quota_pacer>()) return pacer->rate();
        if (const auto* const pacer = gates_.get<bide::cubic_pacer>()) return pacer->rate();
        return pace_.found();
    }

    /// After a stop request, which has ended what waits: what is in flight may be answered, but not
    /// for long.
    void see_off() {
        constexpr std::chrono::milliseconds to_read{100};
        const auto until = steady_clock::now() + opts_.stop_grace.get();
        if (places_.wait_for_all({}, until)) return;
        sockets_.shut_down();
        if (places_.wait_for_all({}, until + to_read)) return;
        client_.shutdown(bide::curl::client::cut);  // what still connects
    }

    void put_off_the_rest() {
        const bool stopped = token_.stop_requested();
        const fate never_started{
            group::deferred, stopped ? bide::end::cancelled : bide::end::deferred, 0,
            stopped ? "never started: the caller asked to stop" : why_left_.load()};
        for (const auto i : queue_.take_rest()) fates_[i] = never_started;
    }

    const options& opts_;
    std::span<const message> messages_;
    std::stop_token token_;
    counters& live_;
    watcher watch_;
    const bide::http::profile* profile_;
    ending ending_;
    decltype(delivery_policy({})) policy_;
    bide::json_gates gates_;
    std::string url_;
    bool local_;
    std::vector<fate> fates_;
    pace_gate pace_;
    bool learns_pace_;
    queue queue_;
    places places_;
    std::atomic<const char*> why_left_{"never started"};
    open_sockets sockets_;
    bide::curl::client client_;
    std::optional<bide::curl::lane> lane_;
};

}  // namespace

report run(const options& opts, std::span<const message> messages, std::stop_token token,
           counters& live) {
    check(opts);
    check_keys(opts, messages);
    const auto throttled_before = live.throttled();
    const auto began = steady_clock::now();
    report r;
    r.fates = courier{opts, messages, std::move(token), live}.work();
    r.elapsed = steady_clock::now() - began;
    r.rejected = live.throttled() - throttled_before;
    r.paced_at = live.paced_at();
    return r;
}

}  // namespace sender
