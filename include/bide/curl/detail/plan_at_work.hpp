// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_PLAN_AT_WORK_HPP
#define BIDE_CURL_DETAIL_PLAN_AT_WORK_HPP

#include <bide/curl/detail/engine.hpp>
#include <bide/curl/detail/gate_post.hpp>
#include <bide/curl/detail/lane_base.hpp>
#include <bide/curl/detail/seats.hpp>
#include <bide/retry/detail/parts.hpp>

namespace bide::inline v1::curl::detail {

/// What all requests of a lane share: who drives them, what they go by, and their places.
template <class How>
struct plan_at_work {
    using parts = plans::parts<How>;

    plan_at_work(detail::engine& of, const How& plan, lane_base& its) noexcept
        : engine{&of}, how{&plan}, seats{plan, its}, gates{seats} {}
    plan_at_work(const plan_at_work&) = delete;
    plan_at_work& operator=(const plan_at_work&) = delete;
    ~plan_at_work() = default;

    [[nodiscard]] const typename parts::policy_type& rules() const noexcept {
        return parts::rules(*how);
    }
    /// The plan's token was asked to stop.
    [[nodiscard]] bool is_stopped() const noexcept {
        if constexpr (parts::stoppable)
            return how->stop().stop_requested();
        else
            return false;
    }

    detail::engine* engine;
    const How* how;
    detail::seats<How> seats;
    gate_post<How> gates;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_PLAN_AT_WORK_HPP
