// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_HANDOVER_HPP
#define BIDE_CURL_DETAIL_HANDOVER_HPP

#include <bide/curl/detail/mailbox.hpp>

#include <coroutine>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace bide::inline v1::curl::detail {

/// Suspends a coroutine until the result is there; it goes on in the thread that tells it, which is
/// the engine's. `Start(then)` hands over what is waited for.
template <class Result, class Start>
class awaiting {
public:
    explicit awaiting(Start start) : start_{std::move(start)} {}

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    [[nodiscard]] bool await_suspend(std::coroutine_handle<> who) {
        auto start = std::move(start_);  // before it returns, the coroutine and this may be gone
        // Turned away, it was never suspended: resumed from here, one that sends in a loop would
        // get deeper into the stack each time. Only this thread looks at the flag.
        const auto starting = std::make_shared<bool>(true);
        start([this, who, starting, here = std::this_thread::get_id()](Result r) {
            got_.emplace(std::move(r));
            if (here != std::this_thread::get_id() || !std::exchange(*starting, false))
                who.resume();
        });
        return std::exchange(*starting, false);
    }
    [[nodiscard]] Result await_resume() {
        return std::move(*got_);  // NOLINT(bugprone-unchecked-optional-access): else it sleeps
    }

private:
    Start start_;
    std::optional<Result> got_;
};

/// What is handed over once, as soon as it is said how its result comes back, and not at all if
/// that is never said. `Kind` derives from it and has `start(f, patience) &&`, which does it and
/// calls `f(Result)` at the end.
template <class Kind, class Result>
class handover {
public:
    using result = Result;

    [[nodiscard]] std::future<Result> future() && {
        std::promise<Result> promise;
        auto there = promise.get_future();
        std::move(*this).its().start(
            [p = std::move(promise)](Result r) mutable { p.set_value(std::move(r)); },
            mailbox::patience::blocked);
        return there;
    }

    /// The coroutine goes on in the client's thread; if there is no room, in this one.
    [[nodiscard]] auto operator co_await() && {
        auto start = [its = std::move(*this).its()](auto f) mutable {
            std::move(its).start(std::move(f), mailbox::patience::suspended);
        };
        return awaiting<Result, decltype(start)>{std::move(start)};
    }

private:
    friend Kind;
    handover() = default;
    handover(handover&&) noexcept = default;  // and no copy, nor assignment
    ~handover() = default;

    [[nodiscard]] Kind&& its() && noexcept { return static_cast<Kind&&>(*this); }
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_HANDOVER_HPP
