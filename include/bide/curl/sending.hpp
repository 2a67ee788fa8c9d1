// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_SENDING_HPP
#define BIDE_CURL_SENDING_HPP

#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/submission.hpp>
#include <bide/curl/response.hpp>
#include <bide/retry/outcome.hpp>

#include <cstddef>
#include <future>
#include <memory>
#include <utility>
#include <vector>

namespace bide::inline v1::curl {

/// A request that goes to its client as soon as it is said how its outcome comes back; dropped
/// before, it is not sent.
class [[nodiscard]] sending {
public:
    using result = outcome<response>;

    sending(sending&&) noexcept = default;
    sending& operator=(sending&&) = delete;
    sending(const sending&) = delete;
    sending& operator=(const sending&) = delete;
    ~sending() = default;

    /// `f(outcome<response>)` is called once, in the client's thread; see `client` for what it may
    /// do. Where the request finds no room, it is called here and now.
    template <class F>
    void then(F f) && {
        auto to = std::move(engine_);
        auto one = std::move(one_);
        one->then = detail::completion{std::move(f)};
        detail::submit(*to, std::move(one), detail::mailbox::patience::blocked);
    }

    [[nodiscard]] std::future<result> future() && {
        std::promise<result> promise;
        auto there = promise.get_future();
        std::move(*this).then(
            [p = std::move(promise)](result r) mutable { p.set_value(std::move(r)); });
        return there;
    }

    /// The coroutine goes on in the client's thread; if the request finds no room, in this one.
    [[nodiscard]] auto operator co_await() && {
        auto start = [to = std::move(engine_), one = std::move(one_)](auto f) mutable {
            one->then = detail::completion{std::move(f)};
            detail::submit(*to, std::move(one), detail::mailbox::patience::suspended);
        };
        return detail::awaiting<result, decltype(start)>{std::move(start)};
    }

private:
    friend class lane;
    sending(std::shared_ptr<detail::engine> to, detail::owned_operation one) noexcept
        : engine_{std::move(to)}, one_{std::move(one)} {}

    std::shared_ptr<detail::engine> engine_;
    detail::owned_operation one_;
};

/// The same for several requests.
class [[nodiscard]] sending_all {
public:
    using result = outcome<response>;

    sending_all(sending_all&&) noexcept = default;
    sending_all& operator=(sending_all&&) = delete;
    sending_all(const sending_all&) = delete;
    sending_all& operator=(const sending_all&) = delete;
    ~sending_all() = default;

    /// `f(i, outcome<response>)` is called once for each, in the order in which they end.
    template <class F>
    void then(F f) && {
        auto shared = std::make_shared<F>(std::move(f));
        start([&shared](
                  std::size_t i) { return [shared, i](result r) { (*shared)(i, std::move(r)); }; },
              detail::mailbox::patience::blocked);
    }

    /// All outcomes, in the order of the requests, when the last is there.
    [[nodiscard]] std::future<std::vector<result>> future() && {
        std::promise<std::vector<result>> promise;
        auto there = promise.get_future();
        std::move(*this).gather(
            [p = std::move(promise)](std::vector<result> all) mutable {
                p.set_value(std::move(all));
            },
            detail::mailbox::patience::blocked);
        return there;
    }

    /// As `future`; the coroutine goes on in the client's thread.
    [[nodiscard]] auto operator co_await() && {
        auto begin = [self = std::move(*this)](auto f) mutable {
            std::move(self).gather(std::move(f), detail::mailbox::patience::suspended);
        };
        return detail::awaiting<std::vector<result>, decltype(begin)>{std::move(begin)};
    }

private:
    friend class lane;
    sending_all(std::shared_ptr<detail::engine> to, std::vector<detail::owned_operation> all)
        : engine_{std::move(to)}, all_{std::move(all)} {}

    template <class F>
    void gather(F f, detail::mailbox::patience p) && {
        if (all_.empty()) return f(std::vector<result>{});
        auto all = std::make_shared<detail::gathering<F>>(all_.size(), std::move(f));
        start([&all](std::size_t i) { return [all, i](result r) { all->put(i, std::move(r)); }; },
              p);
    }

    template <class Make>
    void start(Make make, detail::mailbox::patience p) {
        const auto to = std::move(engine_);
        for (std::size_t i = 0; i != all_.size(); ++i) all_[i]->then = detail::completion{make(i)};
        detail::submit(*to, std::move(all_), p);
    }

    std::shared_ptr<detail::engine> engine_;
    std::vector<detail::owned_operation> all_;
};

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_SENDING_HPP
