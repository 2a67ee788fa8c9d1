// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_ENGINE_HPP
#define BIDE_CURL_DETAIL_ENGINE_HPP

#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/flights.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/mailbox.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/engine/ready_queue.hpp>
#include <bide/curl/engine/timer_heap.hpp>
#include <bide/detail/platform.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <curl/curl.h>

namespace bide::inline v1::curl::detail {

/// Moves requests between their lanes, the heap of instants and libcurl. It waits for nothing: an
/// event loop tells it of sockets and of time, and is woken by it.
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
        doomed_.insert(doomed_.end(), letters_.unused.begin(), letters_.unused.end());
        for (auto* lane : doomed_) delete lane;
    }

    // ---- Any thread ----------------------------------------------------------------------------

    [[nodiscard]] mailbox& mail() noexcept { return mail_; }
    [[nodiscard]] bool on_its_thread() const noexcept {
        return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    }
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

    /// Does all that is due; never waits.
    void advance() {
        const working here{*this};
        auto more = !stopped();
        while (more) {
            read_mail();
            collect();
            const auto now = bide::detail::steady_now();
            fire(now);
            if (!stopping()) start(now);
            more = flights_.drive(now);
            if (stopping()) more = stop_all(now) || more;
            tidy();
            more = (more || mail_.has_news()) && !stopped();
        }
    }

    /// Tells of a socket that became ready; `advance` follows when all were told.
    void ready(curl_socket_t socket, int what) noexcept {
        const working here{*this};
        flights_.ready(socket, what);
    }

    /// When `advance` is wanted next if nothing happens; long ago if at once.
    [[nodiscard]] time_point next() const noexcept {
        if (stopped()) return never;
        if (mail_.has_news()) return time_point{};
        return (std::min)({flights_.due(), waits_.next(), clocks_.next()});
    }

    /// The first exception that a callback threw since it was asked.
    [[nodiscard]] std::exception_ptr thrown() noexcept { return std::exchange(thrown_, nullptr); }

    // ---- Lanes ---------------------------------------------------------------------------------

    [[nodiscard]] detail::flights& flights() noexcept { return flights_; }

    /// The lane's first wants to start; the lane's key says how soon.
    void set_runnable(lane_base& lane, bool wants) {
        if (lanes_ready_.holds(lane)) lanes_ready_.remove(lane);
        if (wants) lanes_ready_.push(lane);
    }
    /// Wakes the lane up then; `never` for not at all.
    void set_timer(lane_base& lane, time_point at) {
        auto& clock = lane.timer();
        const auto is_set = clocks_.holds(clock);
        if (is_set && at != never) return clocks_.move(clock, at);
        if (is_set) return clocks_.remove(clock);
        if (at != never) clocks_.push(clock, at);
    }
    void wait(operation& o, time_point at) {
        waits_.push(o, at);
        o.at = stage::waiting;
    }

    /// It waits already.
    void wait_until(operation& o, time_point at) { waits_.move(o, at); }

    /// Those of the lane that wait for their next try are in its queue at once.
    void hurry(lane_base& lane, time_point now) {
        std::vector<operation*> its;
        waits_.for_each([&](operation& o) {
            if (o.by == &lane) its.push_back(&o);
        });
        for (auto* o : its) {
            waits_.remove(*o);
            lane.join(*o, now);
        }
    }

    /// The operation has ended. When its completion is told, it is no more.
    void deliver(operation& o, outcome<response> result) {
        completion then;
        {
            const std::unique_ptr<operation> last{&o};
            then = std::move(last->then);
            release(*last->by);
            ++ended_;
        }
        tell(then, std::move(result));
    }
    void tell(completion& then, outcome<response> result) noexcept {
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
    /// A callback may drive the engine to its end, in the midst of a step.
    struct working {
        explicit working(engine& its) noexcept
            : of{&its}, was{its.thread_.exchange(std::this_thread::get_id())} {
            ++of->depth_;
        }
        working(const working&) = delete;
        working& operator=(const working&) = delete;
        ~working() {
            --of->depth_;
            of->thread_.store(was);
        }
        engine* of;
        std::thread::id was;
    };

    void read_mail() {
        if (!mail_.has_news()) return;
        mailbox::contents letters;
        std::swap(letters, letters_);  // its memory is used again
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
        doomed_.insert(doomed_.end(), letters.unused.begin(), letters.unused.end());
        letters.arrived.clear();
        letters.cancelled.clear();
        letters.rung.clear();
        letters.unused.clear();
        letters.cancel_all = false;
        std::swap(letters, letters_);
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
        if (lane.index == 0) {
            lanes_.push_back(&lane);
            lane.index = lanes_.size();
        }
        lane.join(o, now);
    }

    void cancel(operation& o, time_point now) {
        if (o.at == stage::in_flight) {
            o.cancelled = true;
        } else {
            if (o.at == stage::waiting) waits_.remove(o);
            o.by->end(o, ending::cancelled, now, now);
        }
    }

    /// All that are not in flight.
    void end_all(ending why, time_point now) {
        while (!waits_.empty()) {
            const auto due = waits_.next();
            auto& o = *waits_.pop_due(due);
            o.by->end(o, why, now, due);
        }
        // NOLINTNEXTLINE(modernize-loop-convert): a callback may add a lane
        for (std::size_t i = 0; i != lanes_.size(); ++i) lanes_[i]->end_all(why, now);
        if (why == ending::cancelled)
            for (auto* s : flights_.all()) s->who->cancelled = true;
    }

    void collect() {
        auto code = CURLE_OK;
        while (auto* s = flights_.landed(code)) s->by->land(*s, code, bide::detail::steady_now());
    }

    void fire(time_point now) {
        while (auto* o = waits_.pop_due(now)) o->by->join(*o, now);
        while (auto* clock = clocks_.pop_due(now)) clock->lane->wake_up(now);
    }

    void start(time_point now) {
        while (flights_.has_room()) {
            auto* lane = lanes_ready_.pop();
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
        if (depth_ > 1) return;
        for (auto* lane : doomed_) forget(*lane);
        doomed_.clear();
        make_room();
    }

    void forget(lane_base& lane) noexcept {
        set_timer(lane, never);
        if (lane.index != 0) {
            lanes_[lane.index - 1] = lanes_.back();
            lanes_.back()->index = lane.index;
            lanes_.pop_back();
        }
        mail_.forget(lane);
        delete &lane;
    }

    client_options options_;
    event_hooks hooks_;
    mailbox mail_;
    detail::flights flights_;
    std::atomic<mode> mode_ = mode::running;
    std::atomic<std::thread::id> thread_{};
    int depth_ = 0;
    mailbox::contents letters_{};
    timer_heap<operation> waits_;                // for their next try
    timer_heap<lane_base::alarm_clock> clocks_;  // of lanes
    ready_queue<lane_base> lanes_ready_;
    std::vector<lane_base*> lanes_;   // all that had a request
    std::vector<lane_base*> doomed_;  // nobody has them any more
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
