// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_HEDGE_HPP
#define BIDE_CURL_HEDGE_HPP

#include <bide/curl/client.hpp>
#include <bide/curl/client_options.hpp>
#include <bide/curl/detail/completion.hpp>
#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/handover.hpp>
#include <bide/curl/detail/hedge_results.hpp>
#include <bide/curl/detail/mailbox.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/curl/detail/submission.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/detail/invalid.hpp>
#include <bide/retry/outcome.hpp>
#include <bide/time.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace bide::inline v1::curl {

/// When a request is sent once more although its answer may still come.
struct hedge_options {
    /// From the beginning of a try to a hedge of it, and to the next one; > 0. For instance what 95
    /// of 100 answers are faster than, which makes 5 % more requests.
    timespan after;
    std::uint32_t most = 2;  ///< In flight at once, the first included; 2 to 5, gRPC's bound.
};

/// A request and its hedges, which go to their client as soon as it is said how the outcome comes
/// back; made by `hedge`.
class [[nodiscard]] hedging : public detail::handover<hedging, outcome<response>> {
public:
    /// As that of `sending`.
    template <class F>
    void then(F f) && {
        std::move(*this).start(std::move(f), detail::mailbox::patience::blocked);
    }

private:
    friend hedging hedge(const lane&, const request&, const hedge_options&, send_options);
    friend handover;

    hedging(const lane& to, const request& r, const hedge_options& how, send_options each)
        : engine_{to.engine_}, results_{std::make_shared<detail::hedge_results>(how.most)} {
        results_->stop_with(each.stop);
        each.stop = results_->token();
        const auto race = std::make_shared<detail::race>();
        race->after = how.after;
        for (std::uint32_t i = 0; i != how.most; ++i) {
            all_.push_back(to.make(request{r}, each));
            all_.back()->more->in = race;
            all_.back()->more->hedge = i;
            each.resume.reset();  // hedges go by what the first is about
            each.not_before = {};
        }
    }

    template <class F>
    void start(F f, detail::mailbox::patience p) && {
        const auto to = std::move(engine_);
        auto all = std::move(all_);
        results_->then = detail::completion{std::move(f)};
        for (std::uint32_t i = 0; i != all.size(); ++i)
            all[i]->then =
                detail::completion{[its = results_, i](result r) { its->put(i, std::move(r)); }};
        results_.reset();
        detail::submit(*to, all, p);
    }

    std::shared_ptr<detail::engine> engine_;
    std::shared_ptr<detail::hedge_results> results_;
    detail::operations all_;
};

/// The request, and once more when a try of it has had no answer for `after`; what succeeds first
/// is the outcome: `hedge(lane, request, {.after = 200ms}).then(f)`. Against the slow few of many
/// answers; for what may be done twice, as reads.
///
/// The first goes its way as with `lane::send`, retries included. A hedge is one try and no more,
/// for which a retry is taken from the budget of the plan or client; limits of time hold for it,
/// `max_attempts` does not. None begins while the first waits, or once a try was throttled: a
/// server that turns requests away wants less of them.
///
/// Without a success the outcome is that of the first, but `unknown` if a hedge ended so; a final
/// answer to the first ends it at once. The others are cancelled then: those in flight keep their
/// places there until they are answered, so that gates hear how slow the server was. Each is a
/// request of its own to observers, and takes a copy of the request and a place of the client's
/// `capacity` from the beginning, so small requests are worth it.
///
/// @throws std::invalid_argument as `lane::send`, and for a request that must not be repeated.
[[nodiscard]] inline hedging hedge(const lane& to, const request& r, const hedge_options& how,
                                   send_options each = {}) {
    using bide::detail::invalid;
    if (how.after.get() <= duration::zero()) invalid("curl::hedge: after", "> 0", how.after.get());
    if (how.most < 2 || how.most > 5)
        invalid("curl::hedge: most", "from 2 to 5", std::uint64_t{how.most});
    detail::check(r);
    const auto refuse = [](const char* why) {
        throw std::invalid_argument{std::string{"bide::curl::hedge: "} + why};
    };
    if (!is_idempotent(r))
        refuse(
            "the request must be idempotent by its method, its key or the caller's word, because "
            "a hedge has it done twice");
    if (r.upload.open || r.download.take)
        refuse(
            "upload and download must be empty, because tries at the same time would share them");
    return {to, r, how, std::move(each)};
}

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_HEDGE_HPP
