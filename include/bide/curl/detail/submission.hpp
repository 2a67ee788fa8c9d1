// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_SUBMISSION_HPP
#define BIDE_CURL_DETAIL_SUBMISSION_HPP

#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/operation.hpp>
#include <bide/detail/platform.hpp>
#include <bide/retry/detail/trail.hpp>
#include <bide/retry/outcome.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
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
inline void submit(engine& to, std::span<owned_operation> all, mailbox::patience p) {
    using patience = mailbox::patience;
    const auto in_callback = to.on_its_thread();
    if (in_callback) to.make_room();  // the one that is being told has left its place
    if (to.options().full == when_full::refuse || (in_callback && p == patience::blocked))
        p = patience::none;
    std::exception_ptr thrown;
    for (auto& o : to.mail().put(all, p, [&to]() noexcept { to.wake(); })) {
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

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_SUBMISSION_HPP
