// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_SENDING_HPP
#define BIDE_CURL_SENDING_HPP

#include <bide/curl/detail/completion.hpp>
#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/handover.hpp>
#include <bide/curl/detail/mailbox.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/detail/submission.hpp>
#include <bide/curl/response.hpp>
#include <bide/retry/outcome.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace bide::inline v1::curl {

/// A request that goes to its client as soon as it is said how its outcome comes back: `then`,
/// `future()` or `co_await`; dropped before, it is not sent.
class [[nodiscard]] sending : public detail::handover<sending, outcome<response>> {
public:
    /// `f(outcome<response>)` is called once, in the client's thread; see `client` for what it may
    /// do. Where the request finds no room, it is called here and now.
    template <class F>
    void then(F f) && {
        std::move(*this).start(std::move(f), detail::mailbox::patience::blocked);
    }

private:
    friend class lane;
    friend handover;
    sending(std::shared_ptr<detail::engine> to, detail::owned_operation one) noexcept
        : engine_{std::move(to)}, one_{std::move(one)} {}

    template <class F>
    void start(F f, detail::mailbox::patience p) && {
        const auto to = std::move(engine_);
        auto one = std::move(one_);
        one->then = detail::completion{std::move(f)};
        detail::submit(*to, {&one, 1}, p);
    }

    std::shared_ptr<detail::engine> engine_;
    detail::owned_operation one_;
};

/// The same for several requests; `future()` and `co_await` give all outcomes, in the order of the
/// requests, when the last is there.
class [[nodiscard]] sending_all
    : public detail::handover<sending_all, std::vector<outcome<response>>> {
public:
    /// `f(i, outcome<response>)` is called once for each, in the order in which they end.
    template <class F>
    void then(F f) && {
        auto shared = std::make_shared<F>(std::move(f));
        submit(
            [&shared](std::size_t i) {
                return [shared, i](outcome<response> r) { (*shared)(i, std::move(r)); };
            },
            detail::mailbox::patience::blocked);
    }

private:
    friend class lane;
    friend handover;
    sending_all(std::shared_ptr<detail::engine> to, detail::operations all) noexcept
        : engine_{std::move(to)}, all_{std::move(all)} {}

    template <class F>
    void start(F f, detail::mailbox::patience p) && {
        if (all_.empty()) return f(result{});
        auto all = std::make_shared<detail::gathering<F>>(all_.size(), std::move(f));
        submit(
            [&all](std::size_t i) {
                return [all, i](outcome<response> r) { all->put(i, std::move(r)); };
            },
            p);
    }

    /// `make(i)` is what is called with the outcome of that request.
    template <class Make>
    void submit(Make make, detail::mailbox::patience p) {
        const auto to = std::move(engine_);
        auto all = std::move(all_);
        for (std::size_t i = 0; i != all.size(); ++i) all[i]->then = detail::completion{make(i)};
        detail::submit(*to, all, p);
    }

    std::shared_ptr<detail::engine> engine_;
    detail::operations all_;
};

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_SENDING_HPP
