// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_ENGINE_HPP
#define BIDE_CURL_DETAIL_ENGINE_HPP

#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/flights.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/lane_list.hpp>
#include <bide/curl/detail/mailbox.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/detail/presence.hpp>
#include <bide/curl/detail/schedule.hpp>
#include <bide/detail/platform.hpp>
#include <bide/random.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <utility>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// Moves requests between their lanes, the heap of instants and libcurl. It waits for nothing: an
/// event loop tells it of sockets and of time, and is woken by it.
///
/// The way of a request, by files: `sending`, `submission`, `mailbox`, `engine`, `lane` with its
/// queue, `gate_post`, `seats`, `tries`, `exchange` among the `flights`; when it has landed,
/// `tries` again, and from there by the `schedule` back to the lane, or by `closing` to its
/// `completion`.
///
/// All but the first part belongs to one thread at a time, the engine's: whoever drives the loop.
class engine {
public:
    engine(const client_options& options, event_hooks hooks)
        : options_{options},
          hooks_{std::move(hooks)},
          mail_{options.capacity},
          flights_{options, hooks_} {}
    engine(const engine&) = delete;
    engine& operator=(const engine&) = delete;
    ~engine() {
        mail_.take(letters_);
        lanes_.doom(letters_.unused);
    }

    // ---- Any thread ----------------------------------------------------------------------------

    [[nodiscard]] mailbox& mail() noexcept { return mail_; }
    [[nodiscard]] bool on_its_thread() const noexcept { return presence_.is_here(); }
    void wake() const noexcept {
        if (!on_its_thread() && !stopped()) hooks_.wake();
    }
    [[nodiscard]] const client_options& options() const noexcept { return options_; }

    /// Later ones are the stricter; none takes back another.
    enum class mode : std::uint8_t { running, finishing, cutting, stopped };
    void stop(mode how) noexcept {
        auto was = mode_.load();
        while (was < how && !mode_.compare_exchange_weak(was, how)) {
        }
        if (mail_.nudge()) wake();
    }
    [[nodiscard]] bool stopping() const noexcept { return mode_.load() != mode::running; }
    /// Nobody is called any more.
    [[nodiscard]] bool stopped() const noexcept { return mode_.load() == mode::stopped; }

    // ---- The event loop ------------------------------------------------------------------------

    /// Does what is due; never waits. Of requests that are answered at once, and sent anew by who
    /// hears of it, there is no end, so it leaves some to the next call, after a look at the
    /// sockets.
    void advance() {
        constexpr auto most_turns = 4;
        const presence::scope here{presence_};
        unfinished_ = !stopped();
        for (auto turn = 0; unfinished_ && (turn < most_turns || stopping()); ++turn) {
            read_mail();
            collect();
            const auto now = bide::detail::steady_now();
            schedule_.fire(now);
            if (!stopping()) start(now);
            auto more = flights_.drive(now);
            if (stopping()) more = stop_all(now) || more;
            tidy();
            unfinished_ = (more || mail_.has_news()) && !stopped();
        }
    }

    /// Tells of a socket that became ready; `advance` follows when all were told.
    void ready(curl_socket_t socket, int what) noexcept {
        const presence::scope here{presence_};
        flights_.ready(socket, what);
    }

    /// When `advance` is wanted next if nothing happens; long ago if at once.
    [[nodiscard]] time_point next() const noexcept {
        if (stopped()) return never;
        if (unfinished_ || mail_.has_news()) return time_point{};
        return (std::min)(flights_.due(), schedule_.next());
    }

    [[nodiscard]] splitmix64& random() noexcept { return random_; }

    /// The first exception that a callback threw since it was asked.
    [[nodiscard]] std::exception_ptr thrown() noexcept { return std::exchange(thrown_, nullptr); }

    // ---- Lanes ---------------------------------------------------------------------------------

    [[nodiscard]] detail::flights& flights() noexcept { return flights_; }
    [[nodiscard]] detail::schedule& schedule() noexcept { return schedule_; }

