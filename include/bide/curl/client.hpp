// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_CLIENT_HPP
#define BIDE_CURL_CLIENT_HPP

#include <bide/bide.hpp>
#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/check.hpp>
#include <bide/curl/detail/default_budget.hpp>
#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/lane.hpp>
#include <bide/curl/detail/loop.hpp>
#include <bide/curl/detail/submission.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/curl/sending.hpp>
#include <bide/time.hpp>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace bide::inline v1::curl {

class hedging;

/// The way of all requests with one plan through a client: `client.lane(with(pacer, policy))`.
///
/// They stand in one queue, in the order of their priorities and deadlines, and only the first asks
/// the gates, so a hundred thousand may wait there. A handle: copies are the same lane.
/// Thread-safe.
class lane {
public:
    lane(const lane& other) noexcept : engine_{other.engine_}, its_{other.its_} { its_->keep(); }
    lane(lane&& other) noexcept
        : engine_{std::move(other.engine_)}, its_{std::exchange(other.its_, nullptr)} {}
    lane& operator=(lane other) noexcept {
        std::swap(engine_, other.engine_);
        std::swap(its_, other.its_);
        return *this;
    }
    ~lane() {
        if (its_ != nullptr) engine_->release(*its_);
    }

    /// The request, ready to be sent: `.then(f)`, `.future()` or `co_await`.
    /// @throws std::invalid_argument naming the field of the request that cannot be sent.
    [[nodiscard]] sending send(request r, const send_options& how = {}) const {
        return {engine_, make(std::move(r), how)};
    }

    /// The same for several, which are handed over at once.
    [[nodiscard]] sending_all send(std::vector<request> all, const send_options& how = {}) const {
        detail::operations made;
        made.reserve(all.size());
        for (auto& r : all) made.push_back(make(std::move(r), how));
        return {engine_, std::move(made)};
    }

private:
    friend class client;
    friend class hedging;
    lane(std::shared_ptr<detail::engine> e, detail::lane_base* its) noexcept
        : engine_{std::move(e)}, its_{its} {
        its_->keep();
    }

    [[nodiscard]] detail::owned_operation make(request&& r, const send_options& how) const {
        detail::check(r);
        detail::check(how);
        auto o = its_->make(std::move(r), how);
        its_->keep();
        return detail::owned_operation{o.release(), detail::unsent{engine_.get()}};
    }

    std::shared_ptr<detail::engine> engine_;
    detail::lane_base* its_;
};

/// Sends any number of requests on one thread: `client.send(request, plan)`.
///
/// A request that waits, for its turn, at a gate or for its next try, holds no thread, no handle
/// and no socket. Each is driven as `perform` does it, by the same policies, gates and verdicts,
/// and ends with the same `outcome<response>`:
///
///     client.send(request, plan).then([](auto sent) { … });   // called in the client's thread
///     auto sent = client.send(request, plan).future().get();
///     auto sent = co_await client.send(request, plan);        // goes on in the client's thread
///
/// Other than with `perform`: `max_elapsed` counts from the turn of a request, not from when it was
/// handed over (that is `send_options::deadline`'s matter); `last()` is empty for one that ended
/// while it waited, since its last response was not kept. What a plan refers to, and the profile of
/// a request, must outlive the client.
///
/// Callbacks must be quick, because everything else waits for them: hand long work to another
/// thread. They may send more, cancel, and destroy the client. What one throws: see `shutdown`.
/// What is called amidst a transfer (`request::upload`, `download`, `setup`) may send and cancel,
/// but not end the client.
///
/// Thread-safe, but for what drives it.
class client {
public:
    using options = client_options;

    /// Runs in a thread of its own.
    /// @throws std::invalid_argument naming the option, std::system_error.
    explicit client(const options& opts = options{}) : core_{detail::core::make(opts)} {
        core_->start();
    }

    /// Runs in the thread that calls `run` or `poll`.
    struct manual {};
    client(const options& opts, manual) : core_{detail::core::make(opts)} {}

    /// Takes part in an event loop of yours, whose thread calls `ready`, `advance` and `next`.
    client(const options& opts, event_hooks hooks)
        : core_{detail::core::make(opts, std::move(hooks))} {}

    client(const client&) = delete;
    client& operator=(const client&) = delete;
    /// As `shutdown(cut)`, and drops what a callback threw.
    ~client() { core_->end(); }

    /// Where requests with that plan queue. What the plan refers to must outlive the client.
    template <class How>
    [[nodiscard]] curl::lane lane(const How& how) {
        using bounded = std::remove_cvref_t<decltype(detail::with_default_budget(how, nullptr))>;
        return {core_->engine(),
                core_->adopt(std::make_unique<detail::lane<bounded>>(
                    *core_->engine(), detail::with_default_budget(how, core_->budget())))};
    }

    /// In a lane of its own. For many with one plan, `lane` takes less memory, keeps their
    /// priorities in order and asks the gates less often.
    template <class How>
    [[nodiscard]] sending send(request r, const How& how, const send_options& each = {}) {
        return lane(how).send(std::move(r), each);
    }
    /// In one lane for all of them.
    template <class How>
    [[nodiscard]] sending_all send(std::vector<request> all, const How& how,
                                   const send_options& each = {}) {
        return lane(how).send(std::move(all), each);
    }

    /// Ends all requests that it has now, as `end::cancelled` or `end::unknown`. Of one that is in
    /// flight the answer is waited for, since cutting it off would turn it into an unknown.
    void cancel() { core_->cancel_all(); }

    /// finish: what is in flight is answered; what waits ends as `end::deferred` with the time to
    /// come back, or as `end::unknown`. cut: what is in flight is cut off.
    using shutdown_mode = detail::shutdown_mode;
    static constexpr auto finish = shutdown_mode::finish;
    static constexpr auto cut = shutdown_mode::cut;

    /// Ends everything; when it returns, no callback is called any more and nothing is sent. What
    /// is handed over from now on ends as `end::deferred`. Called in a callback, `finish` returns
    /// at once and takes effect afterwards; so it does with `event_hooks` while something is in
    /// flight, until `held` is 0. Where the client has no thread of its own, it belongs to the one
    /// that drives it, as the destructor does.
    /// @throws what a callback threw, the first of several; with `run`, `poll` and `advance` it
    /// comes out of these instead.
    void shutdown(shutdown_mode how = finish) { still()->shutdown(how); }

    /// Drives a `manual` client until all its requests have ended.
    void run() { still()->run(); }
    /// Drives it once, waiting at most that long for something to do; false if no request is left.
    bool poll(timespan at_most = duration::zero()) { return still()->poll(at_most); }

    /// In your loop: the socket became ready, `what` is CURL_CSELECT_IN, _OUT, _ERR; then call
    /// `advance`.
    void ready(curl_socket_t socket, int what) { core_->engine()->ready(socket, what); }
    /// In your loop: does what is due. Call it when it was woken, after `ready`, and at `next`.
    void advance() { still()->advance(); }
    /// In your loop: when to call `advance`, if nothing happens; `never` if not at all.
    [[nodiscard]] time_point next() const { return core_->engine()->next(); }

    /// Requests that have not ended; a snapshot.
    [[nodiscard]] std::size_t held() const { return core_->engine()->mail().held(); }

private:
    /// Stays when a callback destroys the client.
    [[nodiscard]] std::shared_ptr<detail::core> still() const noexcept { return core_; }

    std::shared_ptr<detail::core> core_;
};

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_CLIENT_HPP
