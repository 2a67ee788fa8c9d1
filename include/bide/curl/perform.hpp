// SPDX-License-Identifier: MIT
#ifndef BIDE_CURL_PERFORM_HPP
#define BIDE_CURL_PERFORM_HPP

#include <bide/bide.hpp>
#include <bide/curl/detail/check.hpp>
#include <bide/curl/detail/check_hooks.hpp>
#include <bide/curl/detail/default_budget.hpp>
#include <bide/curl/hooks.hpp>
#include <bide/curl/pool.hpp>
#include <bide/curl/request.hpp>
#include <bide/curl/response.hpp>
#include <bide/curl/transfer.hpp>

#include <curl/curl.h>

namespace bide::inline v1::curl {

namespace detail {

/// Runs the tries of one operation. `one_try(this_try, fresh)` makes one; what it throws was not
/// sent.
template <class How, class Try>
outcome<response> run(const How& how, bool repeatable, Try one_try) {
    auto fresh = false;
    auto f = [&](const this_try& now) {
        auto result = one_try(now, fresh);
        // Where one connection died, others of the same age have too.
        fresh = result.code != CURLE_OK;
        return result;
    };
    using word = bide::detail::repeatability;
    return retry(how, bide::detail::declared{f, word{repeatable, certainty::not_sent}});
}

/// Clocks of a policy or plan.
template <class How>
decltype(auto) world_of(const How& how) noexcept {
    return bide::detail::parts<How>::world(how);
}

}  // namespace detail

/// Sends the request until it is answered or the policy or plan says stop; blocks the thread
/// meanwhile.
///
/// Connections come from the pool and go back to it; any number of threads may share one. The
/// request is read in each try, so it must not change meanwhile. A request that is not idempotent
/// by its method, by `idempotent` or by its key is sent at most once, unless it is known that
/// nothing was done; if it may have been, the end is `unknown`. Whether a key protects is decided
/// once, at the beginning. Retries are bounded by the budget of the plan or, where it has none, by
/// that of the pool.
///
/// @throws std::invalid_argument naming the field of the request that cannot be sent.
template <class How>
[[nodiscard]] outcome<response> perform(pool& handles, const request& r, const How& how) {
    detail::check(r);
    const auto repeatable = is_idempotent(r);
    const auto& bounded = detail::with_default_budget(how, handles.budget());
    return detail::run(bounded, repeatable, [&](const this_try& now, bool fresh) {
        auto loan = handles.borrow();
        auto result = transfer(
            loan.get(), r,
            {.time = now.time, .repeatable = repeatable, .fresh = fresh, .number = now.number},
            detail::world_of(how));
        // libcurl never forgets that a body could not be rewound, not even by a reset (curl#18206).
        if (result.code == CURLE_SEND_FAIL_REWIND) loan.spoil();
        return result;
    });
}

/// The same with connections of its own, closed at the end, and without a budget of its own: one
/// operation has no history.
template <class How>
[[nodiscard]] outcome<response> perform(const request& r, const How& how) {
    pool own({.max_idle = 1, .budget = {}});
    return perform(own, r, how);
}

/// The same with a handle that you set up. It stays yours; the table in `bide/curl/exchange.hpp`
/// says which options are set meanwhile. `hooks` tell what libcurl cannot.
///
/// The body of the response goes where your options say. A failed try of which your WRITEFUNCTION
/// got a byte is the last, unless `hooks.reset` can take it back.
///
/// @throws std::invalid_argument naming the hook that makes no sense.
template <class How>
[[nodiscard]] outcome<response> perform(CURL* easy, const How& how, const hooks& h = {}) {
    detail::check(easy, h);
    const auto repeatable = http::is_idempotent(traits_of(h), *h.profile);
    return detail::run(how, repeatable, [&](const this_try& now, bool fresh) {
        if (now.number > 1 && h.reset) h.reset();
        return transfer(easy, h, {.time = now.time, .repeatable = repeatable, .fresh = fresh},
                        detail::world_of(how));
    });
}

}  // namespace bide::inline v1::curl

#endif  // BIDE_CURL_PERFORM_HPP
