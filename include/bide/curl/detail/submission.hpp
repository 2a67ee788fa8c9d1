// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_SUBMISSION_HPP
#define BIDE_CURL_DETAIL_SUBMISSION_HPP

#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/detail/platform.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/outcome.hpp>

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

/// How a request gets into the engine, and how its outcome gets out.
namespace bide::inline v1::curl::detail {

/// The outcomes of a batch, in its order, and what follows the last of them.
template <class Last>
class gathering {
public:
    gathering(std::size_t size, Last last) : slots_(size), left_{size}, last_{std::move(last)} {}

    void put(std::size_t i, outcome<response> r) {
        slots_[i].emplace(std::move(r));
        if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        std::vector<outcome<response>> all;
        all.reserve(slots_.size());
        // NOLINTNEXTLINE(bugprone-unchecked-optional-access): this was the last one
        for (auto& s : slots_) all.push_back(std::move(*s));
        last_(std::move(all));
    }

private:
    std::vector<std::optional<outcome<response>>> slots_;
    std::atomic<std::size_t> left_;  // those that found no room end in another thread
    Last last_;
};

/// Hands operations over; those that are not taken end here and now, in this thread.
inline void submit(engine& to, operations all, mailbox::patience p) {
    using patience = mailbox::patience;
    const auto in_callback = to.on_its_thread();
    if (in_callback) to.make_room();  // the one that is being told has left its place
    if (to.options().full == when_full::refuse || (in_callback && p == patience::blocked))
        p = patience::none;
    to.mail().put(all, p, [&to]() noexcept { to.wake(); });
    std::exception_ptr thrown;
    for (auto& o : all) {
        auto past = std::make_unique<bide::detail::trail>();
        past->facts = o->turned_away(bide::detail::steady_now());
        auto then = std::move(o->then);
        o.reset();
        try {
            then(bide::detail::maker::put<response>(nullptr, past.release()));
        } catch (...) {
            if (!thrown) thrown = std::current_exception();
        }
    }
    if (thrown) std::rethrow_exception(thrown);
}
inline void submit(engine& to, owned_operation one, mailbox::patience p) {
    operations all;
    all.push_back(std::move(one));
    submit(to, std::move(all), p);
}

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

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_SUBMISSION_HPP
