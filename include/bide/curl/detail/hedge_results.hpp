// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_HEDGE_RESULTS_HPP
#define BIDE_CURL_DETAIL_HEDGE_RESULTS_HPP

#include <bide/curl/detail/completion.hpp>
#include <bide/curl/response.hpp>
#include <bide/retry/outcome.hpp>
#include <bide/retry/verdict.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace bide::inline v1::curl::detail {

/// Of the outcomes of a request and its hedges the one that is told. Thread-safe, because those
/// that find no room end in another thread.
class hedge_results {
public:
    explicit hedge_results(std::uint32_t size) : left_{size} {}

    [[nodiscard]] std::stop_token token() const noexcept { return stop_.get_token(); }
    void stop_with(const std::stop_token& users) {
        if (users.stop_possible()) users_.emplace(users, forward{stop_});
    }

    /// The outcome of the first, 0, or of a hedge.
    void put(std::uint32_t which, outcome<response> r) {
        std::optional<outcome<response>> told;
        {
            const std::lock_guard lock{mutex_};
            --left_;
            if (is_told_) return;
            is_told_ = left_ == 0 || r || (which == 0 && r.ended() == end::permanent);
            if (!kept_ || rank(which, r) > rank_) {
                rank_ = rank(which, r);
                kept_.emplace(std::move(r));
            }
            if (is_told_) std::swap(told, kept_);
        }
        if (told || which == 0) stop_.request_stop();
        if (told) std::exchange(then, completion{})(std::move(*told));
    }

    completion then;  // set before the first `put`

private:
    struct forward {
        mutable std::stop_source to;
        void operator()() const noexcept { to.request_stop(); }
    };

    /// What a final answer or a success says counts most, then that it may have happened.
    static int rank(std::uint32_t which, const outcome<response>& r) noexcept {
        if (r || (which == 0 && r.ended() == end::permanent)) return 3;
        if (r.ended() == end::unknown) return 2;
        return which == 0 ? 1 : 0;
    }

    std::stop_source stop_;
    std::optional<std::stop_callback<forward>> users_;
    std::mutex mutex_;
    std::uint32_t left_;
    bool is_told_ = false;
    std::optional<outcome<response>> kept_;
    int rank_ = 0;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_HEDGE_RESULTS_HPP
