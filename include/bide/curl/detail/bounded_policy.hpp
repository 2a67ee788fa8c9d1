// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_DETAIL_BOUNDED_POLICY_HPP
#define BIDE_CURL_DETAIL_BOUNDED_POLICY_HPP

#include <bide/defaults.hpp>
#include <bide/limit/limit.hpp>
#include <bide/time.hpp>

#include <type_traits>
#include <utility>

namespace bide::inline v1::curl::detail {

/// A policy that many operations share, of which each has a deadline of its own. `Owner` derives
/// from it and knows the `shared_policy()`, so that it is not kept twice.
template <class Owner, class Policy>
class bounded_policy {
    using limits_type = std::remove_cvref_t<decltype(std::declval<const Policy&>().limits())>;

    struct bounds {
        const limits_type* shared;
        time_point last_try;

        [[nodiscard]] end check(const next_try& t) const noexcept {
            const auto first = shared->check(t);
            if (first != end::done) return first;
            return t.at <= last_try ? end::done : end::out_of_time;
        }
        [[nodiscard]] time_point latest(const beginning& start) const noexcept {
            const auto own = last_try == never
                                 ? never
                                 : bide::detail::saturating_add(last_try, defaults::least_try);
            return earlier(bide::detail::latest_of(*shared, start), own);
        }
        [[nodiscard]] time_point last_start(const beginning& start) const noexcept {
            return earlier(bide::detail::last_start_of(*shared, start), last_try);
        }
        static time_point earlier(time_point a, time_point b) noexcept { return b < a ? b : a; }
    };

public:
    [[nodiscard]] const auto& delays() const noexcept { return shared().delays(); }
    [[nodiscard]] const auto& judge() const noexcept { return shared().judge(); }
    [[nodiscard]] const auto& options() const noexcept { return shared().options(); }
    [[nodiscard]] bounds limits() const noexcept { return {&shared().limits(), last_try_}; }

private:
    friend Owner;
    /// `last_try`: no try begins later; `defaults::least_try` before the deadline.
    explicit bounded_policy(time_point last_try) noexcept : last_try_{last_try} {}

    [[nodiscard]] const Policy& shared() const noexcept {
        return static_cast<const Owner*>(this)->shared_policy();
    }

    time_point last_try_;
};

}  // namespace bide::inline v1::curl::detail

#endif  // BIDE_CURL_DETAIL_BOUNDED_POLICY_HPP
