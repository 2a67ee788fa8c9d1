// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_LOOP_HPP
#define BIDE_CURL_DETAIL_LOOP_HPP

#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/socket_loop.hpp>
#include <bide/detail/platform.hpp>
#include <bide/limit/retry_budget.hpp>
#include <bide/time.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace bide::inline v1::curl::detail {

enum class shutdown_mode : std::uint8_t { finish, cut };

/// The engine and what drives it; outlives the client as long as a lane or a callback needs it.
class core : public std::enable_shared_from_this<core> {
public:
    [[nodiscard]] static std::shared_ptr<core> make(const client_options& options) {
        auto its = std::make_shared<core>();
        its->loop_ = std::make_unique<socket_loop>();
        auto* loop = its->loop_.get();
        its->build(options, {.watch = [loop](curl_socket_t s, int what) { loop->watch(s, what); },
                             .wake = [loop] { loop->wake(); }});
        return its;
    }
    [[nodiscard]] static std::shared_ptr<core> make(const client_options& options,
                                                    event_hooks hooks) {
        auto its = std::make_shared<core>();
        its->build(options, std::move(hooks));
        return its;
    }
    core() = default;
    core(const core&) = delete;
    core& operator=(const core&) = delete;
    ~core() = default;

    [[nodiscard]] std::shared_ptr<detail::engine> engine() noexcept {
        return {shared_from_this(), engine_.get()};
    }
    [[nodiscard]] retry_budget* budget() noexcept { return budget_ ? &*budget_ : nullptr; }
    [[nodiscard]] lane_base* adopt(std::unique_ptr<lane_base> lane) {
        engine_->mail().expect_lane();
        return lane.release();
    }

    /// In a thread of its own from now on.
    void start() {
        thread_ = std::thread{[self = shared_from_this()] { self->drive_to_the_end(); }};
    }

    void cancel_all() {
        if (engine_->mail().cancel_all()) engine_->wake();
    }

    void shutdown(shutdown_mode how) {
        using mode = detail::engine::mode;
        engine_->stop(how == shutdown_mode::finish ? mode::finishing : mode::cutting);
        if (engine_->on_its_thread()) {
            if (how == shutdown_mode::cut) engine_->advance();
            return;
        }
        const std::lock_guard lock{ending_};
        if (thread_.joinable())
            thread_.join();
        else if (loop_)
            drive_to_the_end();
        else
            engine_->advance();  // what is in flight needs a loop that is not ours
        rethrow();
    }

    /// The client is no more.
    void end() noexcept {
        try {
            shutdown(shutdown_mode::cut);
        } catch (...) {  // NOLINT(bugprone-empty-catch): whoever wants to know calls `shutdown`
        }
        if (thread_.joinable()) thread_.detach();  // it is this one, and keeps what it needs
    }

    void run() {
        while (poll(duration::max())) {
        }
    }

    bool poll(timespan at_most) {
        advance();
        if (engine_->stopped() || engine_->mail().held() == 0) return false;
        wait(at_most);
        advance();
        return !engine_->stopped() && engine_->mail().held() != 0;
    }

    void advance() {
        engine_->advance();
        rethrow();
    }

private:
    void build(const client_options& options, event_hooks hooks) {
        check(options);
        check(hooks);
        if (options.budget) budget_.emplace(*options.budget);
        engine_ = std::make_unique<detail::engine>(options, std::move(hooks));
    }

    void drive_to_the_end() {
        for (;;) {
            engine_->advance();
            if (engine_->stopped()) return;
            wait(duration::max());
        }
    }

    void wait(duration at_most) {
        const auto now = bide::detail::steady_now();
        const auto until = (std::min)(engine_->next(), bide::detail::saturating_add(now, at_most));
        loop_->wait(wait_ms(now, until),
                    [this](curl_socket_t s, int what) { engine_->ready(s, what); });
    }

    void rethrow() {
        if (auto error = engine_->thrown()) std::rethrow_exception(std::move(error));
    }

    // The engine goes first: its lanes use the budget, and libcurl the loop.
    std::unique_ptr<socket_loop> loop_;
    std::optional<retry_budget> budget_;
    std::unique_ptr<detail::engine> engine_;
    std::mutex ending_;
    std::thread thread_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_LOOP_HPP