    /// The operation has ended. When its completion is told, it is no more.
    void deliver(operation& o, outcome<response>&& result) {
        completion then;
        {
            const std::unique_ptr<operation> last{&o};
            then = std::move(last->then);
            release(*last->by);
            ++ended_;
        }
        try {
            then(std::move(result));
        } catch (...) {
            if (!thrown_) thrown_ = std::current_exception();
        }
    }
    /// The places of those that have ended are free.
    void make_room() {
        if (ended_ > 0) mail_.make_room(std::exchange(ended_, 0));
    }
    void release(lane_base& lane) noexcept {
        if (lane.let_go() && mail_.drop(lane)) wake();
    }

private:
    void read_mail() {
        if (!mail_.has_news()) return;
        mailbox::contents letters;
        letters.swap(letters_);  // its memory is used again
        mail_.take(letters);
        const auto now = bide::detail::steady_now();
        for (auto& o : letters.arrived) arrive(std::move(o), now);
        for (const auto& link : letters.cancelled)
            if (link->its != nullptr) cancel(*link->its, now);
        if (letters.cancel_all) end_all(ending::cancelled, now);
        for (auto* lane : letters.rung) {
            lane->heard();
            lane->hear(now);
        }
        lanes_.doom(letters.unused);
        letters.arrived.clear();
        letters.cancelled.clear();
        letters.rung.clear();
        letters.unused.clear();
        letters.cancel_all = false;
        letters.swap(letters_);
    }

    void arrive(owned_operation came, time_point now) {
        auto& o = *came.release();  // deliver() takes it back
        o.turn = ++turns_;
        if (o.more && o.more->token.stop_possible()) {
            o.more->link = std::make_shared<operation_link>(operation_link{&o});
            o.more->call.emplace(o.more->token, stop_call{this, o.more->link});
            if (auto* in = o.more->in.get(); in != nullptr && o.more->hedge == 0)
                in->first = o.more->link;
            else if (in != nullptr)
                in->hedges.push_back(o.more->link);
        }
        auto& lane = *o.by;
        lanes_.add(lane);
        lane.join(o, now);
    }

    void cancel(operation& o, time_point now) {
        if (o.at == stage::in_flight) {
            o.cancelled = true;
        } else {
            if (o.at == stage::waiting) schedule_.remove(o);
            o.by->end(o, ending::cancelled, now, now);
        }
    }

    /// All that are not in flight.
    void end_all(ending why, time_point now) {
        schedule_.end_all(why, now);
        lanes_.end_all(why, now);
        if (why == ending::cancelled)
            for (auto* s : flights_.all()) s->who->cancelled = true;
    }

    void collect() {
        auto code = CURLE_OK;
        while (auto* s = flights_.landed(code)) s->by->land(*s, code, bide::detail::steady_now());
    }

    void start(time_point now) {
        while (flights_.has_room()) {
            auto* lane = schedule_.next_lane();
            if (lane == nullptr) return;
            lane->proceed(now);
        }
    }

    /// True while there is more to do at once.
    bool stop_all(time_point now) {
        for (auto& o : mail_.close()) arrive(std::move(o), now);
        end_all(ending::shutdown, now);
        if (mode_.load() == mode::cutting)
            while (!flights_.all().empty()) {
                auto& s = *flights_.all().back();
                s.who->cut_off = true;
                s.by->land(s, CURLE_ABORTED_BY_CALLBACK, now);
            }
        if (!flights_.all().empty() || mail_.has_news()) return mail_.has_news();
        flights_.close();
        mode_.store(mode::stopped);
        return false;
    }

    /// What may be done only when nothing else is under way.
    void tidy() {
        if (!presence_.is_outermost()) return;
        lanes_.bury([this](lane_base& lane) noexcept {
            schedule_.set_timer(lane, never);
            mail_.forget(lane);
        });
        make_room();
    }

    client_options options_;
    event_hooks hooks_;
    mailbox mail_;
    detail::flights flights_;
    std::atomic<mode> mode_ = mode::running;
    presence presence_;
    bool unfinished_ = false;  // it left the rest to the next turn
    mailbox::contents letters_{};
    detail::schedule schedule_;
    lane_list lanes_;
    splitmix64 random_{bide::detail::entropy()};  // one for all, as a seed costs a system call
    std::uint64_t turns_ = 0;
    std::size_t ended_ = 0;  // and not told to the mailbox
    std::exception_ptr thrown_{};
};

inline void lane_base::ring() noexcept {
    if (rung_.exchange(true, std::memory_order_seq_cst)) return;
    if (engine_->mail().ring(*this)) engine_->wake();
}

inline void unsent::operator()(operation* o) const noexcept {
    auto& lane = *o->by;
    delete o;
    to->release(lane);
}

inline void stop_call::operator()() const noexcept {
    if (to->mail().cancel(link)) to->wake();
}

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_ENGINE_HPP
